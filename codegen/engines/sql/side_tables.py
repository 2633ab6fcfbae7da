"""Brings search and vector indexes to a schema: tables beside those of the documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from codegen.ir.model import Table, VectorIndex

from ..table_rows import TableRows
from .catalog import Catalog
from .dialect import Dialect
from .documents import documents
from .layout import Layout, SideTable


def planned_sides(
    dialect: Dialect,
    table: Table,
    old: Mapping[str, SideTable],
    new_name: Callable[[str], str],
) -> dict[str, SideTable]:
    """The side tables to be: one that was made for the same stays."""
    sides: dict[str, SideTable] = {}
    for index in table.side_indexes:
        definition = replace(index, staged=False)
        known = old.get(index.name)
        if known and known.definition == definition:
            sides[index.name] = known
        else:
            form = ""
            if isinstance(definition, VectorIndex):
                form = dialect.vector_form(definition.dimensions)
            sides[index.name] = SideTable(new_name(index.name), definition, form)
    return sides


def bring_sides(catalog: Catalog, old: Layout, new: Layout) -> None:
    """Drops and makes side tables; new ones are empty yet."""
    dialect = catalog.dialect
    for side in others(old.sides, new.sides).values():
        catalog.connection.execute(dialect.drop_side(old, side))
    for side in others(new.sides, old.sides).values():
        for statement in dialect.create_side(new, side):
            catalog.connection.execute(statement)


def fill_sides(catalog: Catalog, old: Layout, new: Layout, table: TableRows) -> None:
    """Enters all documents of a table into its new indexes."""
    added = others(new.sides, old.sides)
    if not added:
        return
    entered = {index.name: index for index in table.entered}
    for portion in documents(catalog, new):
        stored = [(one, table.stored(one.text, one.id)) for one in portion]
        for name, side in added.items():
            entry = entered[name].entry
            rows = [
                (one.id, one.creation_time, found)
                for one, document in stored
                if (found := entry(document))
            ]
            if rows:
                catalog.dialect.enter(new, side, rows)


def others(
    sides: Mapping[str, SideTable], known: Mapping[str, SideTable]
) -> dict[str, SideTable]:
    """The side tables that are not among those that are known."""
    names = {side.name for side in known.values()}
    return {index: side for index, side in sides.items() if side.name not in names}
