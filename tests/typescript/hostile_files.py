"""Files and folders that no editor writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.typescript.hostile_code import schema
from tests.typescript.semantic_cases import SCHEMA

MANY: Final = ",\n".join(f"f{i}: v.string()" for i in range(20_000))
BYTES: Final[Mapping[str, bytes]] = {
    "nothing": b"",
    "NUL": schema("", "{ a: v.string() }").encode().replace(b"string", b"str\0ing"),
    "only NUL": b"\0" * 1000,
    "invalid UTF-8": schema("", '{ a: v.literal("X") }')
    .encode()
    .replace(b"X", b"\xff"),
    "UTF-16": schema("", "{ a: v.string() }").encode("utf-16"),
    "a byte order mark inside": b"export \xef\xbb\xbf default 1",
    "10 MB": schema("", "{ a: 1 }").encode() + b"// " + b"x" * 10_000_000,
    "10 MB of code": schema("", "{ a: 1 }").encode() + b"f(1);\n" * 1_700_000,
    "10 MB of brackets": b"[" * 10_000_000,
    "10 MB of comments": b"/*" * 5_000_000,
    "10 MB of quotes": b"`${" * 3_300_000,
    "one long line": schema("", "{ " + MANY.replace("\n", "") + ", x: 1 }").encode(),
    "20,000 fields": schema("", f"{{ {MANY},\nx: 1 }}").encode(),
    "20,000 wrong fields": schema(
        "", "{ " + MANY.replace("v.string()", "Date.now()") + " }"
    ).encode(),
    "20,000 comments": schema(
        "", "{ " + MANY.replace("v.string()", "/** a */ v.id(x) // b") + " }"
    ).encode(),
    "20,000 constants": schema(
        "".join(f"const x{i} = v.object({{ a: v.any() }});\n" for i in range(20_000)),
        "{ a: 1 }",
    ).encode(),
    "20,000 assignments": schema("x.y = 1;\n" * 20_000, "{ a: 1 }").encode(),
    "20,000 exports": schema(
        "".join(f"export const x{i} = 1;\n" for i in range(20_000)), "{ a: 1 }"
    ).encode(),
    "20,000 imports": schema(
        "".join(f'import {{ a as a{i} }} from "./x{i}";\n' for i in range(20_000)),
        "{ a: a1 }",
    ).encode(),
    "a huge number": schema("", "{ a: v.literal(1" + "0" * 100_000 + ") }").encode(),
    "a huge bigint": schema("", "{ a: v.literal(1" + "0" * 100_000 + "n) }").encode(),
    "a huge hexadecimal bigint": schema(
        "", "{ a: v.literal(`${0x" + "f" * 100_000 + "n}`) }"
    ).encode(),
    "a long name": schema("", "{ " + "a" * 1_000_000 + ": 1 }").encode(),
    "a long path": schema(f'import {{ a }} from "./{"a" * 10_000}";', "{ a }").encode(),
    "a path with a NUL": schema('import { a } from "./a\\0b\0";', "{ a }").encode(),
    "a path out of the project": schema(
        'import { a } from "../../../../../../../../etc/passwd";', "{ a }"
    ).encode(),
    "a device": schema('import { a } from "/dev/zero";', "{ a }").encode(),
    "half a character": schema("", '{ a: v.literal("\\ud83d") }').encode(),
    "half a character in the source": schema("", '{ a: v.literal("X") }')
    .encode()
    .replace(b"X", b"\xed\xa0\xbd"),
    "a character beyond the last": schema(
        "", '{ a: v.literal("\\u{110000}") }'
    ).encode(),
}


_JSON: Final = schema('import x from "./x.json";', "{ a: v.literal(x.a) }")
_ALIAS: Final = schema('import { x } from "@/x";', "{ a: x }")
_PACKAGE: Final = schema('import { x } from "pack/x";', "{ a: x }")
_IN_PACKAGE: Final = "node_modules/pack/package.json"
NESTED: Final = 50_000
FOLDERS: Final[Mapping[str, Mapping[str, str | bytes]]] = {
    "deep JSON": {SCHEMA: _JSON, "convex/x.json": "[" * NESTED + "]" * NESTED},
    "deep JSON that Python reads": {
        SCHEMA: _JSON,
        "convex/x.json": "[" * 900 + "]" * 900,
    },
    "JSON that is none": {SCHEMA: _JSON, "convex/x.json": "{"},
    "JSON of bytes": {SCHEMA: _JSON, "convex/x.json": b'{"a": "\xff"}'},
    "a huge number in JSON": {
        SCHEMA: _JSON,
        "convex/x.json": '{"a": 1' + "0" * 400 + "}",
    },
    "half a character in JSON": {SCHEMA: _JSON, "convex/x.json": '{"a": "\\ud83d"}'},
    "deep tsconfig": {SCHEMA: _ALIAS, "tsconfig.json": '{"a":' * NESTED},
    "tsconfig of comments": {SCHEMA: _ALIAS, "tsconfig.json": "/*" * 100_000},
    "tsconfig of commas": {
        SCHEMA: _ALIAS,
        "tsconfig.json": ", " * 1_000_000 + " " * 100_000,
    },
    "tsconfig that extends itself": {
        SCHEMA: _ALIAS,
        "tsconfig.json": '{"extends": ["./tsconfig", "./tsconfig", "./tsconfig"]}',
    },
    "tsconfig of another form": {
        SCHEMA: _ALIAS,
        "tsconfig.json": '{"extends": 1, "compilerOptions": {"paths": {"@/*": 1, "@/x": ["**"]}, "baseUrl": []}}',
    },
    "deep exports": {
        SCHEMA: _PACKAGE,
        _IN_PACKAGE: '{"exports": {"./x": '
        + '{"import": ' * 900
        + "1"
        + "}" * 900
        + "}}",
    },
    "exports out of the package": {
        SCHEMA: _PACKAGE,
        _IN_PACKAGE: '{"exports": {"./*": "../../../../../../../etc/*"}}',
    },
    "a package of another form": {
        SCHEMA: _PACKAGE,
        _IN_PACKAGE: '{"exports": [1, {"./x": 2}], "main": {}}',
    },
    "a workspace of another form": {
        SCHEMA: _PACKAGE,
        "package.json": '{"workspaces": ["*", "../../*", "\\u0000/*", "**", ""]}',
        "pnpm-workspace.yaml": "- " * 100_000,
    },
    "modules in a circle": {
        SCHEMA: schema('import { x } from "./a";', "{ a: x }"),
        "convex/a.ts": 'export { x } from "./b";',
        "convex/b.ts": 'export { x } from "./a";',
    },
    "stars in a circle": {
        SCHEMA: schema('import * as a from "./a";', "{ a: a.x }"),
        "convex/a.ts": 'export * from "./b"; export * from "./c";',
        "convex/b.ts": 'export * from "./a"; export * from "./c";',
        "convex/c.ts": 'export * from "./a"; export * from "./b"; export * from "./c";',
    },
    "many stars": {
        SCHEMA: schema('import * as a from "./a0";', "{ a: a.x }"),
        **{
            f"convex/a{i}.ts": f'export * from "./a{i + 1}"; export * from "./b{i + 1}";'
            for i in range(30)
        },
        **{
            f"convex/b{i}.ts": f'export * from "./a{i + 1}"; export * from "./b{i + 1}";'
            for i in range(1, 30)
        },
        "convex/a30.ts": "export const y = 1;",
        "convex/b30.ts": "export const z = 1;",
    },
    "a chain of modules": {
        SCHEMA: schema('import { x } from "./a0";', "{ a: x }"),
        **{
            f"convex/a{i}.ts": f'export {{ x }} from "./a{i + 1}";' for i in range(1000)
        },
    },
    "a chain of values": {
        SCHEMA: schema('import { x } from "./a0";', "{ a: x }"),
        **{
            f"convex/a{i}.ts": f'import {{ x as y }} from "./a{i + 1}"; export const x = [y];'
            for i in range(1000)
        },
    },
    "itself": {
        SCHEMA: schema(
            'import a from "./schema"; import * as b from "./schema";', "{ a, b }"
        )
    },
}
