"""The JSON Schema that editors use says of a file what the reader says."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.language.native_samples import VALID
from tests.language.reading_support import read

SCHEMA = json.loads(
    files("codegen.language").joinpath("native.schema.json").read_text("utf-8")
)
VALIDATOR = Draft202012Validator(SCHEMA)
TABLE = "tables:\n  t:\n    "


def test_it_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("text", VALID.values(), ids=VALID.keys())
def test_it_accepts_what_is_right(text: str) -> None:
    assert [
        error.message
        for error in VALIDATOR.iter_errors(yaml.load(text, yaml.CSafeLoader))
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "table: {}",
        "tables: [t]",
        "tables: {t: }",
        "tables: {t: {}}",
        "functions: []",
        "functions: {list: {kind: query}}",
        "functions: {m:list: {}}",
        "functions: {m:list: {kind: Query}}",
        "functions: {m:list: {kind: query, args: [str]}}",
        "functions: {m:list: {kind: query, args: {$type: str}}}",
        "functions: {m:list: {kind: query, returns: }}",
        "functions: {m:list: {kind: query, returns: {$default: 1, a: str}}}",
        "types: {lower: str}",
        "types: {T: }",
        "types: {T: {$default: 1, a: str}}",
        "types: {T: {$type: str, a: str}}",
        TABLE + "feilds: {a: str}",
        TABLE + "fields: Str",
        TABLE + "fields: [a]",
        TABLE + "fields: {a: }",
        TABLE + "fields: {a: [str]}",
        TABLE + "fields: {a: ''}",
        TABLE + "fields: {a: {$typo: str}}",
        TABLE + "fields: {a: {$type: str, b: str}}",
        TABLE + "fields: {a: {$type: {$type: str}}}",
        TABLE + "fields: {a: {b: }}",
        TABLE + "fields: {$type: str}",
        TABLE + "fields: {a: str}\n    union: {A: {a: str}}",
        TABLE + "union: {a: {x: str}}",
        TABLE + "union: {A: str}",
        TABLE + "fields: Any\n    model: lower",
        TABLE + "fields: Any\n    description:",
        TABLE + "fields: Any\n    staged: {}",
        TABLE + "fields: Any\n    staged: {fields: Any, model: T}",
        TABLE + "fields: Any\n    indexes: [a]",
        TABLE + "fields: Any\n    indexes: {a: a}",
        TABLE + "fields: Any\n    indexes: {a: {unique: true}}",
        TABLE + "fields: Any\n    indexes: {a: {fields: [a], unique: 1}}",
        TABLE + "fields: Any\n    indexes: {a: {fields: [a], uniqe: true}}",
        TABLE + "fields: Any\n    searchIndexes: {a: {filters: [a]}}",
        TABLE + "fields: Any\n    vectorIndexes: {a: {field: a}}",
        TABLE + "fields: Any\n    vectorIndexes: {a: {field: a, dimensions: x}}",
    ],
)
def test_it_refuses_what_the_reader_refuses(text: str) -> None:
    data: Any = yaml.load(text, yaml.CSafeLoader)
    assert list(VALIDATOR.iter_errors(data)) != []
    assert read(text)[1] != []


def test_everything_that_can_be_written_is_described() -> None:
    """An editor shows something for each key of the top, of a table and of a field."""
    definitions = SCHEMA["$defs"]
    described = {
        **SCHEMA["properties"],
        **definitions["table"]["properties"],
        **definitions["document"]["properties"],
        **definitions["describedField"]["properties"],
    }
    for key, value in described.items():
        if "description" not in value:
            name = value["$ref"].rpartition("/")[2]
            assert definitions[name]["description"], key
