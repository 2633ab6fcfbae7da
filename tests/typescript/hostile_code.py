"""Code that never ends, nests deeply or grows without bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.typescript.semantic_cases import HEADER

_BEGUN: Final = HEADER + "export default defineSchema({ t: defineTable("


def schema(text: str, fields: str = "fields") -> str:
    return f"{HEADER}\n{text}\n{_BEGUN.removeprefix(HEADER)}{fields}) }});\n"


def doubled(first: str, step: str, times: int = 60) -> str:
    """Constants of which each is made of the one before, twice."""
    steps = "".join(
        f"const x{i} = {step.replace('X', f'x{i - 1}')};\n" for i in range(1, times)
    )
    return schema(
        f"const x0 = {first};\n{steps}", f"{{ a: v.literal(x{times - 1}.length) }}"
    )


DEEP: Final = 10_000
UNTERMINATED: Final[Mapping[str, str]] = {
    name: HEADER + text
    for name, text in {
        "string": 'export default "abc',
        "string over lines": "export default 'abc\ndef'",
        "template": "export default `abc ${x",
        "template in a template": "export default `a ${`b ${`c",
        "comment": "/* export default 1",
        "regular expression": "export default /abc",
        "object": "export default defineSchema({ t: ",
        "call": "export default defineSchema(",
        "array": "export default [1, [2, ",
        "function": "function f() { if (x) {",
        "parameters": "function f(a, b = {",
        "import": 'import { a, b from "./x"',
        "import without a module": "import { a } from",
        "export": "export {",
        "export of nothing": "export default",
        "type": "type X = { a: Array<",
        "enum": "enum E { A = ",
        "class": "class X extends",
        "escape": 'export default "\\u{12',
        "number": "export default 0x",
        "switch": "switch (x) { case ",
        "generics": "const f = <T extends { ",
    }.items()
}
DEEPLY: Final[Mapping[str, str]] = {
    "brackets": HEADER + "export default " + "[" * DEEP + "]" * DEEP,
    "open brackets": HEADER + "export default " + "[" * DEEP,
    "parentheses": HEADER + "export default " + "(" * DEEP + "1" + ")" * DEEP,
    "objects": HEADER + "export default " + "{a:" * DEEP + "1" + "}" * DEEP,
    "validators": schema(
        "", "{ a: " + "v.array(" * DEEP + "v.any()" + ")" * DEEP + " }"
    ),
    "validators beyond Convex's limit": schema(
        "", "{ a: " + "v.array(" * 66 + "v.any()" + ")" * 66 + " }"
    ),
    "blocks": schema("function f() " + "{" * DEEP + "}" * DEEP + "f();", "{}"),
    "blocks of a module": schema("{" * DEEP + "}" * DEEP, "{ a: 1 }"),
    "conditions": schema(
        "let x = 1;" + "if (x === 2) {} else " * DEEP + "{ x = 2; }",
        "{ a: v.literal(x) }",
    ),
    "ternaries": schema("", "{ a: v.literal(" + "0 ? 1 : " * DEEP + "2) }"),
    "patterns": schema(
        "const " + "[" * DEEP + "a" + "]" * DEEP + " = [];", "{ a: v.literal(a) }"
    ),
    "patterns of parameters": schema(
        "const f = (" + "[" * DEEP + "a" + "]" * DEEP + ") => a;", "{ a: f([]) }"
    ),
    "sums": schema("", "{ a: v.literal(" + "1 + " * DEEP + "1) }"),
    "negations": schema("", "{ a: v.literal(" + "!" * DEEP + "1) }"),
    "members": schema("const o = {};", "{ a: o" + ".a" * DEEP + " }"),
    "calls": schema("const f = () => f;", "f" + "()" * DEEP),
    "arrow functions": schema("const f = " + "() => " * DEEP + "1;", "f()"),
    "templates": schema(
        "", "{ a: v.literal(" + "`${" * DEEP + "1" + "}`" * DEEP + ") }"
    ),
    "types": schema("type X = " + "[" * DEEP + "]" * DEEP + ";", "{ a: 1 }"),
    "chained indexes": schema("", "{})" + '.index("a", ["a"])' * DEEP + ".x(1"),
    "constants": schema(
        "const x0 = v.object({});"
        + "".join(f"const x{i} = v.object({{ x: x{i - 1} }});" for i in range(1, 3000)),
        "{ a: x2999 }",
    ),
    "constants that are made late": schema(
        "".join(f"const x{i} = () => x{i + 1}();" for i in range(3000))
        + "const x3000 = () => 1;",
        "{ a: x0() }",
    ),
    "classes": schema(
        "class X0 {}"
        + "".join(f"class X{i} extends X{i - 1} {{}}" for i in range(1, 3000)),
        "new X2999()",
    ),
    "unions of documents": schema(
        "let u = v.any(); for (let i = 0; i < 5000; i++) u = v.union(u);"
        'const d = defineSchema({ t: defineTable(u) }).doc("t");',
        "{ d }",
    ),
}
ENDLESS: Final[Mapping[str, str]] = {
    "while": schema("while (true) {}", "{ a: 1 }"),
    "for": schema("for (;;) {}", "{ a: 1 }"),
    "do": schema("do {} while (true);", "{ a: 1 }"),
    "for of": schema(
        "const a = [1]; for (const x of a) a.push(x);", "{ a: v.literal(a.length) }"
    ),
    "while in a function": schema("const f = () => { while (true); };", "f()"),
    "recursion": schema("const f = (n) => f(n + 1);", "f(0)"),
    "recursion of functions": schema(
        "function f() { return g(); } function g() { return f(); }", "f()"
    ),
    "recursion of methods": schema("const o = { f() { return o.f(); } };", "o.f()"),
    "recursion of map": schema("const f = (x) => [x].map(f);", "f(1)"),
    "recursion of defaults": schema("const f = (x = f()) => x;", "f()"),
    "recursion of classes": schema("class A { a = new A(); }", "new A()"),
    "a class that extends itself": schema("class A extends A {}", "new A().x()"),
    "itself": schema("const a = { ...a };", "a"),
    "an object in itself": schema("const a = {}; a.a = a;", "a"),
    "a validator in itself": schema(
        "const f = {}; const o = v.object(f); f.o = o;", "{ o }"
    ),
    "a union in itself": schema(
        "const u = v.union(v.any()); u.members.push(u);", "{ u }"
    ),
    "a union of documents in itself": schema(
        "const u = v.union(); u.members.push(u);"
        'const d = defineSchema({ t: defineTable(u) }).doc("t");',
        "{ d }",
    ),
    "an array in itself": schema(
        "const a = []; a.push(a);", "{ a: v.literal(a.join()) }"
    ),
    "enums": schema("enum A { X = B.X } enum B { X = A.X }", "{ a: v.literal(A.X) }"),
    "fibonacci": schema(
        "const f = (n) => n < 2 ? 1 : f(n - 1) + f(n - 2);", "{ a: v.literal(f(60)) }"
    ),
    "nested loops": schema(
        "let n = 0; for (let i = 0; i < 1e6; i++) for (let j = 0; j < 1e6; j++) n++;",
        "{ a: v.literal(n) }",
    ),
}
GROWING: Final[Mapping[str, str]] = {
    "arrays": doubled("[1]", "[...X, ...X]"),
    "arrays by concat": doubled("[1]", "X.concat(X)"),
    "arrays by flat": doubled("[1]", "[X, X, X, X].flat()"),
    "arrays by flatMap": doubled("[1, 2]", "X.flatMap((x) => [x, x])"),
    "arrays by slice": schema(
        "const big = Array.from({ length: 10000 }, (_, i) => i);"
        "const all = []; for (let i = 0; i < 1e6; i++) all.push(big.slice(0));",
        "{ a: v.literal(all.length) }",
    ),
    "copies of arrays": schema(
        "const big = Array.from({ length: 10000 }, (_, i) => i);"
        "const all = []; for (let i = 0; i < 1e6; i++) all.push([...big]);",
        "{ a: v.literal(all.length) }",
    ),
    "copies of objects": schema(
        "const big = Object.fromEntries(Array.from({ length: 10000 }, (_, i) => ['k' + i, v.any()]));"
        "const all = []; for (let i = 0; i < 1e6; i++) all.push({ ...big });",
        "{ a: v.literal(all.length) }",
    ),
    "copies of fields": schema(
        "const big = v.object(Object.fromEntries(Array.from({ length: 10000 }, (_, i) => ['k' + i, v.any()])));"
        "const all = []; for (let i = 0; i < 1e6; i++) all.push(big.partial());",
        "{ a: v.literal(all.length) }",
    ),
    "searches": schema(
        "const big = Array.from({ length: 10000 }, (_, i) => i);"
        "for (let i = 0; i < 1e6; i++) big.includes(-1);",
        "{ a: 1 }",
    ),
    "sets": schema(
        "const big = Array.from({ length: 10000 }, (_, i) => i);"
        "const sets = big.map(() => new Set(big));",
        "{ a: v.literal(sets.length) }",
    ),
    "strings": doubled('"x"', "X + X"),
    "strings by concat": doubled('"x"', "X.concat(X, X)"),
    "strings by templates": doubled('"x"', "`${X}${X}`"),
    "strings by repeat": doubled('"x"', "X.repeat(1000)"),
    "strings by join": doubled('"x"', "[X, X, X].join(X)"),
    "strings by replaceAll": doubled('"xx"', 'X.replaceAll("x", X)'),
    "strings by split": doubled('"xx"', 'X.split("").join("xx")'),
    "strings by toUpperCase": schema(
        'const big = "x".repeat(1000).repeat(1000);'
        "const all = []; for (let i = 0; i < 1e6; i++) all.push(big.toUpperCase() + i);",
        "{ a: v.literal(all.length) }",
    ),
    "numbers": schema(
        "let n = 2n; for (let i = 0; i < 100; i++) n = n * n;", "{ a: v.literal(n) }"
    ),
    "powers": schema(
        "let n = 10; for (let i = 0; i < 100; i++) n = n ** n;", "{ a: v.literal(n) }"
    ),
    "validators by names": schema(
        "const x0 = v.object({ a: v.any() });\n"
        + "".join(
            f"const x{i} = v.object({{ l: x{i - 1}, r: x{i - 1} }});\n"
            for i in range(1, 60)
        ),
        "{ a: x59.kind }",
    ),
    "validators without names": schema(
        "let x = v.object({ a: v.any() }); for (let i = 0; i < 60; i++) x = v.object({ l: x, r: x });",
        "{ x }",
    ),
    "partial validators": schema(
        "let x = v.union(v.object({})); for (let i = 0; i < 60; i++) x = v.union(x, x);"
        'const d = defineSchema({ t: defineTable(x) }).doc("t");',
        "{ d }",
    ),
    "tables": schema(
        "const t = defineTable({}); for (;;) t.index('a', ['a']);", "{ a: 1 }"
    ),
}


CODE: Final[Mapping[str, str]] = {
    f"{kind}: {name}": text
    for kind, texts in {
        "unterminated": UNTERMINATED,
        "deep": DEEPLY,
        "endless": ENDLESS,
        "growing": GROWING,
    }.items()
    for name, text in texts.items()
}


HARMLESS: Final = ("deep: blocks", "endless: a validator in itself")
"""What is read: checks of the schema come later."""
