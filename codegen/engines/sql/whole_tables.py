"""Makes, empties and drops whole tables, inside a transaction that records the schema or announces
the tables. The tables of search and vector indexes, beside that of the documents, go with it.
"""

from __future__ import annotations

from .catalog import Catalog
from .layout import Layout


def make_table(catalog: Catalog, name: str, layout: Layout) -> None:
    """Makes an empty table, and notes it."""
    for statement in catalog.dialect.create(layout):
        catalog.connection.execute(statement)
    _make_sides(catalog, layout)
    catalog.record_table(name, layout)


def drop_table(catalog: Catalog, layout: Layout) -> None:
    """Drops a table with its indexes, and forgets it."""
    _drop_sides(catalog, layout)
    catalog.connection.execute(f"DROP TABLE {catalog.dialect.name(layout.table)}")
    catalog.forget_table(layout.number)


def empty_table(catalog: Catalog, layout: Layout) -> None:
    """Deletes all documents of a table."""
    catalog.connection.execute(f"DELETE FROM {catalog.dialect.name(layout.table)}")
    _drop_sides(catalog, layout)
    _make_sides(catalog, layout)


def _make_sides(catalog: Catalog, layout: Layout) -> None:
    for side in layout.sides.values():
        for statement in catalog.dialect.create_side(layout, side):
            catalog.connection.execute(statement)


def _drop_sides(catalog: Catalog, layout: Layout) -> None:
    for side in layout.sides.values():
        catalog.connection.execute(catalog.dialect.drop_side(layout, side))
