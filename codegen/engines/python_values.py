"""What a Python object stands for at a place of a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from codegen.ir.bounds import opened
from codegen.ir.model import Schema
from codegen.ir.types import (
    BIGINT,
    COMMIT_TS,
    NUMBER,
    Array,
    Literal,
    Object,
    Record,
    Type,
)
from codegen.ir.values import INT64, Value, decode
from codegen.runtime.model import Model
from codegen.runtime.scalars import Int64


def stored_value(value: object, types: Sequence[Type], schema: Schema) -> Value:
    """The value that a Python object stands for at a place of these types.

    An `int` is an int64 where the place can hold one, else a float64.
    """
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return _number(value, types)
    if isinstance(value, (float, bytes)):
        return value
    if isinstance(value, Model):
        return decode(cast(Any, value.to_wire()))
    if isinstance(value, (list, tuple)):
        elements = _opened(
            (type_.element for type_ in types if isinstance(type_, Array)), schema
        )
        items = cast("Sequence[object]", value)
        return [stored_value(item, elements, schema) for item in items]
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        if not all(type(name) is str for name in fields):
            raise ValueError("the names of an object's fields are texts")
        return {
            name: stored_value(item, _inside(name, types, schema), schema)
            for name, item in fields.items()
        }
    raise ValueError(f"{type(value).__name__} is not a value that documents hold")


def _number(value: int, types: Sequence[Type]) -> int | float:
    if isinstance(value, Int64) or any(
        type_ in (BIGINT, COMMIT_TS)
        or (isinstance(type_, Literal) and type_.kind == "bigint")
        for type_ in types
    ):
        # `range` walks through all its numbers for a subclass of `int`.
        if int(value) not in INT64:
            raise ValueError(f"{value} does not fit in 64 bits")
        return int(value)
    return float(value)


def _inside(name: str, types: Sequence[Type], schema: Schema) -> tuple[Type, ...]:
    """The types of a field, or of a record's value."""
    found: list[Type] = []
    for type_ in types:
        if isinstance(type_, Record):
            found.append(type_.value)
        elif isinstance(type_, Object):
            found += [field.type for field in type_.fields if field.name == name]
    return _opened(found, schema)


def _opened(types: Iterable[Type], schema: Schema) -> tuple[Type, ...]:
    return tuple(opened(types, schema)) or (NUMBER,)
