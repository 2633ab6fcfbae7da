from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from codegen.diagnostics import Diagnostics
from codegen.interop.convex_json import dumps, export
from codegen.ir import canonical
from codegen.ir.checks import check
from codegen.ir.delta import compare
from codegen.ir.subset import is_subset
from codegen.language.convex_json import load
from codegen.language.source import Loaded, SourceFile

# Convex takes ids of tables that are not in the schema, as they may be in the database, and
# refuses two indexes on the same fields: that application has not been pushed as it is.
FAULTS = {"07": ["E311"], "21": ["E210"], "24": ["E210"]}
STAGED = ("stagedDbIndexes", "stagedSearchIndexes", "stagedVectorIndexes")


def loaded(exported: Path) -> Loaded:
    found = Diagnostics()
    result = load(SourceFile(exported.name, exported.read_bytes()), found)
    assert list(found) == []
    assert result is not None
    return result


def as_the_server_reads(data: dict[str, Any]) -> dict[str, Any]:
    """Without what the server drops, and with the lists that old exporters left out."""
    for table in data["tables"]:
        for key in STAGED:
            table.setdefault(key, [])
        document = table["documentType"]
        arms = document["value"] if document["type"] == "union" else [document]
        for arm in arms:
            for name in [n for n in arm.get("value", ()) if n.startswith("_")]:
                del arm["value"][name]
    return data


def test_json_comes_back_from_the_ir(exported: Path) -> None:
    data = as_the_server_reads(json.loads(exported.read_bytes()))
    assert export(loaded(exported).schema) == data


def test_the_text_is_sorted_and_indented(exported: Path) -> None:
    data = as_the_server_reads(json.loads(exported.read_bytes()))
    sorted_text = json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False)
    # JavaScript writes 1 where Python writes 1.0, and both mean a float64.
    assert _floats_plain(dumps(loaded(exported).schema)) == sorted_text + "\n"


def test_the_canonical_text_comes_back(exported: Path) -> None:
    schema = loaded(exported).schema
    text = canonical.dumps(schema)
    assert canonical.loads(text) == schema
    assert canonical.dumps(canonical.loads(text)) == text


def test_no_faults(exported: Path, request: pytest.FixtureRequest) -> None:
    faults = check(loaded(exported).schema)
    errors = [fault.code for fault in faults if fault.code.startswith("E")]
    if request.config.getoption("--corpus", default=None):
        # And Convex has tables of its own, with an underscore.
        assert set(errors) <= {"E202", "E210", "E311"}
    else:
        assert errors == FAULTS.get(exported.stem, [])


def test_every_field_has_a_place(exported: Path) -> None:
    found = loaded(exported)
    lines = exported.read_text().splitlines()
    for table in found.schema.tables.values():
        fields = getattr(table.document, "fields", ())
        for field in fields:
            path = ("tables", table.name, "document", "field", field.name)
            span = found.locate(path)
            assert span is not None
            line = lines[span.line - 1]
            assert json.loads(line[span.column - 1 : span.end_column - 1]) == field.name


def test_nothing_changed_against_itself(exported: Path) -> None:
    schema = loaded(exported).schema
    assert compare(schema, loaded(exported).schema) == []
    for table in schema.tables.values():
        assert is_subset(table.document, schema, table.document, schema)


def _floats_plain(text: str) -> str:
    return re.sub(r"(?m)(\d)\.0(,?)$", r"\1\2", text)
