"""Schemas and documents at random, and what JSON Schema and an imported schema say of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
from hypothesis import strategies as st

from codegen.diagnostics import Diagnostics
from codegen.importers.json_schema.reader import load_document
from codegen.importers.options import Options
from codegen.importers.places import Document
from codegen.ir.fitting import fits
from codegen.ir.model import Schema
from codegen.ir.types import Type
from codegen.ir.values import encode
from codegen.language.adaptation import adapted
from codegen.language.json_positions import JsonPositions

NAMES = ["a", "b", "c"]
TEXTS = ["", "a", "ab", "xyz"]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 4)
    | st.sampled_from([0.5, -1.5, 2.5])
    | st.sampled_from(TEXTS),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=5,
)


def _with(kind: Any, **keywords: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({"type": st.just(kind)}, optional=keywords)


def _number() -> st.SearchStrategy[Any]:
    bound = st.integers(-2, 3)
    return st.sampled_from(["integer", "number"]).flatmap(
        lambda kind: _with(
            kind,
            minimum=bound,
            maximum=bound,
            exclusiveMinimum=bound,
            exclusiveMaximum=bound,
        )
    )


_SMALL = st.integers(0, 3)
_LEAF = (
    st.just({})
    | _with(
        "string",
        minLength=_SMALL,
        maxLength=_SMALL,
        pattern=st.sampled_from(["a", "^x"]),
    )
    | _number()
    | _with("boolean")
    | st.builds(
        lambda value: {"const": value}, st.integers(-1, 2) | st.sampled_from(TEXTS)
    )
    | st.just({"type": "number", "multipleOf": 1})
    | st.just({"type": ["integer", "string", "null"], "minimum": 0, "maxLength": 1})
    | _with("null")
    | st.just({"type": ["string", "null"], "minLength": 1})
    | st.builds(
        lambda values: {"enum": values},
        st.lists(
            JSON.filter(lambda v: not isinstance(v, (dict, list))),
            min_size=1,
            max_size=3,
            unique_by=lambda v: json.dumps(v),
        ),
    )
    | st.builds(lambda name: {"$ref": f"#/$defs/{name}"}, st.sampled_from(["A", "B"]))
    | st.booleans()
)


def _object(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(
        lambda fields, required: {
            "type": "object",
            "properties": fields,
            "required": list(required),
            "additionalProperties": False,
        },
        st.dictionaries(st.sampled_from(NAMES), inner, min_size=1, max_size=3),
        st.lists(st.sampled_from(NAMES), unique=True, max_size=2),
    )


def _unevaluated(parts: list[Any]) -> dict[str, Any]:
    """Open objects together, closed around."""
    opened = [
        {k: v for k, v in part.items() if k != "additionalProperties"} for part in parts
    ]
    return {"type": "object", "allOf": opened, "unevaluatedProperties": False}


def _arms(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, min_size=1, max_size=3)


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return (
        _object(inner)
        | _with("array", items=inner, minItems=_SMALL, maxItems=_SMALL)
        | st.builds(
            lambda rest: {"type": "object", "additionalProperties": rest}, inner
        )
        | _with(
            "object",
            additionalProperties=inner,
            minProperties=_SMALL,
            maxProperties=_SMALL,
            propertyNames=st.sampled_from([{"pattern": "^[ab]"}, {"maxLength": 1}, {}]),
        )
        | st.builds(
            lambda one: {
                "type": "object",
                "patternProperties": {"^[ab]": one},
                "additionalProperties": False,
            },
            inner,
        )
        | st.builds(
            lambda one, other: _unevaluated([one, other]),
            _object(inner),
            _object(inner),
        )
        | st.builds(lambda arms: {"anyOf": arms}, _arms(inner))
        | st.builds(lambda arms: {"oneOf": arms}, _arms(inner))
        | st.builds(lambda arms: {"allOf": arms}, _arms(inner))
        | st.builds(
            lambda one, arms: one | {"anyOf": arms} if isinstance(one, dict) else one,
            _object(inner),
            _arms(inner),
        )
        | st.builds(
            lambda one, two: one | {"allOf": [two]} if isinstance(one, dict) else one,
            inner,
            inner,
        )
    )


SCHEMAS = st.recursive(_LEAF, _nested, max_leaves=6)


def imported(field: Any, definitions: dict[str, Any]) -> tuple[Schema, list[str]]:
    """The schema of documents whose field `value` has a schema; and the codes of what is lost."""
    found = Diagnostics()
    document = wrapped(field, definitions)
    positions = JsonPositions("test.json", json.dumps(document))
    loaded = load_document(
        Document("test.json", document, positions), Options(), found, "tests"
    )
    codes = [diagnostic.code for diagnostic in found]
    return loaded.schema if loaded else Schema(), codes


def wrapped(field: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"value": field, "other": {"type": "string"}},
        "additionalProperties": False,
        "$defs": definitions,
    }


def source_takes(schema: dict[str, Any], value: Any) -> bool:
    return jsonschema.Draft202012Validator(schema).is_valid(value)


def import_takes(schema: Schema, node: Type, value: Any) -> bool:
    return fits(encode(adapted(value, node, schema)), node, schema)


def written(path: Path, document: Any) -> str:
    path.write_text(json.dumps(document), "utf-8")
    return str(path)
