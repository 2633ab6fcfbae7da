"""PostgreSQL's errors as those of our tree."""

from __future__ import annotations

from typing import Final, Protocol

import psycopg

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


class _Link(Protocol):
    """A connection."""

    @property
    def closed(self) -> bool: ...


_Kind = tuple[type[DatabaseError], str]

_IN_THE_WAY: Final = (
    Conflict,
    "others changed what this transaction read or wrote, and nothing of it was written:"
    " do it again, as db.transact(function) does by itself",
)
_TOO_LONG: Final = (Conflict, "others kept the database busy for too long")
# By the code (SQLSTATE) of an error, or its class, which are the first two letters.
_KINDS: Final[dict[str, _Kind]] = {
    "40001": _IN_THE_WAY,
    "40P01": _IN_THE_WAY,
    "55P03": _TOO_LONG,
    "57014": _TOO_LONG,
    "25006": (ReadOnlyDatabase, "the database can only be read"),
    "42501": (UnusableDatabase, "this user may not do that in the database"),
    "42P01": (SchemaChanged, "another program removed a table or an index"),
    "42703": (SchemaChanged, "another program removed a table or an index"),
    "42P07": (ForeignDatabase, "another program's table or index has a name of ours"),
    "42710": (ForeignDatabase, "another program's table or index has a name of ours"),
    "53100": (StorageFailed, "the server's disk is full"),
    "58": (StorageFailed, "the server's disk failed"),
    "XX001": (CorruptDatabase, "the database is damaged: restore a backup"),
    "XX002": (CorruptDatabase, "an index of the database is damaged: REINDEX"),
}
_REPEATABLE: Final = ("40001", "40P01")
# The server is shutting down, or has ended this connection.
_ENDING: Final = ("57P", "08")


def typed(error: psycopg.Error) -> DatabaseError:
    """The error to raise in the place of one of PostgreSQL."""
    code = error.sqlstate or ""
    kind, meaning = (
        _KINDS.get(code) or _KINDS.get(code[:2]) or (StorageFailed, "PostgreSQL failed")
    )
    if not code or code.startswith(_ENDING):
        meaning = "the connection to the server was lost, and nothing was written"
    return kind(f"{meaning} ({_said(error)})")


def unreachable(error: psycopg.Error, password: str | None) -> DatabaseError:
    """The error for one that connecting met, which never tells the password."""
    said = _said(error)
    if password:
        said = said.replace(password, "***")
    return UnusableDatabase(f"the database can't be connected to ({said})")


def is_repeatable(error: psycopg.Error) -> bool:
    """Whether the transaction may succeed when it is done again."""
    return error.sqlstate in _REPEATABLE


def is_lost(link: _Link, error: psycopg.Error) -> bool:
    """Whether the connection is of no use any more."""
    return link.closed or (error.sqlstate or "").startswith(_ENDING)


def _said(error: psycopg.Error) -> str:
    text = error.diag.message_primary or str(error)
    return " ".join(text.split())
