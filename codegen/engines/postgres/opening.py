"""Opens a database for a package."""

from __future__ import annotations

from functools import partial

import psycopg

from ..package import Package
from ..sql.catalog import Catalog
from ..sql.evolution import evolve
from ..sql.layout import numbers
from ..tables import Tables
from .dialect import PostgresDialect
from .faults import typed
from .statements import Statements
from .storage import PostgresStorage
from .target import Target


def open_storage(
    package: Package, target: Target, *, older_schema: bool
) -> tuple[PostgresStorage, Tables]:
    """A storage that has the schema of the package, and the package's tables in it.

    Raises one of the `UnusableDatabase` errors, or a `SchemaMismatch`.
    """
    tables = partial(package.tables, ids_in_keys=True)
    connection = target.open()
    try:
        dialect = PostgresDialect(connection, target)
        layouts = evolve(
            Catalog(dialect),
            package.schema,
            package.digest,
            tables,
            older_schema=older_schema,
        )
    except psycopg.Error as error:
        raise typed(error) from error
    finally:
        connection.close()
    statements = {
        name: Statements(layout, dialect.name(layout.table))
        for name, layout in layouts.items()
    }
    schemas = dialect.name("_tablewright_schemas")
    storage = PostgresStorage(target, statements, schemas, package.digest)
    return storage, tables(numbers(layouts))
