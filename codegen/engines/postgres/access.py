"""The catalogue of a server's database, for commands: without a package."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace

import psycopg

from ..sql.catalog import Catalog
from .dialect import PostgresDialect
from .faults import typed
from .poolers import Shared
from .target import Target


@contextmanager
def catalog_of(url: str, timeout_ms: float) -> Generator[Catalog]:
    """The catalogue; behind a PgBouncer, which commands need not be told of, all is the same.

    What they do there is done in transactions.
    """
    target = Target.of(url, timeout_ms, "full", pooled=False)
    try:
        connection = target.open()
    except Shared:
        target = replace(target, pooled=True)
        connection = target.open()
    try:
        yield Catalog(PostgresDialect(connection, target))
    except psycopg.Error as error:
        raise typed(error) from error
    finally:
        connection.close()
