"""What no value keeps to is said where it stands, and a document that needs it is refused there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .importing import HEAD, of_field, of_text, told

CLOSED = {"type": "object", "additionalProperties": False}

NOTHING: list[tuple[Any, str, str]] = [
    ({"type": "string", "enum": [200, 404]}, "enum", "`enum` has no value of type string"),
    ({"type": "string", "const": 5}, "const", "`const` has no value of type string"),
    ({"type": "string", "enum": []}, "enum", "`enum` leaves no value"),
    ({"enum": ["abc"], "maxLength": 2}, "enum", "what stands beside `enum` leaves none of its values"),
    ({"type": "string", "minLength": 5, "maxLength": 2}, "minLength", "`minLength` is more than `maxLength`"),
    ({"type": "array", "minItems": 5, "maxItems": 2}, "minItems", "`minItems` is more than `maxItems`"),
    ({"type": "integer", "minimum": 5, "maximum": 2}, "minimum", "no number is within these bounds"),
    ({"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 2}, "exclusiveMinimum", "no number is within these bounds"),
    ({"allOf": [{"type": "string"}, {"type": "integer"}]}, "type", "no value is both string and integer"),
    ({"type": "integer", "minimum": 1, "anyOf": [{"type": "null"}, {"enum": [0]}]}, "anyOf", "no arm of `anyOf` fits what holds around it"),
    ({"type": "string", "anyOf": [{"type": "null"}, {"const": 1}]}, "anyOf", "no arm of `anyOf` fits what holds around it"),
    (
        CLOSED | {"properties": {"b": {"type": "string", "enum": [1]}}, "required": ["b"]},
        "enum",
        '`enum` has no value of type string, and field "b" is required',
    ),
    (CLOSED | {"required": ["b"]}, "required", 'no field of this name is allowed, and field "b" is required'),
]  # fmt: skip


def _source(schema: Any, *, required: bool) -> tuple[str, dict[int, str]]:
    """A document with the field `a`; and the keys that stand on its lines."""
    document = HEAD | CLOSED | {"properties": {"b": {"type": "string"}, "a": schema}}
    if required:
        document["required"] = ["a"]
    text = json.dumps(document, indent=1)
    lines = enumerate(text.split("\n"), 1)
    return text, {n: line.strip().split('"')[1] for n, line in lines if '":' in line}


@pytest.mark.parametrize(
    ("schema", "keyword", "why"), NOTHING, ids=lambda v: str(v)[:60]
)
def test_a_field_that_can_only_be_absent(
    tmp_path: Path, schema: Any, keyword: str, why: str
) -> None:
    source, keys = _source(schema, required=False)
    text, found = of_text(tmp_path, "thing.json", source)
    assert [d.code for d in found] == ["W811"]
    assert found[0].message == f'{why}: field "a" can only be absent'
    assert found[0].span is not None
    assert keys[found[0].span.line] == keyword
    assert text is not None
    assert text.endswith("fields:\n      b?: str\n")


@pytest.mark.parametrize(
    ("schema", "keyword", "why"), NOTHING, ids=lambda v: str(v)[:60]
)
def test_a_document_that_needs_it(
    tmp_path: Path, schema: Any, keyword: str, why: str
) -> None:
    source, keys = _source(schema, required=True)
    text, found = of_text(tmp_path, "thing.json", source)
    assert (text, [d.code for d in found]) == (None, ["E805"])
    assert found[0].message == (
        f'{why}, and field "a" is required: no document can be what `thing` asks for'
    )
    assert found[0].span is not None
    assert keys[found[0].span.line] == keyword


def test_values_that_are_not_of_the_type_beside_them(tmp_path: Path) -> None:
    source = """\
openapi: 3.0.3
components:
  schemas:
    Order:
      type: object
      additionalProperties: false
      properties:
        a: {type: string, enum: [yes, no, true]}
        b: {type: integer, enum: [1, 1.5, x, null, 2.0, "3"]}
        c: {type: string, nullable: true, enum: [x, null]}
        d: {type: number, enum: [1, 2.5]}
        e: {type: string, enum: [x, null]}
"""
    text, found = of_text(tmp_path, "api.yaml", source)
    assert told(found) == [
        "8:27 W811 `enum` lists true, not of type string: it is left out",
        '9:28 W811 `enum` lists 1.5, "x", null and 1 more, not of type integer: they are left out',
        "12:27 W811 `enum` lists null, not of type string: it is left out",
    ]
    assert text is not None
    assert text.split("fields:\n")[1] == (
        '      a?: Literal["yes", "no"]\n'
        "      b?: Literal[1, 2]\n"
        '      c?: Literal["x"] | None\n'
        "      d?: Literal[1.0, 2.5]\n"
        '      e?: Literal["x"]\n'
    )


@pytest.mark.parametrize(
    ("schema", "expected", "message"),
    [
        (
            {"type": "array", "items": {"enum": []}},
            "a: Annotated[list[Any], MaxLen(0)]",
            "`enum` leaves no value: the list can only be empty",
        ),
        (
            {"type": "object", "additionalProperties": {"type": "string", "const": 1}},
            "a: {}",
            "`const` has no value of type string: there can be no key",
        ),
    ],
    ids=str,
)
def test_lists_and_dicts_of_nothing(
    tmp_path: Path, schema: Any, expected: str, message: str
) -> None:
    source, _ = _source(schema, required=True)
    _, found = of_text(tmp_path, "thing.json", source)
    assert [d.message for d in found] == [message]
    assert of_field(tmp_path, schema) == (expected, ["W811"])


@pytest.mark.parametrize(
    "schema",
    [
        CLOSED | {"properties": {"b": False}},
        {"type": "array", "items": False, "maxItems": 0},
        {"type": "object", "additionalProperties": False},
    ],
    ids=str,
)
def test_what_is_meant_to_be_nothing_is_not_told(tmp_path: Path, schema: Any) -> None:
    assert of_field(tmp_path, schema)[1] == []
