"""From the bounds of a query to the stretch of keys that they mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from codegen.ir.bounds import bound, opened
from codegen.ir.model import Schema
from codegen.ir.types import (
    ANY,
    BIGINT,
    COMMIT_TS,
    NULL,
    NUMBER,
    Array,
    Literal,
    Object,
    Record,
    Type,
)
from codegen.ir.values import INT64, Value, decode
from codegen.runtime.errors import InvalidQuery
from codegen.runtime.model import Model
from codegen.runtime.presence import ABSENT, Absent
from codegen.runtime.ranges import Bound, Range
from codegen.runtime.scalars import Int64

from .keys import AFTER, Indexed, key


@dataclass(frozen=True, slots=True)
class IndexField:
    """A field of an index: its path, and what a bound in Python stands for there.

    `none` is null where the field admits null, else absent.
    """

    path: tuple[str, ...]
    types: tuple[Type, ...]
    none: Indexed
    schema: Schema

    @classmethod
    def of(cls, path: str, document: Type, schema: Schema) -> IndexField:
        found = bound((document,), path, schema)
        ends = [ANY] if found.anything else [field.type for field in found.fields]
        types = tuple(opened(ends, schema))
        null = NULL in types or ANY in types
        names = tuple(path.strip(".").split("."))
        return cls(names, types, None if null else ABSENT, schema)

    def key(self, value: object) -> bytes:
        """The key of a bound; an `InvalidQuery` when it is no value of Convex."""
        if value is None:
            return key(self.none)
        if isinstance(value, Absent):
            return key(value)
        try:
            return key(_converted(value, self.types, self.schema))
        except (ValueError, OverflowError) as error:
            name = ".".join(self.path)
            raise InvalidQuery(f"bound on `{name}`: {error}") from None


def key_range(
    index: str, fields: Sequence[IndexField], bounds: Sequence[object]
) -> tuple[bytes, bytes]:
    """The keys that bounds on the first fields of an index mean: from one to before another."""
    if len(bounds) > len(fields):
        raise InvalidQuery(
            f"index `{index}` has {len(fields)} fields, and got {len(bounds)} bounds"
        )
    prefix = b""
    for field, value in zip(fields, bounds, strict=False):
        if isinstance(value, Range):
            return _within(prefix, field, cast("Range[object]", value))
        prefix += field.key(value)
    return prefix, prefix + AFTER


def _within(
    prefix: bytes, field: IndexField, range_: Range[object]
) -> tuple[bytes, bytes]:
    lower, upper = prefix, prefix + AFTER
    if range_.lower is not None:
        lower = _end(prefix, field, range_.lower, before=range_.lower.inclusive)
    if range_.upper is not None:
        upper = _end(prefix, field, range_.upper, before=not range_.upper.inclusive)
    return lower, upper


def _end(
    prefix: bytes, field: IndexField, end: Bound[object], *, before: bool
) -> bytes:
    """A place before, or after, all keys that begin with the bound's value."""
    place = prefix + field.key(end.value)
    return place if before else place + AFTER


def _converted(value: object, types: Sequence[Type], schema: Schema) -> Value:
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
        return [_converted(item, elements, schema) for item in items]
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        if not all(type(name) is str for name in fields):
            raise ValueError("the names of an object's fields are texts")
        return {
            name: _converted(item, _inside(name, types, schema), schema)
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
