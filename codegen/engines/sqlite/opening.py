"""Opens a database for a package."""

from __future__ import annotations

from ..package import Package
from ..sql.catalog import Catalog
from ..sql.evolution import evolve
from ..tables import Tables
from .connection import Target
from .dialect import SqliteDialect
from .faults import FAULTS
from .storage import SqliteStorage


def open_storage(
    package: Package, target: Target, *, older_schema: bool
) -> tuple[SqliteStorage, Tables]:
    """A storage that has the schema of the package, and the package's tables in it.

    Raises one of the `UnusableDatabase` errors, or a `SchemaMismatch`.
    """
    target.check_file(writes=True)
    connection = target.open(writes=True)
    try:
        dialect = SqliteDialect(connection)
        with dialect.snapshot():
            # Refuses another program's file before anything in it is changed.
            dialect.is_empty()
        target.log_ahead(connection)
        layouts, record = evolve(
            Catalog(dialect),
            package.schema,
            package.digest,
            package.tables,
            older_schema=older_schema,
        )
    except FAULTS as error:
        connection.close()
        raise target.typed(error) from error
    except BaseException:
        connection.close()
        raise
    tables = package.tables(layouts)
    return SqliteStorage(target, connection, layouts, tables, record), tables
