"""Opens a database for a package."""

from __future__ import annotations

import sqlite3

from ..package import Package
from ..tables import Tables
from .catalog import is_empty, numbers, snapshot
from .connection import Target
from .evolution import evolve
from .storage import Storage


def open_storage(
    package: Package, target: Target, *, older_schema: bool
) -> tuple[Storage, Tables]:
    """A storage that has the schema of the package, and the package's tables in it.

    Raises one of the `UnusableDatabase` errors, or a `SchemaMismatch`.
    """
    target.check_file()
    connection = target.open(writes=True)
    try:
        with snapshot(connection):
            # Refuses another program's file before anything in it is changed.
            is_empty(connection)
        target.log_ahead(connection)
        layouts = evolve(
            connection,
            package.schema,
            package.digest,
            package.tables,
            older_schema=older_schema,
        )
    except sqlite3.Error as error:
        connection.close()
        raise target.typed(error) from error
    except BaseException:
        connection.close()
        raise
    storage = Storage(target, connection, layouts, package.digest)
    return storage, package.tables(numbers(layouts))
