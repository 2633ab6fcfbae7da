"""Ids as the lines of a diagram: from the table that they are of to the one that holds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from codegen.ir.model import Schema, Table
from codegen.ir.types import (
    Array,
    Constrained,
    Id,
    Named,
    Object,
    Record,
    Type,
    Union,
)

from .fields import is_unique, shapes
from .text import quoted


@dataclass(frozen=True)
class _Reference:
    """Ids of a table at a dotted path; `optional` if there may be none, `many` if several."""

    path: str
    table: str
    optional: bool
    many: bool


def relations(table: Table, schema: Schema) -> Iterator[str]:
    """A line for each place of a table's documents and each table whose ids it holds."""
    kinds = [
        _combined(_references(shape, "", False, False, schema) if shape else ())
        for shape in shapes(table.document, schema)
    ]
    places = dict.fromkeys(place for kind in kinds for place in kind)
    for path, target in places:
        found = [kind[path, target] for kind in kinds if (path, target) in kind]
        many = any(reference.many for reference in found)
        optional = len(found) < len(kinds) or any(r.optional for r in found)
        one = is_unique(table, path) and not many
        of = "}o" if many else "|o" if optional else "||"
        holder = "o|" if one else "o{"
        yield f'"{target}" {of}--{holder} "{table.name}" : {quoted(path)}'


def _combined(
    references: Iterator[_Reference] | tuple[()],
) -> dict[tuple[str, str], _Reference]:
    """One reference for each path and table: what holds of all that are there."""
    found: dict[tuple[str, str], _Reference] = {}
    for one in references:
        key = one.path, one.table
        other = found.get(key, one)
        optional, many = one.optional or other.optional, one.many or other.many
        found[key] = _Reference(one.path, one.table, optional, many)
    return found


def _references(
    node: Type, path: str, optional: bool, many: bool, schema: Schema
) -> Iterator[_Reference]:
    if isinstance(node, Id):
        yield _Reference(path, node.table, optional, many)
    elif isinstance(node, Named):
        inner = schema.types[node.name].type
        yield from _references(inner, path, optional, many, schema)
    elif isinstance(node, Constrained):
        yield from _references(node.inner, path, optional, many, schema)
    elif isinstance(node, Array):
        yield from _references(node.element, path, True, True, schema)
    elif isinstance(node, Record):
        yield from _references(node.key, path, True, True, schema)
        yield from _references(node.value, path, True, True, schema)
    elif isinstance(node, Union):
        several = len(node.arms) > 1
        for arm in node.arms:
            yield from _references(arm, path, optional or several, many, schema)
    elif isinstance(node, Object):
        for field in node.fields:
            place = f"{path}.{field.name}" if path else field.name
            absent = optional or field.optional
            yield from _references(field.type, place, absent, many, schema)
