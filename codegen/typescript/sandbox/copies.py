"""Modules as they stand in the sandbox: each a file with a number, which imports the others."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Iterator
from typing import Final

from codegen.typescript.syntax import children, text_of

from .graph import Builtin, Code, Data, Graph, Missing, Target
from .imports import Import

_WHOLE: Final = '"module.exports"'
"""The name by which Node exports all of a module that was no ES module."""
_MODULE: Final = (".js", ".jsx", ".mjs", ".ts", ".tsx", ".mts")
_COMMONJS: Final = {".cjs": ".mjs", ".cts": ".mts"}


class Copies:
    """The modules of a graph under the names that they have in the sandbox."""

    def __init__(self, graph: Graph) -> None:
        self._names: dict[Code | Data | Missing, str] = {}
        self.modules: dict[str, Code | Data | Missing] = {}
        for number, module in enumerate(graph.modules()):
            name = f"m{number}{_suffix(module)}"
            self._names[module] = name
            self.modules[name] = module

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The files, by their names."""
        for module, name in self._names.items():
            if isinstance(module, Data):
                yield name, _data(module).encode()
            elif isinstance(module, Missing):
                yield name, _missing(module, name).encode()
            elif module.is_commonjs:
                yield name, self._commonjs(module).encode()
                yield f"run-{name}", _run(module, name).encode()
            else:
                yield name, self._rewritten(module)

    def url(self, target: Target) -> str:
        """What an ES module imports."""
        if isinstance(target, Builtin):
            return target.url
        name = self._names[target]
        is_commonjs = isinstance(target, Code) and target.is_commonjs
        return f"./run-{name}" if is_commonjs else f"./{name}"

    def _rewritten(self, module: Code) -> bytes:
        """The text with other specifiers: where its errors are, they are in the original."""
        edits: list[tuple[int, int, str]] = []
        for imported, target in module.imports:
            place = imported.node
            edits.append((place.start_byte, place.end_byte, f'"{self.url(target)}"'))
            edits += _clause_edits(imported, target)
        text, end = bytearray(), 0
        for start, stop, replacement in sorted(edits):
            text += module.source.data[end:start] + replacement.encode()
            end = stop
        return bytes(text + module.source.data[end:])

    def _commonjs(self, module: Code) -> str:
        """A module that runs when it is first loaded; a cycle may do so before it is imported."""
        text = json.dumps(module.source.data.decode("utf-8", "replace"))
        lines = [
            'import { run } from "./commonjs.mjs";',
            *self._required(module),
            "var module;",
            "export function $load() {",
            "  if (!module) {",
            "    module = { exports: {} };",
            f"    run(module, {text}, required);",
            "  }",
            "  return module.exports;",
            "}",
        ]
        return "\n".join(lines)

    def _required(self, module: Code) -> Iterator[str]:
        """Imports what is required, and says what `require` calls for each specifier."""
        found: list[str] = []
        for number, (imported, target) in enumerate(module.imports):
            load = f"$load{number}"
            if isinstance(target, Builtin):
                load = f"() => process.getBuiltinModule({json.dumps(target.url)})"
            elif isinstance(target, Code) and not target.is_commonjs:
                yield f'import * as {load} from "./{self._names[target]}";'
                load = f"() => {load}"
            else:
                yield f'import {{ $load as {load} }} from "./{self._names[target]}";'
            found.append(f"{json.dumps(imported.specifier)}: {load}")
        yield f"function required() {{ return {{ {', '.join(found)} }}; }}"


def _suffix(module: Code | Data | Missing) -> str:
    if not isinstance(module, Code) or module.is_commonjs:
        return ".mjs"
    suffix = posixpath.splitext(module.source.path)[1]
    return _COMMONJS.get(suffix, suffix if suffix in _MODULE else ".ts")


def _clause_edits(imported: Import, target: Target) -> Iterator[tuple[int, int, str]]:
    """Asks for the whole of a module that is made here, and says no more that it is JSON."""
    if imported.attributes is not None:
        yield imported.attributes.start_byte, imported.attributes.end_byte, ""
    node = imported.namespace
    is_made = isinstance(target, (Data, Missing)) or (
        isinstance(target, Code) and target.is_commonjs
    )
    if node is not None and is_made:
        name = text_of(children(node)[0])
        yield node.start_byte, node.end_byte, f"{{ {_WHOLE} as {name} }}"


def _run(module: Code, name: str) -> str:
    """A module of CommonJS for those that import it."""
    return "\n".join(
        [
            'import { defaultOf } from "./commonjs.mjs";',
            f'import {{ $load }} from "./{name}";',
            "const whole = $load();",
            f"export {{ whole as {_WHOLE} }};",
            "export default defaultOf(whole);",
            *_named("whole", module.asked),
        ]
    )


def _data(module: Data) -> str:
    text = json.dumps(module.data.decode("utf-8", "replace"))
    return "\n".join(
        [
            "var whole;",
            "export function $load() {",
            f"  return (whole ??= JSON.parse({text}));",
            "}",
            "$load();",
            f"export {{ whole as default, whole as {_WHOLE} }};",
            *_named("whole", module.asked),
        ]
    )


def _missing(module: Missing, name: str) -> str:
    names = sorted({"default", "module.exports", *module.asked})
    exported = ", ".join(f"nothing as {json.dumps(asked)}" for asked in names)
    return "\n".join(
        [
            'import { fail, missing } from "./missing.mjs";',
            f'export function $load() {{ fail("{name}"); }}',
            f'const nothing = missing("{name}");',
            f"export {{ {exported} }};",
        ]
    )


def _named(whole: str, asked: Iterable[str]) -> Iterator[str]:
    for number, name in enumerate(sorted(set(asked) - {"default"})):
        text = json.dumps(name)
        yield f"const $named{number} = {whole}?.[{text}];"
        yield f"export {{ $named{number} as {text} }};"
