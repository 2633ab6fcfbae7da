"""In which order tables are filled, so that most references lead to what is there already."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from codegen.ir.model import Schema
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


def in_order(schema: Schema, tables: Collection[str]) -> list[str]:
    """The tables, each after those that its documents refer to, as far as there is no circle."""
    ordered: dict[str, None] = {}
    entered: set[str] = set()

    def enter(table: str) -> None:
        if table in entered:
            return
        entered.add(table)
        referred = _referred(schema.tables[table].document, schema)
        for other in sorted({*referred} & {*tables}):
            enter(other)
        ordered[table] = None

    for table in sorted(tables):
        enter(table)
    return [*ordered]


def _referred(node: Type, schema: Schema) -> Iterator[str]:
    match node:
        case Id(table):
            yield table
        case Named(name):
            yield from _referred(schema.types[name].type, schema)
        case Constrained(inner):
            yield from _referred(inner, schema)
        case Array(element):
            yield from _referred(element, schema)
        case Record(key, value):
            yield from _referred(key, schema)
            yield from _referred(value, schema)
        case Union(arms):
            for arm in arms:
                yield from _referred(arm, schema)
        case Object(fields):
            for field in fields:
                yield from _referred(field.type, schema)
        case _:
            pass
