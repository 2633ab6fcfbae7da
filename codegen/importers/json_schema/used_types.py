"""The named types that the tables of a schema use, each before those that it uses itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from codegen.ir.model import NamedType, Table
from codegen.ir.types import (
    Array,
    Constrained,
    Named,
    Object,
    Record,
    Type,
    Union,
)


def used_types(
    tables: Iterable[Table], types: Mapping[str, NamedType]
) -> dict[str, NamedType]:
    """The types in the order in which the tables come to them."""
    used: dict[str, NamedType] = {}
    todo = [name for table in tables for name in names_in(table.document)]
    todo.reverse()
    while todo:
        name = todo.pop()
        if name not in used:
            used[name] = types[name]
            todo += reversed([*names_in(types[name].type)])
    return used


def names_in(node: Type) -> Iterator[str]:
    """The names that a type has inside, in order."""
    if isinstance(node, Named):
        yield node.name
    elif isinstance(node, Object):
        for field in node.fields:
            yield from names_in(field.type)
    elif isinstance(node, Union):
        for arm in node.arms:
            yield from names_in(arm)
    elif isinstance(node, Array):
        yield from names_in(node.element)
    elif isinstance(node, Record):
        yield from names_in(node.key)
        yield from names_in(node.value)
    elif isinstance(node, Constrained):
        yield from names_in(node.inner)
