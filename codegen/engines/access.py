"""Databases for commands, which know a schema and no generated package."""

from __future__ import annotations

from contextlib import AbstractContextManager

from codegen.runtime.errors import UnusableDatabase

from .sql.catalog import Catalog, Recorded
from .url import is_postgres, sqlite_path


def catalog_of(
    url: str,
    timeout_ms: float,
    *,
    changes: bool = False,
    may_be_missing: bool = False,
) -> AbstractContextManager[Catalog]:
    """The catalogue of a database; a file that is not there is made if `changes` are wanted.

    One that `may_be_missing` is read as an empty one, and not made.

    Raises:
        ValueError: The URL is none of a database that lasts.
        UnusableDatabase: The database is foreign, damaged, newer or out of reach.
        ModuleNotFoundError: What speaks to the server is not installed.
    """
    if is_postgres(url):
        from .postgres import check_installed

        check_installed()
        from .postgres.access import catalog_of as on_server

        return on_server(url, timeout_ms)
    path = sqlite_path(url)
    if path is None:
        raise ValueError(
            "a database in memory is gone with its program: give the URL of a file or a server"
        )
    from .sqlite.access import catalog_of as in_file

    return in_file(path, timeout_ms, changes=changes, may_be_missing=may_be_missing)


def applied_schema(catalog: Catalog) -> Recorded:
    """The schema that a database has, and all its tables.

    An `UnusableDatabase` where it has none yet, a `CorruptDatabase` where tables are gone.
    """
    recorded = None if catalog.is_empty() else catalog.latest_schema()
    if recorded is None:
        raise UnusableDatabase(
            "the database is empty, no schema was applied to it: `codegen apply` does that"
        )
    catalog.check_tables(recorded.schema.tables, catalog.layouts())
    return recorded
