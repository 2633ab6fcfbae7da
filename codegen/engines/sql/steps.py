"""What applying a schema does to a database, said before it is done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

from codegen.ir.model import Schema

from ..digest import schema_digest
from .catalog import Catalog
from .documents import count
from .evolution import planned, renamed, still_fit
from .layout import Layout
from .side_tables import others

Kind: TypeAlias = Literal[
    "new table",
    "renamed table",
    "table gone",
    "check",
    "new index",
    "index gone",
    "unique",
]


class Step(NamedTuple):
    """One thing that is done to a table, whose number of `documents` says how long it takes.

    `name` is that of an index, or the former one of a table.
    """

    kind: Kind
    table: str
    name: str = ""
    documents: int = 0


def steps(catalog: Catalog, schema: Schema) -> Iterator[Step]:
    """All steps, by the tables' names; none where there is nothing to do."""
    before = None if catalog.is_empty() else catalog.latest_schema()
    if before is None:
        yield from (Step("new table", name) for name in sorted(schema.tables))
        return
    same = before.digest == schema_digest(schema)
    found = catalog.layouts()
    new = planned(catalog, schema)
    former = {layout.number: name for name, layout in found.items()}
    old = renamed(schema, found)
    for name, layout in sorted(new.items()):
        if name not in old:
            yield Step("new table", name)
        elif name not in schema.tables:
            if name in before.schema.tables:
                yield Step("table gone", name, documents=count(catalog, layout))
        else:
            documents = count(catalog, old[name])
            if former[layout.number] != name:
                yield Step("renamed table", name, former[layout.number], documents)
            if not same and not still_fit(name, before.schema, schema):
                yield Step("check", name, documents=documents)
            for kind, index in _indexes(old[name], layout):
                yield Step(kind, name, index, documents)


def _indexes(old: Layout, new: Layout) -> Iterator[tuple[Kind, str]]:
    """What is done to the indexes of a table, with their names."""
    for index in others(old.sides, new.sides):
        yield "index gone", index
    added = others(new.sides, old.sides)
    for index, side in new.sides.items():
        if index in added or not side.is_built:
            yield "new index", index
    columns = {column.name: column for column in old.columns.values()}
    kept = {column.name for column in new.columns.values()}
    for index, column in old.columns.items():
        if column.name not in kept:
            yield "index gone", index
    for index, column in new.columns.items():
        known = columns.get(column.name)
        if known is None or not known.is_built:
            yield "new index", index
        if column.unique and not (known and known.unique):
            yield "unique", index
