"""Puts other ids into documents, wherever their types say that there are ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from codegen.engines.ids import decode
from codegen.engines.references import Check, References, id_fault
from codegen.ir.bounds import opened
from codegen.ir.fitting import fits
from codegen.ir.model import Schema
from codegen.ir.types import (
    Array,
    Constrained,
    Id,
    Literal,
    Named,
    Object,
    Record,
    Type,
)

Visit: TypeAlias = Callable[[str], str]
"""Gets an id, and gives what is to be in its place."""

Rewrite: TypeAlias = Callable[[Any, Visit], Any]
"""A copy of encoded JSON that fits the type already, with other ids."""

_WITH_PARTS: Final = (Array, Object, Record)


class Rewriting:
    """Makes what rewrites values of types; `tables` are the names of tables by their numbers."""

    def __init__(self, schema: Schema, tables: Mapping[int, str]) -> None:
        self._schema = schema
        self._tables = tables
        self._references = References(schema, tables)

    def of(self, node: Type) -> Rewrite | None:
        """What rewrites values of a type, or None when it has no ids inside."""
        if isinstance(node, Named):
            return self.of(self._schema.types[node.name].type)
        if isinstance(node, Constrained):
            return self.of(node.inner)
        if isinstance(node, Array):
            return _items(self.of(node.element))
        if isinstance(node, Record):
            return _entries(self.of(node.key), self.of(node.value))
        if isinstance(node, Object):
            inner = {field.name: self.of(field.type) for field in node.fields}
            return _fields({name: made for name, made in inner.items() if made})
        arms = tuple(opened((node,), self._schema))
        return self._text(arms, self._parts(arms))

    def _text(self, arms: Sequence[Type], parts: Rewrite | None) -> Rewrite | None:
        wanted = tuple(arm.table for arm in arms if isinstance(arm, Id))
        if not wanted:
            return parts
        literals = {arm.value for arm in arms if isinstance(arm, Literal)}
        known = self._tables

        def rewrite(value: Any, visit: Visit) -> Any:
            if not isinstance(value, str):
                return parts(value, visit) if parts else value
            # Beside other texts, an id is what can be one.
            if value in literals or id_fault(value, known, wanted):
                return value
            return visit(value)

        return rewrite

    def _parts(self, arms: Sequence[Type]) -> Rewrite | None:
        """What rewrites by the arm with parts that a value fits, those with ids first."""
        made = [
            (arm, self.of(arm), self._references.check(arm))
            for arm in arms
            if isinstance(arm, _WITH_PARTS)
        ]
        made.sort(key=lambda one: one[1] is None)
        if not made or made[0][1] is None:
            return None

        def rewrite(value: Any, visit: Visit) -> Any:
            for arm, inner, check in made:
                if self._is_of(value, arm, check):
                    return inner(value, visit) if inner else value
            return value

        return rewrite

    def _is_of(self, value: Any, arm: Type, check: Check | None) -> bool:
        if value.__class__ is not (list if isinstance(arm, Array) else dict):
            return False
        return fits(value, arm, self._schema) and not (check and check(value))


def look_like_ids(value: Any, tables: Mapping[int, str]) -> Iterator[str]:
    """The texts inside of encoded JSON that could be ids of these tables."""
    if value.__class__ is str:
        if 31 <= len(value) <= 37 and _number(value) in tables:
            yield value
    elif value.__class__ is list:
        for item in value:
            yield from look_like_ids(item, tables)
    elif value.__class__ is dict:
        for name, item in value.items():
            yield from look_like_ids(name, tables)
            yield from look_like_ids(item, tables)


def _number(text: str) -> int | None:
    try:
        return decode(text)[0]
    except ValueError:
        return None


def _items(inner: Rewrite | None) -> Rewrite | None:
    if inner is None:
        return None
    return lambda value, visit: [inner(item, visit) for item in value]


def _entries(key: Rewrite | None, value: Rewrite | None) -> Rewrite | None:
    if key is None and value is None:
        return None

    def rewrite(entries: Any, visit: Visit) -> Any:
        return {
            key(name, visit) if key else name: value(item, visit) if value else item
            for name, item in entries.items()
        }

    return rewrite


def _fields(inner: Mapping[str, Rewrite]) -> Rewrite | None:
    if not inner:
        return None

    def rewrite(fields: Any, visit: Visit) -> Any:
        return {
            name: inner[name](value, visit) if name in inner else value
            for name, value in fields.items()
        }

    return rewrite
