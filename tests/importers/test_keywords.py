"""What each keyword of JSON Schema becomes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .importing import HEAD, of_field, of_json, of_text, told

DRAFT_4 = "http://json-schema.org/draft-04/schema#"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema"
CLOSED = {"type": "object", "additionalProperties": False}

CARRIED: list[tuple[Any, str]] = [
    (True, "a: Any"),
    ({}, "a: Any"),
    ({"type": "string"}, "a: str"),
    ({"type": "integer"}, "a: int"),
    ({"type": "number"}, "a: float"),
    ({"type": ["integer", "number"]}, "a: float"),
    ({"type": "number", "multipleOf": 1}, "a: int"),
    ({"type": "boolean"}, "a: bool"),
    ({"type": "null"}, "a: None"),
    ({"type": "array"}, "a: list[Any]"),
    ({"type": "object"}, "a: dict[str, Any]"),
    ({"type": ["null", "string"]}, "a: str | None"),
    ({"type": "string", "minLength": 1, "maxLength": 3}, "a: Annotated[str, MinLen(1), MaxLen(3)]"),
    ({"type": ["string", "null"], "minLength": 2.0}, "a: Annotated[str, MinLen(2)] | None"),
    ({"type": "string", "pattern": "^a/b"}, 'a: Annotated[str, Pattern("^a/b")]'),
    ({"type": "integer", "minimum": 0, "exclusiveMaximum": 9}, "a: Annotated[int, Ge(0), Lt(9)]"),
    ({"type": "number", "exclusiveMinimum": 0.5, "maximum": 2}, "a: Annotated[float, Gt(0.5), Le(2)]"),
    ({"type": "number", "minimum": 1, "allOf": [{"minimum": 2}]}, "a: Annotated[float, Ge(2)]"),
    ({"type": "array", "items": {"type": "string"}, "minItems": 1}, "a: Annotated[list[str], MinLen(1)]"),
    ({"type": "array", "items": False}, "a: Annotated[list[Any], MaxLen(0)]"),
    ({"enum": ["x", "y"]}, 'a: Literal["x", "y"]'),
    ({"enum": ["x", None]}, 'a: Literal["x"] | None'),
    ({"enum": ["x", 1, True, 1.5]}, 'a: Literal["x", 1, True, 1.5]'),
    ({"enum": ["x", "xyz"], "type": "string", "maxLength": 2}, 'a: Literal["x"]'),
    ({"enum": ["a", "b"], "allOf": [{"enum": ["b", "c"]}]}, 'a: Literal["b"]'),
    ({"const": 3}, "a: Literal[3]"),
    ({"const": 3, "type": "number"}, "a: Literal[3.0]"),
    ({"type": "object", "additionalProperties": {"type": "integer"}}, "a: dict[str, int]"),
    (
        {"type": "object", "minProperties": 1, "maxProperties": 2},
        "a: Annotated[dict[str, Any], MinLen(1), MaxLen(2)]",
    ),
    (
        {"type": "object", "propertyNames": {"maxLength": 3}},
        "a: dict[Annotated[str, MaxLen(3)], Any]",
    ),
    (
        CLOSED | {"patternProperties": {"^x-": {"type": "string"}}},
        'a: dict[Annotated[str, Pattern("^x-")], str]',
    ),
    (CLOSED, "a: {}"),
    (CLOSED | {"properties": {"b": {"type": "null"}}}, "a: {b?: None}"),
    (
        CLOSED | {"properties": {"b": {}, "c": False}, "required": ["b"]},
        "a: {b: Any}",
    ),
    (
        {
            "type": "object",
            "allOf": [{"properties": {"b": {"type": "string"}}}, {"required": ["b"]}],
            "unevaluatedProperties": False,
        },
        "a: {b: str}",
    ),
    ({"anyOf": [{"type": "string"}, {"type": "number"}]}, "a: str | float"),
    ({"oneOf": [{"type": "string"}, {"type": "null"}]}, "a: str | None"),
    ({"type": "string", "anyOf": [{"minLength": 3}, {"const": "x"}]}, 'a: Annotated[str, MinLen(3)] | Literal["x"]'),
    ({"allOf": [{"type": "string"}, {"maxLength": 3}]}, "a: Annotated[str, MaxLen(3)]"),
    ({"type": "string", "format": "date"}, "a: str  # format: date"),
    ({"type": "string", "description": "a name"}, "a: str  # a name"),
    ({"type": "integer", "format": "int64"}, "a: int"),
    ({"type": "string", "default": "x"}, 'a: str = "x"'),
    ({"type": "array", "items": {"type": "number"}, "default": [1]}, "a: list[float] = [1]"),
    ({"type": "string", "title": "T", "examples": [""], "$comment": "", "deprecated": True, "readOnly": True}, "a: str"),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "expected"), CARRIED, ids=lambda v: str(v)[:60])
def test_what_is_carried_over(tmp_path: Path, schema: Any, expected: str) -> None:
    # Keys of any characters are what a dict of documents does not take.
    said = ["W813"] if "dict[" in expected else []
    assert of_field(tmp_path, schema) == (expected, said)


STRING = {"type": "string"}
LOST: list[tuple[Any, str, str]] = [
    ({"type": "string", "not": {"const": "x"}}, "a: str", "W801"),
    ({"type": "string", "if": {"const": "x"}, "then": {}}, "a: str", "W801"),
    ({"type": "number", "multipleOf": 0.5}, "a: float", "W801"),
    ({"type": "array", "uniqueItems": True}, "a: list[Any]", "W801"),
    ({"type": "array", "contains": STRING, "minContains": 2}, "a: list[Any]", "W801"),
    ({"type": "array", "unevaluatedItems": False}, "a: list[Any]", "W801"),
    (
        {"type": "array", "prefixItems": [STRING, {"type": "null"}], "items": False},
        "a: Annotated[list[str | None], MaxLen(2)]",
        "W801",
    ),
    ({"type": "array", "prefixItems": [STRING]}, "a: list[Any]", "W801"),
    ({"type": "object", "dependentRequired": {"b": ["c"]}}, "a: dict[str, Any]", "W801"),
    ({"type": "object", "dependentSchemas": {"b": {"type": "object"}}}, "a: dict[str, Any]", "W801"),
    ({"type": "object", "propertyNames": {"enum": ["b"]}}, "a: dict[str, Any]", "W801"),
    ({"type": "object", "required": ["b-c"]}, "a: dict[str, Any]", "W801"),
    ({"type": "object", "patternProperties": {"^x": STRING, "^y": {}}}, "a: dict[str, Any]", "W801"),
    (
        {"type": "object", "properties": {"b": STRING}, "additionalProperties": STRING},
        "a: {b?: str}",
        "W801",
    ),
    (
        CLOSED | {"properties": {"b": STRING}, "patternProperties": {"^x": STRING}},
        "a: {b?: str}",
        "W801",
    ),
    (CLOSED | {"properties": {"b": STRING}, "minProperties": 1}, "a: {b?: str}", "W801"),
    ({"enum": ["x", {"b": 1}]}, 'a: Literal["x"] | dict[str, Any]', "W801"),
    ({"type": "file"}, "a: Any", "W801"),
    ({"type": "object", "properties": {"b": STRING}}, "a: {b?: str}", "W802"),
    ({"minLength": 2}, "a: Annotated[str, MinLen(2)]", "W803"),
    ({"properties": {"b": STRING}, "additionalProperties": False}, "a: {b?: str}", "W803"),
    ({"type": "string", "pattern": r"\p{L}"}, "a: str", "W804"),
    (CLOSED | {"properties": {"b-c": STRING}}, "a: {}", "W806"),
    (CLOSED | {"properties": {"b-c": STRING}, "required": ["b-c"]}, "a: dict[str, Any]", "W806"),
    ({"oneOf": [STRING, {"type": "string", "minLength": 1}]}, "a: str | Annotated[str, MinLen(1)]", "W807"),
    ({"type": "string", "pattern": r"^\d"}, 'a: Annotated[str, Pattern("^\\\\d")]', "W808"),
    (CLOSED | {"properties": {"b": {"type": "string", "default": "x"}}}, "a: {b?: str}", "W809"),
    ({"type": "string", "default": 1}, "a: str", "W809"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("schema", "expected", "code"), LOST, ids=lambda v: str(v)[:60]
)
def test_what_is_lost_is_said(
    tmp_path: Path, schema: Any, expected: str, code: str
) -> None:
    text, codes = of_field(tmp_path, schema)
    assert text == expected
    assert [one for one in codes if one != "W813"] == [code]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "minLength": 3, "maxLength": 2},
        {"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 2},
        {"type": "string", "const": 1},
        {"allOf": [{"type": "string"}, {"type": "null"}]},
        False,
        CLOSED | {"required": ["b"]},
    ],
    ids=str,
)
def test_what_no_value_keeps_leaves_no_document(tmp_path: Path, schema: Any) -> None:
    text, codes = of_field(tmp_path, schema)
    assert (text, codes) == ("", ["E805"])


def test_flags_of_draft_4(tmp_path: Path) -> None:
    schema = {"type": "number", "minimum": 1, "exclusiveMinimum": True, "maximum": 2}
    assert of_field(tmp_path, schema, draft=DRAFT_4) == (
        "a: Annotated[float, Gt(1), Le(2)]",
        [],
    )


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (DRAFT_4, "B"),
        (DRAFT_7, "B"),
        (DRAFT_2019, "Annotated[str, MinLen(1), MaxLen(3)]"),
    ],
)
def test_what_stands_beside_a_reference(
    tmp_path: Path, draft: str, expected: str
) -> None:
    definitions = {"B": {"type": "string", "minLength": 1}}
    schema = {"$ref": "#/definitions/B", "maxLength": 3}
    text, codes = of_field(tmp_path, schema, draft=draft, definitions=definitions)
    assert (text.split("\n")[-1], codes) == (f"a: {expected}", [])


def test_items_of_older_drafts(tmp_path: Path) -> None:
    schema = {"type": "array", "items": [STRING], "additionalItems": {"type": "null"}}
    assert of_field(tmp_path, schema, draft=DRAFT_7) == (
        "a: list[str | None]",
        ["W801"],
    )


def test_unions_told_apart_by_a_literal_exclude_each_other(tmp_path: Path) -> None:
    arms = [
        CLOSED | {"properties": {"kind": {"const": kind}}, "required": ["kind"]}
        for kind in ("on", "off")
    ]
    text, codes = of_field(tmp_path, {"oneOf": arms})
    assert codes == []
    assert text.endswith("a: ThingAOn | ThingAOff")


def _with(name: str, **more: Any) -> dict[str, Any]:
    return {"properties": {name: STRING}, "required": [name], **more}


SAYS_KIND = {"properties": {"k": {"const": "x"}}, "required": ["k"]}
ARMS: list[tuple[list[Any], bool]] = [
    ([_with("b"), _with("c")], True),
    ([_with("b"), {"properties": {"b": STRING, "c": STRING}}], False),
    ([_with("b", additionalProperties=False), _with("c")], False),
    ([{"properties": {"b": STRING}}, {"properties": {"c": STRING}}], True),
    ([_with("b", allOf=[SAYS_KIND]), _with("c", properties={"k": {"const": "y"}})], False),
    ([_with("b"), {"type": "object", "properties": {}}], False),
]  # fmt: skip


@pytest.mark.parametrize(("arms", "is_said"), ARMS, ids=lambda v: str(v)[:60])
def test_arms_of_objects_that_may_hold_at_once(
    tmp_path: Path, arms: list[Any], is_said: bool
) -> None:
    schema = {"type": "object", "anyOf": arms, "unevaluatedProperties": False}
    assert ("W814" in of_field(tmp_path, schema)[1]) == is_said


def test_fields_around_the_arms_are_fields_of_each(tmp_path: Path) -> None:
    needs = [{"required": ["b"]}, {"required": ["c"]}]
    schema = CLOSED | {"properties": {"b": STRING, "c": STRING}, "anyOf": needs}
    assert of_field(tmp_path, schema)[1] == []


@pytest.mark.parametrize(
    ("pattern", "is_said"),
    [
        ("^[a-z][a-z0-9_]*$", False),
        (r"^\d{4}-\d{2}$", False),
        ("^[a-z]", True),
        ("^.*$", True),
        ("^[^a]$", True),
    ],
)
def test_keys_that_documents_can_not_have(
    tmp_path: Path, pattern: str, is_said: bool
) -> None:
    schema = {"type": "object", "propertyNames": {"pattern": pattern}}
    assert ("W813" in of_field(tmp_path, schema)[1]) == is_said


def test_keys_are_said_once(tmp_path: Path) -> None:
    fields = {name: {"type": "object", "maxProperties": 2} for name in "bcd"}
    document = HEAD | CLOSED | {"properties": fields}
    _, found = of_json(tmp_path, document)
    assert [d.message for d in found] == [
        "3 objects of the source may have keys of any characters; here keys are printable ASCII"
    ]


def test_a_name_is_told_at_its_key(tmp_path: Path) -> None:
    source = (
        '{"type": "object", "additionalProperties": false,\n"properties": {"b-c": {}}}'
    )
    _, found = of_text(tmp_path, "thing.json", source)
    assert [line[:9] for line in told(found)] == ["2:16 W806"]
