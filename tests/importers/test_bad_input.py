"""Sources that are broken, hostile or large: a clear answer, in bounded time."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from .importing import HEAD, of_json, of_text, told


@pytest.mark.parametrize(
    ("name", "source", "message"),
    [
        ("a.yaml", "openapi: 3.0.0\na: [1, 2", "3:1 E801 not YAML: did not find expected ',' or ']'"),
        ("a.yaml", "openapi: 3.0.0\na: 1\na: 2\n", '3:1 E801 key "a" is there twice'),
        ("a.yaml", "openapi: 3.0.0\n? [a]\n: 1\n", "2:3 E801 a key must be a text"),
        ("a.yaml", "openapi: 3.0.0\na: &a [*a]\n", "2:4 E801 an alias leads back to what it is in"),
        ("a.yaml", "openapi: 3.0.0\na: \x00", "1:1 E801 not YAML: control characters are not allowed"),
        ("a.yaml", "openapi: 3.0.0\na: *b\n", "2:4 E801 not YAML: found undefined alias"),
        ("a.json", '{"$schema": "", "$schema": ""}', '1:17 E801 key "$schema" is there twice'),
        ("a.json", '{"$schema": "", "$ref": 1}', "1:17 E803 a `$ref` must be a text"),
        ("a.json", '{"$schema": ""}', "1:1 E805 there is no object with fields here that could be a table"),
        ("a.json", '{"$schema": "", "type": "string"}', "1:1 E805 there is no object with fields here that could be a table"),
    ],
)  # fmt: skip
def test_what_is_no_schema(
    tmp_path: Path, name: str, source: str, message: str
) -> None:
    text, found = of_text(tmp_path, name, source)
    assert (text, told(found)) == (None, [message])


@pytest.mark.parametrize(
    "value", [None, 1, "x", [], {}, [1], {"a": 1}, True, {"a": None}], ids=str
)
@pytest.mark.parametrize(
    "keyword",
    [
        *("type", "enum", "properties", "required", "items", "allOf", "anyOf", "oneOf"),
        *("not", "pattern", "minLength", "minimum", "additionalProperties", "$id"),
        *(
            "patternProperties",
            "propertyNames",
            "prefixItems",
            "if",
            "default",
            "title",
        ),
        *(
            "description",
            "format",
            "nullable",
            "$defs",
            "$anchor",
            "multipleOf",
            "const",
        ),
        *(
            "minItems",
            "maxProperties",
            "dependentRequired",
            "exclusiveMinimum",
            "$schema",
        ),
    ],
)
def test_a_keyword_with_a_wrong_value(tmp_path: Path, keyword: str, value: Any) -> None:
    """Whatever it is, there is a schema, or an error, and no exception."""
    inner = {"type": ["object", "string", "array", "number"], keyword: value}
    document = {"type": "object", "properties": {"a": inner}}
    text, found = of_json(tmp_path, document)
    assert text is not None or any(d.code.startswith("E") for d in found)
    document = {"type": "object", "properties": {"a": {}}, keyword: value}
    text, found = of_json(tmp_path, document)
    assert text is not None or any(d.code.startswith("E") for d in found)


def _chain(step: Any, end: Any, length: int) -> dict[str, Any]:
    definitions = {f"L{i}": step(i, f"#/$defs/L{i + 1}") for i in range(length)}
    return {"$ref": "#/$defs/L0", "$defs": definitions | {f"L{length}": end}}


END = {"type": "object", "properties": {"x": {"type": "string"}}}


@pytest.mark.parametrize(
    ("step", "length"),
    [
        (lambda i, to: {"type": "object", "properties": {"a": {"$ref": to}, "b": {"$ref": to}}}, 60),
        (lambda i, to: {"type": "object", "properties": {"a": {"$ref": to}}}, 3000),
        (lambda i, to: {"allOf": [{"$ref": to}, {"$ref": to}]}, 60),
        (lambda i, to: {"allOf": [{"$ref": to}]}, 3000),
        (lambda i, to: {"$ref": to}, 3000),
        (lambda i, to: {"type": "object", "anyOf": [{"$ref": to}, {"properties": {f"y{i}": {"$ref": to}}}]}, 60),
        (lambda i, to: {"allOf": [{"anyOf": [{"$ref": to}, {"required": [f"y{i}"]}]}, {"oneOf": [{"$ref": to}, {"required": [f"z{i}"]}]}]}, 60),
    ],
)  # fmt: skip
def test_what_grows_when_it_is_written_out(
    tmp_path: Path, step: Any, length: int
) -> None:
    started = time.process_time()
    text, found = of_json(tmp_path, _chain(step, END, length))
    assert text is not None or any(d.code.startswith("E") for d in found)
    assert time.process_time() - started < 30


def test_deep_nesting(tmp_path: Path) -> None:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(140):
        schema = {"type": "object", "properties": {"a": schema}}
    text, found = of_json(tmp_path, schema)
    assert (text, [d.code for d in found if d.code.startswith("E")]) == (None, ["E217"])
    source = json.dumps(HEAD)[:-1] + ', "a": ' + "[" * 400 + "]" * 400 + "}"
    text, found = of_text(tmp_path, "deep.json", source)
    assert (text, [d.code for d in found]) == (None, ["E806"])


@pytest.mark.parametrize(
    ("inner", "levels"),
    [
        ({"type": "string"}, 41),
        ({"enum": ["x", "y"]}, 39),
        ({"enum": ["x", "y"], "description": "a text of some length"}, 40),
    ],
    ids=str,
)
def test_fields_that_begin_far_to_the_right(
    tmp_path: Path, inner: Any, levels: int
) -> None:
    schema: dict[str, Any] = inner
    for _ in range(levels):
        fields = {"a": schema}
        schema = {"type": "object", "properties": fields, "additionalProperties": False}
    text, found = of_json(tmp_path, schema)
    assert found == []
    assert text is not None
    assert max(map(len, text.split("\n"))) > 88


def test_aliases_that_multiply(tmp_path: Path) -> None:
    lines = ["openapi: 3.0.0", "a: &a [x, x, x, x, x, x, x, x, x]"]
    for here, before in zip("bcdefghijk", "abcdefghij", strict=True):
        lines.append(f"{here}: &{here} [{', '.join([f'*{before}'] * 9)}]")
    text, found = of_text(tmp_path, "laugh.yaml", "\n".join(lines))
    assert (text, told(found)) == (
        None,
        ["8:4 E801 aliases make this document too large"],
    )


@pytest.mark.slow
def test_twenty_megabytes(tmp_path: Path) -> None:
    fields = {f"f{i}": {"type": "string", "minLength": i} for i in range(6)}
    definition = {"type": "object", "description": "x" * 80, "properties": fields}
    definitions = {f"Type{i}": definition for i in range(60_000)}
    used = {f"p{i}": {"$ref": f"#/$defs/Type{i}"} for i in range(300)}
    document = {"type": "object", "properties": used, "$defs": definitions}
    started = time.process_time()
    text, found = of_json(tmp_path, document)
    assert (tmp_path / "thing.json").stat().st_size > 20_000_000
    assert [d.code for d in found] == ["W802"]
    assert text is not None
    assert "      p299?: Type299\n" in text
    assert time.process_time() - started < 120
