"""From the bounds of a query to the stretch of keys that they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from codegen.ir.bounds import bound, opened
from codegen.ir.model import Schema
from codegen.ir.types import (
    ANY,
    NULL,
    Type,
)
from codegen.runtime.errors import InvalidQuery
from codegen.runtime.presence import ABSENT, Absent
from codegen.runtime.ranges import Bound, Range

from .keys import AFTER, Indexed, key
from .python_values import stored_value


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
        try:
            return key(self._value(value))
        except (ValueError, OverflowError) as error:
            raise self._refused(error) from None

    def value(self, value: object) -> Indexed:
        """What a bound stands for; an `InvalidQuery` when it is no value of Convex."""
        try:
            return self._value(value)
        except (ValueError, OverflowError) as error:
            raise self._refused(error) from None

    def _value(self, value: object) -> Indexed:
        if value is None:
            return self.none
        if isinstance(value, Absent):
            return value
        return stored_value(value, self.types, self.schema)

    def _refused(self, error: Exception) -> InvalidQuery:
        return InvalidQuery(f"bound on `{'.'.join(self.path)}`: {error}")


def key_range(
    index: str, fields: Sequence[IndexField], bounds: Sequence[object]
) -> tuple[bytes, bytes]:
    """The keys that bounds on the first fields of an index mean: from one to before another."""
    check_bounds(index, fields, bounds)
    prefix = b""
    for field, value in zip(fields, bounds, strict=False):
        if isinstance(value, Range):
            return _within(prefix, field, cast("Range[object]", value))
        prefix += field.key(value)
    return prefix, prefix + AFTER


def check_bounds(
    index: str, fields: Sequence[IndexField], bounds: Sequence[object]
) -> None:
    """Raises an `InvalidQuery` for more bounds than the index has fields."""
    if len(bounds) > len(fields):
        raise InvalidQuery(
            f"index `{index}` has {len(fields)} fields, and got {len(bounds)} bounds"
        )


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
