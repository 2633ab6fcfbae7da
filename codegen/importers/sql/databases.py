"""Databases as sources of an import: a file of SQLite, or the URL of a PostgreSQL database."""

from __future__ import annotations

from typing import Final

from codegen.diagnostics import Diagnostic, Diagnostics
from codegen.language.source import Loaded

from ..options import Options
from ..urls import KNOWN, database_url

_URL: Final = "sqlite:///"


def read_file(
    source: str, options: Options, diagnostics: Diagnostics, notes: list[str]
) -> Loaded | None:
    """The tables of a file, given by its path or as `sqlite:///path`."""
    from .sqlite import read_sqlite

    path = (database_url(source) or source).removeprefix(_URL)
    if not path:
        diagnostics.add(Diagnostic("E820", f"`{source}` names no file", hint=KNOWN))
        return None
    integers = options.integers
    return read_sqlite(path, options.tables, diagnostics, notes, integers)


def read_server(
    source: str, options: Options, diagnostics: Diagnostics, notes: list[str]
) -> Loaded | None:
    """The tables of a database on a server, given by its URL."""
    from .postgres import read_postgres

    return read_postgres(
        database_url(source) or source,
        options.tables,
        diagnostics,
        notes,
        options.sql_schema,
        options.integers,
    )


READERS: Final = {"sqlite": read_file, "postgresql": read_server}
