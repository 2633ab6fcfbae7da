"""Where JSON Schema, or the models that are made of it, can't say what the schema says."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.ir.fitting import fits
from codegen.ir.model import Schema
from codegen.ir.types import (
    BIGINT,
    NEVER,
    Array,
    Constrained,
    JsonValue,
    Literal,
    Named,
    Object,
    Record,
    Type,
    Union,
)

INT64_BOUND = "an int64 out of bounds: its base64 has no order"
NUMBER_FOR_BOOLEAN = "a number for a boolean: Pydantic's Literal[True] takes 1 and 1.0"
NO_VALUES = "a type without values: datamodel-code-generator has Any for it"

OF_JSON_SCHEMA = {INT64_BOUND}
OF_THEIR_MODELS = {INT64_BOUND, NUMBER_FOR_BOOLEAN, NO_VALUES}


def gaps(value: JsonValue, node: Type, schema: Schema) -> Iterator[str]:
    """The gaps that a value touches when it is read as a type."""
    if isinstance(node, Literal):
        if (
            node.kind == "boolean"
            and value == node.value
            and not isinstance(value, bool)
        ):
            yield NUMBER_FOR_BOOLEAN
    elif node == NEVER:
        yield NO_VALUES
    elif isinstance(node, Union):
        for arm in node.arms:
            yield from gaps(value, arm, schema)
    elif isinstance(node, Named):
        yield from gaps(value, schema.types[node.name].type, schema)
    elif isinstance(node, Constrained):
        if fits(value, BIGINT, schema) and not fits(value, node, schema):
            yield INT64_BOUND
        yield from gaps(value, node.inner, schema)
    elif isinstance(node, Array) and isinstance(value, list):
        for item in value:
            yield from gaps(item, node.element, schema)
    elif isinstance(node, Record) and isinstance(value, dict):
        for item in value.values():
            yield from gaps(item, node.value, schema)
    elif isinstance(node, Object) and isinstance(value, dict):
        for field in node.fields:
            if field.name in value:
                yield from gaps(value[field.name], field.type, schema)
