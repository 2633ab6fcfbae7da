"""How far a copy into a deployment is, and which ids its documents got: a file of SQLite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from typing import Final, NamedTuple

from .faults import TransferError

# A statement of SQLite takes many values, but not any number of them.
_AT_ONCE: Final = 500
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS copy (wanted TEXT NOT NULL, tables TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tables (name TEXT PRIMARY KEY, done TEXT NOT NULL, place BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS ids (
  old TEXT PRIMARY KEY, new TEXT NOT NULL, of TEXT NOT NULL, mend INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS mend ON ids (of, old) WHERE mend;
"""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done of a table.

    `references` are those that lead to documents of the copy, `dangling` those that lead to none,
    `texts` what looks like an id, and no type says that it is one. `last` is the latest new id.
    """

    documents: int = 0
    references: int = 0
    dangling: int = 0
    texts: int = 0
    last: str | None = None

    def counts(self) -> dict[str, int]:
        """The numbers by their names."""
        return {
            "documents": self.documents,
            "references": self.references,
            "dangling": self.dangling,
            "texts": self.texts,
        }

    def plus(self, more: Done, *, last: str) -> Done:
        """What is done with a batch more."""
        sums = {name: n + more.counts()[name] for name, n in self.counts().items()}
        return Done(**sums, last=last)


class NewId(NamedTuple):
    """The id that a document had and the one it got; `mend` says that its references are not right yet."""

    old: str
    new: str
    mend: bool


class Journal:
    """The file, which one process has open."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def wanted(self) -> str | None:
        """What is copied, as `begin` was told, or None where nothing was begun."""
        row = self._connection.execute("SELECT wanted FROM copy").fetchone()
        return None if row is None else row[0]

    def is_fetched(self) -> bool:
        """Whether all documents were fetched; before that none is in the deployment."""
        return self.wanted() is not None

    def begin(self, wanted: str, tables: Sequence[str]) -> None:
        """Keeps what is copied, once the documents of these tables were fetched."""
        row = (wanted, json.dumps(tables))
        self._connection.execute("INSERT INTO copy VALUES (?, ?)", row)

    def tables(self) -> list[str]:
        """The tables that are copied."""
        (tables,) = self._connection.execute("SELECT tables FROM copy").fetchone()
        found: list[str] = json.loads(tables)
        return found

    def done(self, table: str) -> tuple[Done, bytes]:
        """What was done of a table, and the place in it after which there is more to do."""
        sql = "SELECT done, place FROM tables WHERE name = ?"
        row = self._connection.execute(sql, (table,)).fetchone()
        return (Done(), b"") if row is None else (Done(**json.loads(row[0])), row[1])

    def add(self, table: str, done: Done, place: bytes, ids: Sequence[NewId]) -> None:
        """Keeps that documents have arrived."""
        self._connection.execute("BEGIN")
        self._connection.executemany(
            "INSERT INTO ids VALUES (?, ?, ?, ?)",
            [(one.old, one.new, table, one.mend) for one in ids],
        )
        self._connection.execute(
            "INSERT OR REPLACE INTO tables VALUES (?, ?, ?)",
            (table, json.dumps(asdict(done)), place),
        )
        self._connection.execute("COMMIT")

    def new_ids(self, old: Collection[str]) -> dict[str, str]:
        """The new ids of those that have arrived."""
        found: dict[str, str] = {}
        wanted = [*old]
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            sql = f"SELECT old, new FROM ids WHERE old IN ({marks})"
            found |= dict(self._connection.execute(sql, some).fetchall())
        return found

    def to_mend(self, table: str, limit: int) -> list[tuple[str, str]]:
        """Old and new ids of documents whose references are not right yet."""
        sql = "SELECT old, new FROM ids WHERE mend AND of = ? ORDER BY old LIMIT ?"
        return self._connection.execute(sql, (table, limit)).fetchall()

    def mended(self, old: Sequence[str]) -> None:
        self._connection.execute("BEGIN")
        sql = "UPDATE ids SET mend = 0 WHERE old = ?"
        self._connection.executemany(sql, [(id,) for id in old])
        self._connection.execute("COMMIT")

    def all_ids(self) -> Iterator[tuple[str, str, str]]:
        """Tables, and the old and new ids of their documents."""
        yield from self._connection.execute("SELECT of, old, new FROM ids")


@contextmanager
def open_journal(path: str) -> Generator[Journal]:
    """Opens the file, or makes it; a `TransferError` where another process has it."""
    try:
        with closing(
            sqlite3.connect(path, timeout=0, isolation_level=None)
        ) as connection:
            # What takes hold of the file keeps it until it ends, whatever ends it.
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute("COMMIT")
            yield Journal(connection)
    except sqlite3.Error as error:
        if "locked" in str(error):
            reason = "another copy is at work with it"
            raise TransferError(f"{path}: {reason}") from None
        raise TransferError(f"{path}: {error}") from None
