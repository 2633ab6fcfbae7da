"""What goes wrong with code that is run is told at its place in the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.diagnostics import Diagnostic, Diagnostics
from codegen.language.source import warnings
from codegen.typescript.sandbox import deno, graph
from codegen.typescript.sandbox.app import evaluate_app, evaluate_schema
from tests.docs.pages import DIAGNOSTICS
from tests.typescript.sandbox.texts import Texts

EMPTY = "\nexport default { export: () => '{\"tables\": []}' };"


def faults(text: str, **files: str) -> list[Diagnostic]:
    diagnostics = Diagnostics()
    others = {f"{name}.ts": other for name, other in files.items()}
    found = evaluate_schema(
        Texts({"schema.ts": text, **others}), "schema.ts", diagnostics
    )
    assert found is None
    return [*diagnostics]


def place(found: Diagnostic) -> tuple[str, int, int, int]:
    assert found.span is not None
    span = found.span
    return span.file, span.line, span.column, span.end_column


def test_an_error_in_another_module() -> None:
    text = "import { f } from './fields';\n/* é𝒳 */ const x: number = f();" + EMPTY
    fields = "type A = { a: 1 };\nexport const f = () => {\n  return null.size;\n};"
    (found,) = faults(text, fields=fields)
    assert found.code == "E712"
    assert found.message == (
        "this fails when it is run: "
        "TypeError: Cannot read properties of null (reading 'size')"
    )
    assert place(found) == ("fields.ts", 3, 15, 19)
    (note,) = found.notes
    assert note.span is not None
    assert (note.span.file, note.span.line, note.span.column) == ("schema.ts", 2, 28)


def test_an_error_in_a_package_is_at_the_call() -> None:
    text = "import { f } from 'it';\nf();" + EMPTY
    code = "export function f() {\n\n\n  throw new Error('no\\nmore');\n}"
    files = {"node_modules/it/package.json": "{}", "node_modules/it/index.js": code}
    diagnostics = Diagnostics()
    sources = Texts({"schema.ts": text, **files})
    assert evaluate_schema(sources, "schema.ts", diagnostics) is None
    (found,) = diagnostics
    assert found.message == "this fails when it is run: Error: no"
    assert place(found) == ("schema.ts", 2, 1, 2)


def test_not_typescript() -> None:
    (found,) = faults("import './fields';" + EMPTY, fields="\nconst a = ;")
    assert found.code == "E701" and found.message.startswith("this is not TypeScript: ")
    assert place(found)[:3] == ("fields.ts", 2, 11)


def test_a_name_that_is_not_exported() -> None:
    (found,) = faults(
        "import { gone } from './fields';\ngone;" + EMPTY, fields="export {};"
    )
    assert found.code == "E712"
    assert "'fields.ts' does not provide an export named 'gone'" in found.message
    assert place(found) == ("schema.ts", 1, 10, 14)


def test_a_module_that_is_missing() -> None:
    text = "import { a } from './fields';\nimport it from 'it';\nit.b;" + EMPTY
    (found,) = faults(text, fields="export const a = 1;")
    assert (found.code, found.message) == ("E705", '"it" is not found')
    assert found.hint.startswith("install the packages")
    assert place(found) == ("schema.ts", 2, 16, 20)
    (note,) = found.notes
    assert note.span is not None and note.span.line == 3


@pytest.mark.parametrize("thrown", ["'text'", "null", "{ get stack() { throw 1; } }"])
def test_what_is_thrown_may_be_anything(thrown: str) -> None:
    (found,) = faults(f"throw {thrown};")
    assert found.code == "E712" and place(found)[0] == "schema.ts"


def test_a_message_is_fit_to_be_shown() -> None:
    (found,) = faults("throw new Error('\\x1b[2J\\ud800' + 'x'.repeat(1e6));")
    assert "\x1b" not in found.message and len(found.message) < 500
    found.message.encode()


@pytest.mark.parametrize(
    "text", ["export const a = 1;", "export default 1;", "export default {};"]
)
def test_no_schema(text: str) -> None:
    (found,) = faults(text)
    assert found.code == "E703"


SCHEMAS = {
    '{"tables": [{"tableName": "t", "indexes": [{}]}]}': "the key",
    '{"tables": [{"tableName": 1, "indexes": []}]}': "expected a string",
    "not JSON": "not JSON",
    '{"tables": [{"tableName": "\\\\ud800", "indexes": []}]}': "half of a surrogate pair",
}


@pytest.mark.parametrize("exported", SCHEMAS)
def test_a_schema_that_is_none(exported: str) -> None:
    found = faults(f"export default {{ export: () => '{exported}' }};")
    assert {one.code for one in found} == {"E713"}
    assert SCHEMAS[exported] in found[0].message
    assert place(found[0])[:3] == ("schema.ts", 1, 16)


def test_a_schema_that_is_nested_too_deeply() -> None:
    text = "let it = '1';\nfor (let i = 0; i < 20000; i++) it = `[${it}]`;\n"
    (found,) = faults(f"{text}export default {{ export: () => it }};")
    assert found.code == "E713" and "nested too deeply" in found.message


def test_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "MAX_BYTES", 1000)
    text = "import { a } from './fields';\na.b;" + EMPTY
    (found,) = faults(text, fields="export const a = 1;" + " " * 1000)
    assert found.code == "E714" and place(found) == ("schema.ts", 1, 19, 29)


def test_no_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sysconfig.get_path", str(tmp_path).format)
    (found,) = faults(EMPTY)
    page = (DIAGNOSTICS / "E710.md").read_text("utf-8")
    assert f"error[E710]: {found.message}\n  help: {found.hint}\n" in page


def test_the_file_is_not_there() -> None:
    diagnostics = Diagnostics()
    assert evaluate_schema(Texts({}), "schema.ts", diagnostics) is None
    assert [found.code for found in diagnostics] == ["E001"]


QUERY = """
const it = () => {};
export const list = Object.assign(it, {
  isQuery: true, isPublic: true,
  exportArgs: () => '{"type": "object", "value": {}}', exportReturns: () => "null",
});
"""


def app(
    monkeypatch: pytest.MonkeyPatch, **modules: str
) -> tuple[list[str], Diagnostics]:
    monkeypatch.setattr(deno, "MAX_SECONDS", 3)
    files = {f"{name}.ts": text for name, text in modules.items()}
    diagnostics = Diagnostics()
    sources = {f"convex/{name}": text for name, text in files.items()}
    loaded = evaluate_app(Texts(sources), "convex", [*files], diagnostics)
    assert loaded is not None
    diagnostics.extend(warnings(loaded.unread))
    return sorted(loaded.schema.functions), diagnostics


def test_a_module_that_fails_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = "export const a = 1;\nthrow new Error('no key');"
    found, diagnostics = app(monkeypatch, schema=EMPTY, a=QUERY, b=bad, c=QUERY)
    assert found == ["a:list", "c:list"]
    (warning,) = diagnostics
    assert warning.code == "W702" and place(warning)[:3] == ("convex/b.ts", 2, 7)
    assert "Error: no key" in warning.message


def test_of_a_module_that_fails_there_is_what_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad = """
      import { query } from "./_generated/server";
      export const list = query({ args: {}, handler: async () => 1 });
      throw new Error('no key');
    """
    found, diagnostics = app(monkeypatch, schema=EMPTY, b=bad)
    assert found == ["b:list"] and len(diagnostics) == 1


@pytest.mark.slow
def test_a_module_without_end_takes_the_next_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad = "export {};\nwhile (true) {}"
    found, diagnostics = app(monkeypatch, schema=EMPTY, a=QUERY, b=bad, c=QUERY)
    assert found == ["a:list"]
    places = {warning.span and warning.span.file for warning in diagnostics}
    assert len([*diagnostics]) == 2 and places == {"convex/b.ts"}
