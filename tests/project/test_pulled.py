"""What a deployment says comes into a project's schema, and what it does not say stays there."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codegen.diagnostics import Diagnostics
from codegen.interop import convex_json, function_spec
from codegen.ir.canonical import dumps
from codegen.ir.model import Schema
from codegen.ir.types import JsonValue
from codegen.ir.whole_documents import with_documents
from codegen.project.deployed import function_changes, table_changes
from codegen.project.loading import load_schema
from codegen.project.project import open_project
from codegen.project.pulled import pulled
from codegen.project.pulled_files import pulled_files
from tests.cases.cases import ACCEPTED, FOLDER
from tests.ir.strategies import schemas, with_functions

NATIVE = [name for name in ACCEPTED if (FOLDER / name / "schema").is_dir()]
_PLAIN = ("indexes", "stagedDbIndexes")
_FILTERED = ("searchIndexes", "vectorIndexes")
_STAGED = ("stagedSearchIndexes", "stagedVectorIndexes")


def told(schema: Schema) -> tuple[str, JsonValue]:
    """A schema as a server tells of it: sorted, and with `_creationTime` in indexes."""
    exported = convex_json.export(schema)
    for table in exported["tables"]:
        for key in ("documentType", "stagedDocumentType"):
            if key in table:
                table[key] = in_order(table[key])
        for index in (index for key in _PLAIN for index in table[key]):
            index["fields"] = [*index["fields"], "_creationTime"]
        for index in (index for key in _FILTERED + _STAGED for index in table[key]):
            index["filterFields"].sort()
        for key in _PLAIN + _FILTERED + _STAGED:
            table[key].sort(key=lambda index: index["indexDescriptor"])
    exported["tables"].sort(key=lambda table: table["tableName"])
    return json.dumps(exported), in_order(function_spec.export(schema)["functions"])


def in_order(value: Any) -> Any:
    if isinstance(value, list):
        return [in_order(item) for item in value]
    if isinstance(value, dict):
        return {name: in_order(value[name]) for name in sorted(value)}
    return value


whole = schemas().flatmap(with_functions)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(whole)
def test_what_was_pushed_changes_nothing(schema: Schema) -> None:
    assert table_changes(told(schema)[0], schema) == []
    assert function_changes(told(schema)[1], schema) == []
    assert dumps(pulled(schema, *told(schema))) == dumps(with_documents(schema))


@st.composite
def changed(draw: st.DrawFn, own: Schema) -> Schema:
    """Some tables of a schema as they are, and others of which those of another have the names."""
    other = draw(schemas())
    tables = {name: table for name, table in own.tables.items() if draw(st.booleans())}
    for name, table in other.tables.items():
        place = draw(st.sampled_from([name, *own.tables]))
        tables[place] = replace(table, name=place)
    # What the project has named may mean something else there.
    types = own.types if draw(st.booleans()) else {**own.types, **other.types}
    types = {**other.types, **types}
    schema = Schema(tables, types, draw(st.booleans()))
    return draw(with_functions(schema))


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(whole, st.data())
def test_another_schema_is_taken(own: Schema, data: st.DataObject) -> None:
    """Whatever the project has, it says what the deployment does then, and nothing is left over."""
    there = data.draw(changed(own))
    found = pulled(own, *told(there))
    assert table_changes(told(there)[0], found) == []
    assert function_changes(told(there)[1], found) == []
    assert found.tables.keys() == there.tables.keys()
    assert found.functions.keys() == there.functions.keys()
    assert dumps(pulled(found, *told(there))) == dumps(found)


def test_our_own_functions_are_left_out() -> None:
    """They are there for this package, and are none of the app's."""
    functions = [
        {
            "identifier": f"{path}",
            "functionType": "Query",
            "visibility": {"kind": "internal"},
            "args": {"type": "any"},
            "returns": None,
        }
        for path in ("tablewright.js:get", "tablewrights.js:get", "tasks.js:list")
    ]
    found = pulled(Schema(), '{"tables": []}', functions)
    assert [*found.functions] == ["tablewrights:get", "tasks:list"]


@pytest.mark.parametrize("name", NATIVE)
def test_the_files_of_cases_stay_as_they_are(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(FOLDER / name, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    diagnostics = Diagnostics()
    project = open_project(diagnostics, schema="schema")
    loaded = load_schema(project, diagnostics)
    assert loaded is not None
    files = pulled_files(project, loaded, *told(loaded.schema), diagnostics)
    assert files == []
