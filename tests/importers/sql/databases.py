"""What a database becomes when it is imported."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from codegen.diagnostics import Diagnostics
from codegen.importers.sql.postgres import read_postgres
from codegen.importers.sql.sqlite import read_sqlite
from codegen.language.source import Loaded
from codegen.project.importing import native_text
from tests.postgres import new_database


@dataclass(frozen=True)
class Imported:
    """A native schema, and what is said: `code place: message` for each loss or fault."""

    text: str
    said: list[str]
    notes: list[str]

    def has(self, code: str, part: str) -> bool:
        """Whether something with this code says this."""
        return any(one.startswith(code) and part in one for one in self.said)


def sqlite_file(path: Path, ddl: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(ddl)
    return path


def from_sqlite(ddl: str, folder: Path, *tables: str) -> Imported:
    """The import of a file `app.db`, which is left in the folder."""
    path = folder / "app.db"
    path.unlink(missing_ok=True)
    return from_file(sqlite_file(path, ddl), *tables)


def from_file(path: Path, *tables: str) -> Imported:
    found, notes = Diagnostics(), list[str]()
    loaded = read_sqlite(str(path), tables, found, notes)
    return _imported(loaded, found, notes)


def from_postgres(
    ddl: str, server: str, *tables: str, schema: str | None = None
) -> Imported:
    """The import of a new database, which is dropped again."""
    with new_database(server, ddl) as url:
        return from_url(url, *tables, schema=schema)


def from_url(url: str, *tables: str, schema: str | None = None) -> Imported:
    found, notes = Diagnostics(), list[str]()
    loaded = read_postgres(url, tables, found, notes, schema)
    return _imported(loaded, found, notes)


def _imported(loaded: Loaded | None, found: Diagnostics, notes: list[str]) -> Imported:
    text = native_text(loaded, found) if loaded else None
    said = [f"{one.code} {one.message}" for one in found]
    return Imported(text or "", said, notes)
