"""SQLite's errors as those of our tree."""

from __future__ import annotations

import sqlite3
from typing import Final

from codegen.runtime.errors import (
    Conflict,
    CorruptDatabase,
    DatabaseError,
    ForeignDatabase,
    ReadOnlyDatabase,
    SchemaChanged,
    StorageFailed,
    UnusableDatabase,
)

_KINDS: Final[dict[int, tuple[type[DatabaseError], str]]] = {
    sqlite3.SQLITE_BUSY: (Conflict, "others kept the database busy for too long"),
    sqlite3.SQLITE_LOCKED: (Conflict, "others kept the database busy for too long"),
    sqlite3.SQLITE_READONLY: (ReadOnlyDatabase, "the database can only be read"),
    sqlite3.SQLITE_CORRUPT: (
        CorruptDatabase,
        "the database is damaged: restore a backup",
    ),
    sqlite3.SQLITE_NOTADB: (ForeignDatabase, "this is not an SQLite database"),
    sqlite3.SQLITE_CANTOPEN: (UnusableDatabase, "the database can't be opened"),
    sqlite3.SQLITE_PERM: (UnusableDatabase, "the database can't be opened"),
    sqlite3.SQLITE_FULL: (StorageFailed, "the disk is full"),
    sqlite3.SQLITE_IOERR: (StorageFailed, "the disk failed"),
}

FAULTS: Final = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite raises; the second where texts of a damaged database, or errors with some, are none."""


def typed(error: sqlite3.Error | UnicodeDecodeError) -> DatabaseError:
    """The error to raise in the place of one of `FAULTS`."""
    if isinstance(error, UnicodeDecodeError) or is_of_text(error):
        return CorruptDatabase(f"a text in the database is none: {error}")
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    kind, meaning = _KINDS.get(code, (StorageFailed, "SQLite failed"))
    if code == sqlite3.SQLITE_ERROR and "no such" in str(error):
        kind, meaning = SchemaChanged, "another program removed a table or an index"
    if code == sqlite3.SQLITE_ERROR and "no such module: fts5" in str(error):
        kind, meaning = UnusableDatabase, "search indexes need an SQLite with FTS5"
    if code == sqlite3.SQLITE_ERROR and "file format" in str(error):
        kind, meaning = CorruptDatabase, "the database is damaged: restore a backup"
    return kind(f"{meaning} ({error})")


def is_of_text(error: Exception) -> bool:
    """Whether a text in the database is not UTF-8."""
    return "Could not decode to UTF-8" in str(error)  # Python says so, without a code


def rolled_back() -> StorageFailed:
    return StorageFailed("the transaction was rolled back by an earlier failure")
