"""To run a folder of Convex here tells what npm's `convex` tells of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.diagnostics import Diagnostics, Span
from codegen.interop import convex_json
from codegen.ir.checks import check
from codegen.ir.model import Function, Schema
from codegen.ir.types import Named, Object
from codegen.language.convex_json_reader import Reader
from codegen.language.source import Loaded, warnings
from codegen.typescript.sandbox.app import evaluate_app, evaluate_schema
from codegen.typescript.schema import read_schema
from tests.typescript.compared import lines
from tests.typescript.conftest import Export
from tests.typescript.real import exported as real
from tests.typescript.real.packages import component_folders
from tests.typescript.sources import Sources

APPS = Path(__file__).parent / "apps"


def run(root: Path, folder: str, packages: Path) -> tuple[Schema, Diagnostics]:
    diagnostics = Diagnostics()
    files = Sources(root, packages)
    loaded = evaluate_app(files, folder, files.files(folder), diagnostics)
    assert loaded is not None, [*diagnostics]
    diagnostics.extend(warnings(loaded.unread))
    return loaded.schema, diagnostics


@pytest.mark.slow
@pytest.mark.parametrize("app", ["ents", "zod"])
def test_what_has_to_run(installed: Path, exported: Export, app: str) -> None:
    files = Sources(APPS, installed)
    assert read_schema(files, f"{app}/schema.ts", Diagnostics()) is None
    schema, diagnostics = run(APPS, app, installed)
    said = exported(APPS / app)
    assert not [*diagnostics] and not [*check(schema)]
    # The library of ents leaves out the lists of staged indexes.
    whole = convex_json.export(Reader([]).schema(said.schema))
    assert lines(convex_json.export(schema)) == lines(whole)
    assert said.functions and schema.functions.keys() == {
        function.path for function in said.functions
    }
    for function in said.functions:
        assert_same(schema, schema.functions[function.path], function)


@pytest.mark.slow
@pytest.mark.parametrize("folder", component_folders())
def test_components(installed: Path, exported: Export, folder: str) -> None:
    schema, diagnostics = run(installed, folder, installed)
    said = exported(installed / folder)
    assert lines(convex_json.export(schema)) == lines(said.schema)
    for function in said.functions:
        assert_same(schema, schema.functions[function.path], function)
    assert len(diagnostics) == len(said.failed), [*diagnostics]


def assert_same(schema: Schema, ours: Function, theirs: real.Function) -> None:
    assert (ours.kind, ours.visibility) == (theirs.type, theirs.visibility)
    validators = [
        None if type_ is None else convex_json.validator(type_, schema)
        for type_ in (ours.args, ours.returns)
    ]
    assert [*map(lines, validators)] == [lines(theirs.args), lines(theirs.returns)]


@pytest.mark.slow
def test_what_is_written_keeps_its_names_and_descriptions(installed: Path) -> None:
    schema, _ = run(APPS, "zod", installed)
    assert schema.tables["parcels"].description == "What is sent."
    assert schema.tables["customers"].description == "Those who get parcels."
    assert schema.types["Status"].description == "Where a parcel is on its way."
    assert schema.functions["parcels:send"].description == "Sends a parcel."
    document = schema.tables["parcels"].document
    assert isinstance(document, Object)
    fields = {field.name: field for field in document.fields}
    assert fields["to"].description == "who gets it"
    assert fields["status"].type == Named("Status")


@pytest.mark.slow
def test_places_of_a_table_that_can_be_read(installed: Path) -> None:
    loaded = schema_of("zod", installed)
    field = loaded.locate(("tables", "parcels", "indexes", 0, "fields", 0))
    assert shown("zod", field) == '"status"'
    assert shown("zod", loaded.locate(("tables", "customers"))) == "customers"


@pytest.mark.slow
def test_places_of_a_table_that_has_to_run(installed: Path) -> None:
    loaded = schema_of("ents", installed)
    table = loaded.locate(("tables", "messages", "indexes", 0))
    assert shown("ents", table) == "messages"
    # The library has added this one.
    assert "messages_to_tags" in loaded.schema.tables
    assert shown("ents", loaded.locate(("tables", "messages_to_tags"))) == "schema"


def schema_of(app: str, packages: Path) -> Loaded:
    diagnostics = Diagnostics()
    files = Sources(APPS, packages)
    loaded = evaluate_schema(files, f"{app}/schema.ts", diagnostics)
    assert loaded is not None, [*diagnostics]
    return loaded


def shown(app: str, span: Span | None) -> str:
    assert span is not None and span.file == f"{app}/schema.ts"
    text = (APPS / span.file).read_text("utf-8").splitlines()[span.line - 1]
    return text[span.column - 1 : span.end_column - 1]
