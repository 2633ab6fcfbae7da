"""Keywords that are not written as JSON Schema has them are said where they stand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .importing import HEAD, of_field, of_json, of_text, told

DRAFT_4 = "http://json-schema.org/draft-04/schema#"
OPEN: dict[str, Any] = {"type": "object"}
NO_SCHEMA = "a schema is an object: this is none, and any value is taken"


@pytest.mark.parametrize(
    ("schema", "key", "message"),
    [
        (OPEN | {"required": "a"}, "required", "`required` must be a list of names: it is left out"),
        (OPEN | {"required": [1]}, "required", "`required` must be a list of names: it is left out"),
        ({"type": "string", "minLength": "3"}, "minLength", "`minLength` must be a whole number from 0 on: it is left out"),
        ({"type": "string", "minLength": -1}, "minLength", "`minLength` must be a whole number from 0 on: it is left out"),
        ({"type": "string", "maxLength": 1.5}, "maxLength", "`maxLength` must be a whole number from 0 on: it is left out"),
        ({"type": "string", "pattern": 1}, "pattern", "`pattern` must be a text: it is left out"),
        ({"type": "number", "minimum": "1"}, "minimum", "`minimum` must be a number: it is left out"),
        ({"type": "number", "multipleOf": 0}, "multipleOf", "`multipleOf` must be a number above 0: it is left out"),
        ({"type": "array", "uniqueItems": 1}, "uniqueItems", "`uniqueItems` must be true or false: it is left out"),
        ({"type": "array", "items": "string"}, "items", "`items` must be a schema: it is left out"),
        ({"type": "array", "items": [1]}, "1", NO_SCHEMA),
        ({"anyOf": "x"}, "anyOf", "`anyOf` must be a list of schemas, and not empty: it is left out"),
        ({"oneOf": []}, "oneOf", "`oneOf` must be a list of schemas, and not empty: it is left out"),
        ({"allOf": [{}, "x"]}, "x", NO_SCHEMA),
        ({"enum": "x"}, "enum", "`enum` must be a list of values: it is left out"),
        ({"type": ["string", 5]}, "type", "`type` must be the name of a type, or a list of such names: it is left out"),
        (OPEN | {"properties": ["b"]}, "properties", "`properties` must be an object: it is left out"),
        (OPEN | {"properties": {"b": 5}}, "b", NO_SCHEMA),
        (OPEN | {"additionalProperties": "no"}, "additionalProperties", "`additionalProperties` must be a schema: it is left out"),
        ({"type": "string", "maxlenght": 3}, "maxlenght", "`maxlenght` is no keyword of JSON Schema: it is left out"),
        (OPEN | {"propertys": {"b": {}}}, "propertys", "`propertys` is no keyword of JSON Schema: it is left out"),
        ({"type": "string", "nullable": True}, "nullable", "`nullable` is of OpenAPI 3.0, and means nothing here"),
    ],
    ids=lambda v: str(v)[:60],
)  # fmt: skip
def test_what_is_malformed(tmp_path: Path, schema: Any, key: str, message: str) -> None:
    document = HEAD | OPEN | {"properties": {"a": schema}}
    source = json.dumps(document, indent=1)
    text, found = of_text(tmp_path, "thing.json", source)
    assert text is not None
    (fault,) = (d for d in found if d.code == "W812")
    assert fault.message == message
    assert fault.span is not None
    line = source.split("\n")[fault.span.line - 1]
    assert line[fault.span.column - 1 :].strip('"').startswith(key)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("maxlenght", "maxLength"),
        ("require", "required"),
        ("additionalproperties", "additionalProperties"),
        ("ref", "$ref"),
        ("types", "type"),
    ],
)
def test_what_was_meant(tmp_path: Path, name: str, meant: str) -> None:
    _, found = of_json(tmp_path, OPEN | {"properties": {"a": {name: 1}}})
    (fault,) = (d for d in found if d.code == "W812")
    assert fault.hint == f"did you mean `{meant}`?"


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "maximum": 3},
        {"type": "string", "x-maxlength": 3, "note": "", "enumNames": [], "when": 1},
        {"type": "string", "examples": 1, "tsType": "x", "markdownDescription": ""},
        {"type": ["string", "null"], "nullable": True},
    ],
    ids=str,
)
def test_what_is_of_no_matter(tmp_path: Path, schema: Any) -> None:
    assert of_field(tmp_path, schema)[1] == []


def test_flags_of_draft_4_are_none(tmp_path: Path) -> None:
    schema = {"type": "number", "minimum": 1, "exclusiveMinimum": True}
    assert of_field(tmp_path, schema, draft=DRAFT_4)[1] == []


def test_a_field_that_says_itself_that_it_is_required(tmp_path: Path) -> None:
    schema = {"type": "string", "required": True}
    _, found = of_json(tmp_path, OPEN | {"properties": {"a": schema}})
    (fault,) = (d for d in found if d.code == "W812")
    assert fault.hint.startswith("the object around it lists the names")


def test_definitions_that_are_none(tmp_path: Path) -> None:
    source = """\
openapi: 3.0.3
components:
  schemas:
    A:
    B: {type: object, additionalProperties: false, properties: {a: {type: string}}}
"""
    text, found = of_text(tmp_path, "api.yaml", source)
    assert told(found) == [f"4:5 W812 {NO_SCHEMA}"]
    assert text is not None
    assert "  bs:\n" in text


@pytest.mark.parametrize("draft", ["draft-03", "draft-02"])
def test_drafts_that_are_not_read(tmp_path: Path, draft: str) -> None:
    source = OPEN | {"$schema": f"http://json-schema.org/{draft}/schema#"}
    source["properties"] = {"a": {"type": "string", "required": True}}
    text, found = of_text(tmp_path, "old.json", json.dumps(source, indent=1))
    assert (text, told(found)) == (
        None,
        ["3:2 E801 drafts of JSON Schema before draft 4 are not read"],
    )
