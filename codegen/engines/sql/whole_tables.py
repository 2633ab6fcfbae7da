"""Makes, empties and drops whole tables, inside a transaction that records the schema or announces
the tables."""

from __future__ import annotations

from .catalog import Catalog
from .layout import Layout


def make_table(catalog: Catalog, name: str, layout: Layout) -> None:
    """Makes an empty table, and notes it."""
    for statement in catalog.dialect.create(layout):
        catalog.connection.execute(statement)
    catalog.record_table(name, layout)


def drop_table(catalog: Catalog, layout: Layout) -> None:
    """Drops a table with its indexes, and forgets it."""
    catalog.connection.execute(f"DROP TABLE {catalog.dialect.name(layout.table)}")
    catalog.forget_table(layout.number)


def empty_table(catalog: Catalog, layout: Layout) -> None:
    """Deletes all documents of a table."""
    catalog.connection.execute(f"DELETE FROM {catalog.dialect.name(layout.table)}")
