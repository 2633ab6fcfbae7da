from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from codegen.codes import TITLES
from codegen.diagnostics import Diagnostic, Diagnostics, Path, locate_fault
from codegen.interop.convex_json import dumps, export, warnings
from codegen.ir.checks import check
from codegen.ir.model import Index, NamedType, Schema, SearchIndex, Table, VectorIndex
from codegen.ir.types import (
    ANY,
    NUMBER,
    STRING,
    Array,
    Constrained,
    Constraint,
    Default,
    Field,
    Literal,
    Named,
    Object,
    Record,
    Union,
)
from codegen.language.convex_json import load
from codegen.language.source import Loaded, SourceFile
from tests.ir.strategies import schemas


def read(text: str | bytes) -> tuple[Loaded | None, list[Diagnostic]]:
    found = Diagnostics()
    data = text if isinstance(text, bytes) else text.encode()
    return load(SourceFile("schema.json", data), found), list(found)


def accepted(value: Any) -> Schema:
    loaded, found = read(value if isinstance(value, str) else json.dumps(value))
    assert found == []
    assert loaded is not None
    return loaded.schema


def table(document: Any, **rest: Any) -> dict[str, Any]:
    rest = {"tableName": "t", "indexes": [], "documentType": document} | rest
    return {"tables": [rest], "schemaValidation": True}


def field(node: Any, name: str = "a", **rest: Any) -> dict[str, Any]:
    part = {"fieldType": node, "optional": False} | rest
    return {"type": "object", "value": {name: part}}


@settings(max_examples=40, deadline=None)
@given(schemas())
def test_an_exported_schema_comes_back(schema: Schema) -> None:
    text = dumps(schema)
    again = accepted(text)
    assert dumps(again) == text
    assert [*again.tables] == [*schema.tables]
    assert check(again) == []


def test_the_form_of_the_export() -> None:
    document = Object(
        (
            Field("b", Named("T"), optional=True, default=Default("x")),
            Field("a", Union((Literal.of(7), Literal.of(1.0), Literal.of(-0.0)))),
        ),
        "Model",
    )
    exported = Table(
        "t",
        document,
        (Index("i", ("a",)), Index("j", ("b",), staged=True)),
        (SearchIndex("s", "b", ("a",)),),
        (VectorIndex("v", "a", 2, (), True),),
        staged_document=ANY,
    )
    named = NamedType("T", Constrained(STRING, (Constraint("minLength", 1),)))
    schema = Schema({"t": exported}, {"T": named}, False)
    literals = [{"$integer": "BwAAAAAAAAA="}, 1, {"$float": "AAAAAAAAAIA="}]
    union = {
        "type": "union",
        "value": [{"type": "literal", "value": value} for value in literals],
    }
    assert export(schema) == {
        "schemaValidation": False,
        "tables": [
            {
                "tableName": "t",
                "documentType": {
                    "type": "object",
                    "value": {
                        "b": {"fieldType": {"type": "string"}, "optional": True},
                        "a": {"fieldType": union, "optional": False},
                    },
                },
                "stagedDocumentType": {"type": "any"},
                "indexes": [{"indexDescriptor": "i", "fields": ["a"]}],
                "stagedDbIndexes": [{"indexDescriptor": "j", "fields": ["b"]}],
                "searchIndexes": [
                    {"indexDescriptor": "s", "searchField": "b", "filterFields": ["a"]}
                ],
                "stagedSearchIndexes": [],
                "vectorIndexes": [],
                "stagedVectorIndexes": [
                    {
                        "indexDescriptor": "v",
                        "vectorField": "a",
                        "dimensions": 2,
                        "filterFields": [],
                    }
                ],
            }
        ],
    }
    assert '"value": 1\n' in dumps(schema)


def test_what_convex_will_not_do_is_told() -> None:
    positive = Constrained(NUMBER, (Constraint("gt", 0),))
    document = Object((Field("a", positive, default=Default(1)),))
    index = Index("by_a", ("a",), unique=True)
    told = warnings(Schema({"t": Table("t", document, (index,))}))
    path: Path = ("tables", "t", "document", "field", "a")
    assert [(fault.code, fault.path) for fault in told] == [
        ("W401", (*path, "constraint", 0)),
        ("W402", ("tables", "t", "indexes", 0)),
        ("W403", (*path, "default")),
    ]
    assert warnings(Schema({"t": Table("t", Object((Field("a", NUMBER),)))})) == []


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ({"tables": []}, Schema(schema_validation=False)),
        ({"tables": [], "schemaValidation": None}, Schema(schema_validation=False)),
        ({"tables": [], "new": 1, "schemaValidation": True}, Schema()),
        (table(None), Schema({"t": Table("t", ANY)})),
        ({"tables": [{"tableName": "t"}]}, Schema({"t": Table("t", ANY)}, {}, False)),
        (table({"type": "map"}), Schema({"t": Table("t", ANY)})),
        (table({"type": "set"}), Schema({"t": Table("t", ANY)})),
        (
            table(field({"type": "any"}, "_id")),
            Schema({"t": Table("t", Object(()))}),
        ),
        (
            table({"type": "union", "value": [field({"type": "any"}, "_id")]}),
            Schema({"t": Table("t", Union((Object(()),)))}),
        ),
        (
            table(field(field({"type": "any"}, "_x"))),
            Schema({"t": Table("t", Object((Field("a", Object((Field("_x", ANY),))),)))}),
        ),
        (
            table(None, vectorIndexes=[{"indexDescriptor": "v", "vectorField": "a", "dimension": 3, "dimensions": None}], searchIndexes=None),
            Schema({"t": Table("t", ANY, vector_indexes=(VectorIndex("v", "a", 3),))}),
        ),
        (
            table(None, searchIndexes=[{"indexDescriptor": "s", "searchField": ".a.", "filterFields": ["b", "b"]}]),
            Schema({"t": Table("t", ANY, search_indexes=(SearchIndex("s", "a", ("b",)),))}),
        ),
        (
            table(None, indexes=[{"indexDescriptor": "i", "fields": ["a", "_creationTime"]}]),
            Schema({"t": Table("t", ANY, (Index("i", ("a",)),))}),
        ),
        (
            table(field({"type": "record", "keys": {"type": "string"}, "values": {"fieldType": {"type": "array", "value": {"type": "literal", "value": 1}}}})),
            Schema({"t": Table("t", Object((Field("a", Record(STRING, Array(Literal.of(1.0)))),)))}),
        ),
    ],
)  # fmt: skip
def test_what_the_server_accepts(value: Any, schema: Schema) -> None:
    assert accepted(value) == schema


def test_an_appended_creation_time_is_only_dropped_where_all_indexes_have_it() -> None:
    indexes = [
        {"indexDescriptor": "i", "fields": ["a", "_creationTime"]},
        {"indexDescriptor": "j", "fields": ["b"]},
    ]
    faults = check(accepted(table(None, indexes=indexes)))
    assert [fault.code for fault in faults] == ["E309"]


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    loaded, found = read(b'\xef\xbb\xbf{"tables": []}')
    assert loaded is not None
    assert found == []


# Each text with its fault marked: «what the caret covers».
REFUSED = [
    ("E401", '{"tables": [],«}»'),
    ("E401", "«»"),
    ("E401", '{"tables": []} «x»'),
    ("E401", '{"tables": «NaN»}'),
    ("E401", '{"a": «-Infinity», "tables": []}'),
    ("E401", '{"a": «' + "9" * 4301 + '», "tables": []}'),
    ("E401", '{"a": "NaN",\n "tables": ["\\ud83d\\udd25", «"\\ud83d"»]}'),
    ("E402", '{"tables": [],\n  «"tables"»: []}'),
    ("E402", '{"tables": [], "x": {"a": 1, «"\\u0061"»: 2}}'),
    ("E403", "«[»]"),
    ("E403", "«null»"),
    ("E403", "«{»}"),
    ("E403", '{"tables": «1»}'),
    ("E403", '{"tables": [«"t"»]}'),
    ("E403", '{"tables": [«{»"indexes": []}]}'),
    ("E403", '{"tables": [{"tableName": «1»}]}'),
    ("E403", '{"tables": [], "schemaValidation": «"yes"»}'),
    ("E403", '{"tables": [{"tableName": "t", "indexes": «{»}}]}'),
    ("E403", '{"tables": [{"tableName": "t", "indexes": [{"indexDescriptor": "i", "fields": [«1»]}]}]}'),
    ("E403", '{"tables": [{"tableName": "t", "vectorIndexes": [«{»"indexDescriptor": "i", "vectorField": "a"}]}]}'),
    ("E403", '{"tables": [{"tableName": "t", "vectorIndexes": [{"indexDescriptor": "i", "vectorField": "a", "dimensions": «1.5»}]}]}'),
    ("E403", '{"tables": [{"tableName": "t", "documentType": «"any"»}]}'),
    ("E403", '{"tables": [{"tableName": "t", "documentType": {"type": «[»"any"]}}]}'),
    ("E403", '{"tables": [{"tableName": "t", "documentType": {"type": "object", "value": {"a": «{»"fieldType": {"type": "any"}}}}}]}'),
    ("E403", '{"tables": [{"tableName": "t", "documentType": {"type": "array", "value": «[»]}}]}'),
    ("E403", '{"tables": [{"tableName": "t", "documentType": «{»"type": "literal"}}]}'),
    ("E404", '{"tables": [{"tableName": "t", "documentType": {"type": «"float64"»}}]}'),
    ("E405", '{"tables": [{"tableName": "t"}, {"tableName": «"t"»}]}'),
    ("E406", '{"tables": [{"tableName": "t", "documentType": {"type": "literal", "value": «null»}}]}'),
    ("E406", '{"tables": [{"tableName": "t", "documentType": {"type": "literal", "value": «{»"$integer": "AQ=="}}}]}'),
    ("E406", '{"tables": [{"tableName": "t", "documentType": {"type": "literal", "value": «1e999»}}]}'),
    ("E407", '{"tables": [{"tableName": "t", "documentType": {"type": "record", "keys": {"type": "string"}, "values": {"fieldType": {"type": "any"}, "optional": «true»}}}]}'),
    ("E408", "[" * 127 + "«[»" + "[" * 100_000),
    ("E408", "[" * 127 + "«[»" + "[" * 5_000 + "]" * 5_128),
]  # fmt: skip


@pytest.mark.parametrize(("code", "marked"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_refused(code: str, marked: str) -> None:
    before, rest = marked.split("«")
    covered, after = rest.split("»")
    loaded, found = read(before + covered + after)
    assert loaded is None
    assert [diagnostic.code for diagnostic in found] == [code]
    span = found[0].span
    assert span is not None
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    assert (span.file, span.line, span.column) == ("schema.json", line, column)
    assert (span.end_line, span.end_column) == (line, column + max(len(covered), 1))


def test_every_code_of_this_kind_has_a_case() -> None:
    assert {c for c in TITLES if c.startswith("E40")} == {code for code, _ in REFUSED}


def test_text_that_is_not_utf8_is_refused_at_its_place() -> None:
    loaded, found = read(b'{\n "\xc3\xa9\xff": 1}')
    assert loaded is None
    assert found[0].span is not None
    assert (found[0].code, found[0].span.line, found[0].span.column) == ("E401", 2, 4)


def test_a_key_that_is_there_twice_names_the_first() -> None:
    _, found = read('{"tables": [], "tables": []}')
    assert found[0].notes[0].span is not None
    assert found[0].notes[0].span.column == 2


def test_a_table_that_is_there_twice_names_the_first() -> None:
    _, found = read('{"tables": [{"tableName": "t"}, {"tableName": "t"}]}')
    assert found[0].notes[0].span is not None
    assert found[0].notes[0].span.column == 27


def test_every_fault_of_the_json_is_told() -> None:
    tables = [{"tableName": 1}, {"tableName": "t", "documentType": {"type": "x"}}]
    _, found = read(json.dumps({"tables": tables, "schemaValidation": 1}))
    assert sorted(diagnostic.code for diagnostic in found) == ["E403", "E403", "E404"]


LOCATED = """\
{"schemaValidation": true, "tables": [
  {"tableName": "u", "indexes": []},
  {"tableName": "t", "indexes": [{"indexDescriptor": "i", "fields": ["x"]}],
   "stagedDbIndexes": [{"indexDescriptor": "j", "fields": ["x", "y"]}],
   "searchIndexes": [{"indexDescriptor": "s", "searchField": "z", "filterFields": ["w"]}],
   "vectorIndexes": [{"indexDescriptor": "v", "vectorField": "q", "dimensions": 7,
                      "filterFields": ["f"]}],
   "stagedDocumentType": {"type": "null"},
   "documentType": {"type": "union", "value": [{"type": "object", "value": {
     "r": {"optional": false, "fieldType": {"type": "record",
       "keys": {"type": "id", "tableName": "nowhere"},
       "values": {"optional": false, "fieldType": {"type": "array", "value":
         {"type": "literal", "value": "é🔥"}}}}}
   }}]}}
]}
"""


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), '"t"'),
        (("indexes", 0), '"i"'),
        (("indexes", 0, "fields", 0), '"x"'),
        (("indexes", 1), '"j"'),
        (("indexes", 1, "fields", 1), '"y"'),
        (("searchIndexes", 0), '"s"'),
        (("searchIndexes", 0, "field"), '"z"'),
        (("searchIndexes", 0, "filters", 0), '"w"'),
        (("vectorIndexes", 0), '"v"'),
        (("vectorIndexes", 0, "field"), '"q"'),
        (("vectorIndexes", 0, "dimensions"), "7"),
        (("vectorIndexes", 0, "filters", 0), '"f"'),
        (("stagedDocument",), '"null"'),
        (("document",), '"union"'),
        (("document", "arm", 0), '"object"'),
        (("document", "arm", 0, "field", "r"), '"r"'),
        (("document", "arm", 0, "field", "r", "key"), '"id"'),
        (("document", "arm", 0, "field", "r", "key", "table"), '"nowhere"'),
        (("document", "arm", 0, "field", "r", "value"), '"array"'),
        (("document", "arm", 0, "field", "r", "value", "element"), '"literal"'),
    ],
)
def test_a_path_of_the_ir_leads_back_to_the_text(path: Path, text: str) -> None:
    loaded, _ = read(LOCATED)
    assert loaded is not None
    span = loaded.locate(("tables", "t", *path))
    assert span is not None
    assert span.line == span.end_line
    line = LOCATED.splitlines()[span.line - 1]
    assert line[span.column - 1 : span.end_column - 1] == text


def test_a_fault_of_the_ir_is_shown_in_the_text() -> None:
    loaded, _ = read(LOCATED)
    assert loaded is not None
    fault = next(f for f in check(loaded.schema) if f.code == "E210")
    span = locate_fault(fault, loaded.locate).span
    assert span is not None
    line = LOCATED.splitlines()[span.line - 1]
    assert line[span.column - 1 : span.end_column - 1] == '"nowhere"'
