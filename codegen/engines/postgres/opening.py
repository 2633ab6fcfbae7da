"""Opens a database for a package."""

from __future__ import annotations

import asyncio

import psycopg

from ..asynchronous.tasks import TaskLocal
from ..package import Package
from ..sql.catalog import Catalog
from ..sql.evolution import evolve
from ..tables import Tables
from .async_links import AsyncLinks
from .async_storage import AsyncPostgresStorage
from .dialect import PostgresDialect
from .faults import typed
from .prepared import Prepared
from .storage import PostgresStorage
from .target import Target
from .transactions import State, Transactions


def open_storage(
    package: Package, target: Target, *, older_schema: bool
) -> tuple[PostgresStorage, Tables]:
    """A storage that has the schema of the package, and the package's tables in it.

    Raises one of the `UnusableDatabase` errors, or a `SchemaMismatch`.
    """
    found = _prepare(package, target, older_schema)
    return PostgresStorage(target, found), found.tables


async def open_async_storage(
    package: Package, target: Target, *, older_schema: bool
) -> tuple[AsyncPostgresStorage, Tables]:
    """The same for `async` code; the schema is applied on a thread of its own."""
    found = await asyncio.to_thread(_prepare, package, target, older_schema)
    links = AsyncLinks(target)
    current = TaskLocal[State]()
    transactions = Transactions(target, found, links, current)
    await links.open()
    return AsyncPostgresStorage(target, transactions), found.tables


def _prepare(package: Package, target: Target, older_schema: bool) -> Prepared:
    connection = target.open()
    try:
        dialect = PostgresDialect(connection, target)
        layouts, record = evolve(
            Catalog(dialect),
            package.schema,
            package.digest,
            package.tables,
            older_schema=older_schema,
        )
    except psycopg.Error as error:
        raise typed(error) from error
    finally:
        connection.close()
    statements = {name: dialect.statements(layout) for name, layout in layouts.items()}
    enters = any(table.to_enter for table in statements.values())
    return Prepared(
        statements,
        package.tables(layouts),
        dialect.name("_tablewright_schemas"),
        record,
        [*dialect.writers_locks(enters=enters)],
        dialect.channel,
    )
