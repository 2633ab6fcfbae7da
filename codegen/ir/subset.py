"""Whether every value of one type is a value of another.

Like the server's own rule it errs to one side only: it may say no where the answer is yes,
for two types that are written very differently, and never the other way round.
"""

from __future__ import annotations

from typing import Final

from .model import Schema
from .types import (
    ANY,
    BIGINT,
    BOOLEAN,
    COMMIT_TS,
    STRING,
    Array,
    Constrained,
    Constraint,
    Doc,
    Id,
    Literal,
    Named,
    Object,
    Record,
    Scalar,
    Type,
    Union,
)
from .values import same
from .whole_documents import whole_document

_AT_LEAST: Final = ("ge", "gt", "minLength")
_INT64: Final = (BIGINT, COMMIT_TS)


def is_subset(
    left: Type, left_schema: Schema, right: Type, right_schema: Schema
) -> bool:
    """Whether all values of `left` fit `right`; each is named in its own schema."""
    return _Subset(left_schema, right_schema).holds(left, right)


class _Subset:
    def __init__(self, left: Schema, right: Schema) -> None:
        self._left = left
        self._right = right

    def holds(self, left: Type, right: Type) -> bool:
        while isinstance(left, Named):
            left = self._left.types[left.name].type
        while isinstance(right, Named):
            right = self._right.types[right.name].type
        if right == ANY:
            return True
        if isinstance(left, Doc):
            left = whole_document(left.table, self._left)
        if isinstance(right, Doc):
            right = whole_document(right.table, self._right)
        if isinstance(left, Union):
            return all(self.holds(arm, right) for arm in left.arms)
        if isinstance(right, Union):
            return self._in_union(left, right)
        if isinstance(right, Constrained):
            return self._in_constrained(left, right)
        if isinstance(left, Constrained):
            return self.holds(left.inner, right)
        if isinstance(left, Array) and isinstance(right, Array):
            return self.holds(left.element, right.element)
        if isinstance(left, Record) and isinstance(right, Record):
            return self.holds(left.key, right.key) and self.holds(
                left.value, right.value
            )
        if isinstance(left, Object) and isinstance(right, Object):
            return self._in_object(left, right)
        if isinstance(left, Literal):
            return _has_literal(right, left)
        if isinstance(left, Id) and right == STRING:
            return True
        return left == right or (left in _INT64 and right in _INT64)

    def _in_union(self, left: Type, right: Union) -> bool:
        if any(self.holds(left, arm) for arm in right.arms):
            return True
        return left == BOOLEAN and all(
            self.holds(Literal.of(value), right) for value in (True, False)
        )

    def _in_constrained(self, left: Type, right: Constrained) -> bool:
        known: list[Constraint] = []
        inner = left
        while isinstance(inner, Constrained):
            known += inner.constraints
            inner = inner.inner
        implied = all(
            any(_implies(given, wanted) for given in known)
            for wanted in right.constraints
        )
        return implied and self.holds(left, right.inner)

    def _in_object(self, left: Object, right: Object) -> bool:
        theirs = {field.name: field for field in right.fields}
        for field in left.fields:
            other = theirs.pop(field.name, None)
            if other is None or (field.optional and not other.optional):
                return False
            if not self.holds(field.type, other.type):
                return False
        return all(field.optional for field in theirs.values())


def _has_literal(right: Type, literal: Literal) -> bool:
    if isinstance(right, Literal):
        return same(literal.value, right.value)
    if isinstance(right, Scalar):
        return right.kind == literal.kind or (
            literal.kind == "bigint" and right == COMMIT_TS
        )
    return False


def _implies(given: Constraint, wanted: Constraint) -> bool:
    if given.kind != wanted.kind:
        return False
    if isinstance(given.value, str) or isinstance(wanted.value, str):
        return given.value == wanted.value
    if given.kind in _AT_LEAST:
        return given.value >= wanted.value
    return given.value <= wanted.value
