"""The catalogue of a file, for commands: without a package."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace

from codegen.runtime.errors import UnusableDatabase

from ..sql.catalog import Catalog
from .connection import Target
from .dialect import SqliteDialect
from .faults import FAULTS


@contextmanager
def catalog_of(
    path: str, timeout_ms: float, *, changes: bool, may_be_missing: bool
) -> Generator[Catalog]:
    """The catalogue of a file, which is made if it is to be changed and not there.

    One that `may_be_missing` is an empty database in memory then.
    """
    target = Target(path, timeout_ms, "full")
    target.check_file(writes=changes)
    if not changes and not os.path.exists(path):
        if not may_be_missing:
            raise UnusableDatabase(f"{path} does not exist")
        target = replace(target, path=None)
    connection = target.open(writes=changes)
    try:
        dialect = SqliteDialect(connection)
        with dialect.snapshot():
            # Refuses another program's file before anything in it is changed.
            dialect.is_empty()
        if changes:
            target.log_ahead(connection)
        yield Catalog(dialect)
    except FAULTS as error:
        raise target.typed(error) from error
    finally:
        connection.close()
