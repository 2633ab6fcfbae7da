"""The catalogue of a server's database, for commands: without a package."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import psycopg

from ..sql.catalog import Catalog
from .dialect import PostgresDialect
from .faults import typed
from .target import Target


@contextmanager
def catalog_of(url: str, timeout_ms: float) -> Generator[Catalog]:
    target = Target.of(url, timeout_ms, "full", pooled=False)
    connection = target.open()
    try:
        yield Catalog(PostgresDialect(connection, target))
    except psycopg.Error as error:
        raise typed(error) from error
    finally:
        connection.close()
