"""Random programs in TypeScript that end, with functions, loops and changes, and make a schema."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeAlias, TypeVar

from hypothesis import strategies as st

Kind: TypeAlias = Literal[
    "text", "number", "flag", "texts", "fields", "validator", "function"
]
KINDS: Final[tuple[Kind, ...]] = (
    "text",
    "number",
    "flag",
    "texts",
    "fields",
    "validator",
    "function",
)
_WORDS: Final = ("a", "b", "name", "x_y", "10", "9")
_T = TypeVar("_T")


class Pick(Protocol):
    """Draws one of some choices."""

    def __call__(self, choices: tuple[_T, ...], /) -> _T: ...


@dataclass
class Variable:
    """A name that the code may use."""

    name: str
    kind: Kind
    is_assignable: bool = False


@dataclass
class Writer:
    """Writes code."""

    pick: Pick
    asks_the_world: bool
    known: list[Variable] = field(default_factory=list[Variable])
    count: int = 0

    def chance(self, of: int) -> bool:
        return self.pick(tuple(range(of))) == 0

    def variables(self, kind: Kind) -> tuple[Variable, ...]:
        return tuple({v.name: v for v in self.known if v.kind == kind}.values())

    def expression(self, kind: Kind, depth: int = 2) -> str:
        """Code of which the value is of a kind."""
        found = [v for v in self.variables(kind) if self.of(v.name) is v]
        if found and not self.chance(3):
            return self.pick(tuple(found)).name
        forms = _SIMPLE[kind] if depth <= 0 else (*_SIMPLE[kind], *_FORMS[kind], *_ANY)
        form = self.pick(forms)
        return self.fill(form, kind, depth)

    def of(self, name: str) -> Variable | None:
        return next((v for v in reversed(self.known) if v.name == name), None)

    def fill(self, form: str, kind: Kind, depth: int) -> str:
        """A form with `{kind}` replaced by expressions."""
        while any(f"<{other}>" in form for other in KINDS):
            for other in KINDS:
                if f"<{other}>" in form:
                    inner = self.expression(other, depth - 1)
                    form = form.replace(f"<{other}>", inner, 1)
        while "<same>" in form:
            form = form.replace("<same>", self.expression(kind, depth - 1), 1)
        while "<word>" in form:
            form = form.replace("<word>", self.pick(_WORDS), 1)
        while "<digit>" in form:
            form = form.replace("<digit>", str(self.pick((0, 1, 2, 3))), 1)
        if "<world>" in form:
            world = "Date.now() > 0" if self.asks_the_world else "1 > 0"
            form = form.replace("<world>", world)
        return form

    def fresh(self, kind: Kind, *, inner: bool, assignable: bool) -> Variable:
        """A new name; inside a block sometimes one that is known outside."""
        outer = [v.name for v in self.known]
        if inner and outer and self.chance(6):
            return Variable(self.pick(tuple(outer)), kind, assignable)
        self.count += 1
        return Variable(f"{kind}{self.count}", kind, assignable)

    def block(
        self, size: int, depth: int, ending: str = "", parameters: str = ""
    ) -> str:
        """Statements with a scope of their own."""
        before = list(self.known)
        names = set(parameters)
        lines = [self.statement(depth, names) for _ in range(size)]
        if ending:
            lines.append(self.fill(ending, "text", 2))
        self.known = before
        return "{ " + " ".join(lines) + " }"

    def declaration(self, names: set[str] | None) -> str:
        if self.chance(8):
            self.count += 1
            first, rest = f"text{self.count}", f"texts{self.count}"
            code = self.fill(
                f'const [{first} = "none", ...{rest}]: any = <texts>;', "texts", 1
            )
            self.known += [Variable(first, "text"), Variable(rest, "texts")]
            names.update((first, rest)) if names is not None else None
            return code
        kind: Kind = self.pick(KINDS)
        word = self.pick(("const", "const", "let", "var" if names is None else "let"))
        variable = self.fresh(kind, inner=names is not None, assignable=word != "const")
        if variable in self.known or self.of(variable.name):
            # What comes before it in its block may assign to the name.
            word, variable.is_assignable = "let", True
        if names is not None and variable.name in names:
            return ""
        value = self.expression(kind)
        self.known.append(variable)
        if names is not None:
            names.add(variable.name)
        return f"{word} {variable.name}: any = {value};"

    def function(self) -> str:
        self.count += 1
        name = f"function{self.count}"
        before = list(self.known)
        self.known = [*before, Variable("p", "text", True), Variable("q", "fields")]
        body = self.block(self.pick((0, 1, 2, 3)), 1, "return <text>;", "pq")
        self.known = [*before, Variable(name, "function")]
        default = self.pick(("{}", "{ a: v.string() }"))
        return f"function {name}(p: any = 'd', q: any = {default}): any {body}"

    def statement(self, depth: int, names: set[str] | None = None) -> str:
        """A statement; `names` are those that its block declares, None at the top."""
        if self.chance(2):
            return self.declaration(names)
        if names is None and self.chance(4):
            return self.function()
        if depth <= 0 or self.chance(2):
            return self.change(names)
        form = self.pick(_BLOCKS)
        size = self.pick((1, 2))
        while "<block>" in form:
            form = form.replace("<block>", self.block(size, depth - 1), 1)
        return self.fill(form, "flag", 1)

    def change(self, names: set[str] | None) -> str:
        kind: Kind = self.pick(("text", "number", "texts", "fields", "function"))
        found = [v for v in self.variables(kind) if self.of(v.name) is v]
        if not found:
            return self.declaration(names)
        variable = self.pick(tuple(found))
        forms = _CHANGES[kind]
        if variable.is_assignable:
            forms = (
                *forms,
                *_ASSIGNMENTS.get(kind, ()),
                f"{variable.name} = <{kind}>;",
            )
        form = self.pick(forms) if forms else ";"
        return self.fill(form.replace("<it>", variable.name), kind, 1)


_ANY: Final = ("(<flag> ? <same> : <same>)", "(() => (<same>))()", "(<same> as any)")
_SIMPLE: Final[dict[Kind, tuple[str, ...]]] = {
    "text": ('"<word>"', "`<word>-<word>`"),
    "number": ("<digit>", "<digit>.5"),
    "flag": ("true", "false"),
    "texts": ("[]", '["<word>"]', '["<word>", "<word>", "<word>"]'),
    "fields": ("{}", '{ "<word>": v.string() }', "{ a: v.any(), k: v.number() }"),
    "validator": ("v.string()", "v.number()", 'v.literal("<word>")', 'v.id("t")'),
    "function": ("((x: any) => x)", '((x: any) => x + "!")'),
}
_FORMS: Final[dict[Kind, tuple[str, ...]]] = {
    "text": (
        "<text> + <text>",
        "`${<text>}${<number>}`",
        "<function>(<text>)",
        "<function>(<text>, <fields>)",
        "<texts>.join(<text>)",
        "(<texts>[<digit>] ?? <text>)",
        "(<texts>.find((x: any) => x !== <text>) ?? <text>)",
        "Object.keys(<fields>).join()",
        "<text>.toUpperCase()",
        "(<text>).slice(<digit>)",
        "<texts>.reduce((all: any, x: any) => all + x, <text>)",
        "String(<number>)",
        "(typeof <validator>)",
        "<validator>.kind",
    ),
    "number": (
        "<number> + <number>",
        "<number> * <number>",
        "<texts>.length",
        "<text>.length",
        "Object.keys(<fields>).length",
        "<texts>.indexOf(<text>)",
        "-(<number>)",
        "<number> % 3",
    ),
    "flag": (
        "<number> < <number>",
        "<text> === <text>",
        "!<flag>",
        "<flag> && <flag>",
        "<texts>.includes(<text>)",
        '"<word>" in <fields>',
        "<texts>.some((x: any) => x > <text>)",
        "<world>",
        "<world>",
    ),
    "texts": (
        "[...<texts>, <text>]",
        "<texts>.map((x: any, i: any) => x + i)",
        "<texts>.map(<function>)",
        "<texts>.filter((x: any) => x < <text>)",
        "<texts>.concat(<texts>)",
        "<texts>.slice(<digit>)",
        "Object.keys(<fields>)",
        "[...new Set(<texts>)]",
        "<text>.split('')",
        "[...new Map(<texts>.map((x: any) => [x, <text>])).values()]",
        "Object.entries(<fields>).map(([key, value]: any) => key + value.kind)",
        "((...all: any[]) => all)(<text>, ...<texts>)",
        "((made: any[]) => { let n = 0; while (n++ < <digit>) made.push(<text> + n); return made; })([])",
        "<texts>.flatMap((x: any) => [x, <text>])",
    ),
    "fields": (
        "{ ...<fields>, <word>: <validator> }",
        "{ [<text>.length + 'k']: <validator>, ...<fields> }",
        "{ ...(<flag> && <fields>) }",
        "Object.fromEntries(<texts>.map((x: any) => [x + 'f', <validator>]))",
        "Object.assign({}, <fields>, <fields>)",
        "v.object(<fields>).fields",
        "v.object(<fields>).partial().fields",
        "new (class { kept: any; constructor(x: any) { this.kept = x; } })(<fields>).kept",
        "(({ a, ...rest }: any) => rest)(<fields>)",
        "((made: any) => { for (const x of <texts>) made[x + 'm'] = <validator>; return made; })(<fields>)",
    ),
    "validator": (
        "v.array(<validator>)",
        "v.optional(<validator>)",
        "v.object(<fields>)",
        "v.union(<validator>, v.null())",
        "v.union(...<texts>.map((x: any) => v.literal(x)))",
        "v.object(<fields>).omit('a')",
        "v.literal(<number>)",
        "v.literal(<text>)",
    ),
    "function": (
        "((x: any) => <text> + x)",
        "((f: any) => (x: any) => f(f(x)))(<function>)",
    ),
}
_CHANGES: Final[dict[Kind, tuple[str, ...]]] = {
    "text": (),
    "number": (),
    "flag": (),
    "validator": (),
    "texts": (
        "if (<it>.length < 8) <it>.push(<text>);",
        "for (const x of <it>) if (<it>.length < 8) <it>.push(x + <text>);",
        "<it>[0] = <text>;",
        "<it>.reverse();",
        "<it>.sort();",
        "<it>.forEach((x: any, i: any) => { <it>[i] = x + <text>; });",
    ),
    "fields": (
        "<it>.<word>1 = <validator>;".replace(".<word>1", "['<word>']"),
        "delete <it>['<word>'];",
        "Object.assign(<it>, <fields>);",
        "<it>[<text>.length + 'n'] = <validator>;",
    ),
    "function": ("<it>(<text>, <fields>);", "[<text>].forEach(<it>);"),
}
_ASSIGNMENTS: Final[dict[Kind, tuple[str, ...]]] = {
    "text": ("<it> += <text>;", "<it> ||= <text>;"),
    "number": ("<it>++;", "--<it>;", "<it> += <number>;", "<it> -= <digit>;"),
}
_BLOCKS: Final = (
    "if (<flag>) <block>",
    "if (<flag>) <block> else <block>",
    "for (const each of [...<texts>].slice(0, 4)) <block>",
    "for (let i = 0; i < <digit>; i++) <block>",
    "for (const key in <fields>) <block>",
    "switch (<text>) { case <text>: <block> case '<word>': <block> break; default: <block> }",
    "<block>",
)


def program(writer: Writer, size: int) -> str:
    """The code of a schema that tells the value of each of its variables."""
    lines = [writer.statement(2) for _ in range(size)]
    last = {variable.name: variable for variable in writer.known}
    fields = [
        f"{name}: {_TOLD[variable.kind].format(name)}"
        for name, variable in last.items()
    ]
    lines.append("const fields = { " + ",\n  ".join(fields) + " };")
    return "\n".join(lines)


_TOLD: Final[dict[Kind, str]] = {
    "text": "v.literal({0})",
    "number": "v.literal(String({0}))",
    "flag": "v.literal({0})",
    "texts": "v.literal({0}.join('|'))",
    "fields": "v.object({0})",
    "validator": "{0}",
    "function": "v.literal({0}('t'))",
}


@st.composite
def programs(draw: st.DrawFn, *, asks_the_world: bool) -> str:
    """Programs that ask the world, or don't."""

    def pick(choices: tuple[_T, ...]) -> _T:
        return choices[draw(st.integers(0, len(choices) - 1))]

    return program(Writer(pick, asks_the_world), draw(st.integers(3, 12)))
