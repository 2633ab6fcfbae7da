"""Brings search and vector indexes to a schema: tables beside those of the documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from codegen.ir.model import Table, VectorIndex

from ..table_rows import TableRows
from .catalog import Catalog
from .dialect import Dialect
from .documents import Portion, documents, has_more_than, last_place, read
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


def begin_sides(
    catalog: Catalog, old: Layout, new: Layout, table: TableRows, *, at_once: int
) -> Layout:
    """Fills new indexes of a table with few documents, so many `at_once`.

    Others are begun: who builds them goes on after the place before all.
    """
    added = others(new.sides, old.sides)
    if not added:
        return new
    first, until = catalog.dialect.by_time.before_all, last_place(catalog, new)
    begun = {
        index: replace(side, filled_to=first, until=until)
        for index, side in added.items()
    }
    if has_more_than(catalog, new, at_once):
        return replace(new, sides={**new.sides, **begun})
    for portion in documents(catalog, new):
        enter(catalog, new, table, begun, read(table, portion))
    return new


def enter(
    catalog: Catalog,
    layout: Layout,
    table: TableRows,
    sides: Mapping[str, SideTable],
    portion: Portion,
) -> None:
    """Enters documents in some indexes that are being built, where they are not in them yet."""
    for index in table.entered:
        if index.name not in sides:
            continue
        side = sides[index.name]
        rows = [
            (one.id, one.creation_time, entry)
            for one, document in portion
            if side.lacks(one.place) and (entry := index.entry(document))
        ]
        if rows:
            catalog.dialect.enter(layout, side, rows)


def others(
    sides: Mapping[str, SideTable], known: Mapping[str, SideTable]
) -> dict[str, SideTable]:
    """The side tables that are not among those that are known."""
    names = {side.name for side in known.values()}
    return {index: side for index, side in sides.items() if side.name not in names}


def same(
    sides: Mapping[str, SideTable], known: Mapping[str, SideTable]
) -> dict[str, SideTable]:
    """The side tables that are among those that are known."""
    rest = others(sides, known)
    return {index: side for index, side in sides.items() if index not in rest}
