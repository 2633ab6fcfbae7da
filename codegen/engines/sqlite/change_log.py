"""Who listens to the writers of a file, and what those have told.

Writers of any process write to the log what they change while somebody listens: who begins to
listen says so in a transaction of its own, and writers look whenever others have committed. A
listener that dies says no goodbye: it is known for some seconds only, and renews that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final, NamedTuple

from ..clock import now_ms
from ..live.changes import ANYTHING, Change, changes_of, texts

LEASE_MS: Final = 10_000
"""How long a listener is known, since it last said that it is there."""
_KEPT: Final = 1_000
"""How many texts are kept: a listener that comes later asks for everything."""

LISTENING: Final = {
    "_tablewright_listeners": "CREATE TABLE _tablewright_listeners"
    " (id TEXT PRIMARY KEY, until_ms REAL NOT NULL) WITHOUT ROWID",
    "_tablewright_changes": "CREATE TABLE _tablewright_changes"
    " (seq INTEGER PRIMARY KEY, changes TEXT NOT NULL)",
}
"""The tables of both, and how they are made."""


class Listeners(NamedTuple):
    """Whether anybody listens, until when that is known, and whether some were removed."""

    any: bool
    until_ms: float
    removed: bool


NOBODY: Final = Listeners(False, float("inf"), False)


def listeners(connection: sqlite3.Connection) -> Listeners:
    """Who listens now. It is asked in a transaction that writes.

    One that is not there any more is removed: if it comes again, it knows by that that nobody
    has told it.
    """
    first = "SELECT min(until_ms) FROM _tablewright_listeners"
    (until_ms,) = connection.execute(first).fetchone()
    if until_ms is None:
        return NOBODY
    now = now_ms()
    if until_ms > now:
        return Listeners(True, until_ms, False)
    sql = "DELETE FROM _tablewright_listeners WHERE until_ms <= ?"
    connection.execute(sql, (now,))
    (until_ms,) = connection.execute(first).fetchone()
    if until_ms is None:
        connection.execute("DELETE FROM _tablewright_changes")
        return NOBODY._replace(removed=True)
    return Listeners(True, until_ms, True)


def append(connection: sqlite3.Connection, changes: Iterable[Change]) -> None:
    """Tells those who listen, once the transaction is committed."""
    for text in texts(changes):
        append_text(connection, text)


def append_text(connection: sqlite3.Connection, text: str) -> None:
    """The same of changes that are a text already; where nobody listens, it does nothing."""
    sql = (
        "INSERT INTO _tablewright_changes (changes)"
        " SELECT ? WHERE EXISTS (SELECT 1 FROM _tablewright_listeners)"
    )
    done = connection.execute(sql, (text,))
    if done.rowcount > 0 and done.lastrowid is not None:
        sql = "DELETE FROM _tablewright_changes WHERE seq <= ?"
        connection.execute(sql, (done.lastrowid - _KEPT,))


def add_listener(connection: sqlite3.Connection, id: str) -> int:
    """From now on writers tell; the number of the last text before. It takes a transaction."""
    sql = "INSERT OR REPLACE INTO _tablewright_listeners VALUES (?, ?)"
    connection.execute(sql, (id, now_ms() + LEASE_MS))
    sql = "SELECT coalesce(max(seq), 0) FROM _tablewright_changes"
    (last,) = connection.execute(sql).fetchone()
    return int(last)


def renew_listener(connection: sqlite3.Connection, id: str) -> None:
    """One that was removed meanwhile stays so."""
    sql = "UPDATE _tablewright_listeners SET until_ms = ? WHERE id = ?"
    connection.execute(sql, (now_ms() + LEASE_MS, id))


def remove_listener(connection: sqlite3.Connection, id: str) -> None:
    """Writers need not tell any more; the last one takes the log along. It takes a transaction."""
    connection.execute("DELETE FROM _tablewright_listeners WHERE id = ?", (id,))
    connection.execute(
        "DELETE FROM _tablewright_changes"
        " WHERE NOT EXISTS (SELECT 1 FROM _tablewright_listeners)"
    )


def is_known(connection: sqlite3.Connection, id: str) -> bool:
    sql = "SELECT 1 FROM _tablewright_listeners WHERE id = ?"
    return connection.execute(sql, (id,)).fetchone() is not None


def heard(connection: sqlite3.Connection, last: int) -> tuple[int, list[Change]]:
    """What was told after a text, and the number of the last one now."""
    rows = connection.execute(
        "SELECT seq, changes FROM _tablewright_changes WHERE seq > ? ORDER BY seq",
        (last,),
    ).fetchall()
    if not rows:
        return last, []
    if rows[0][0] != last + 1:
        return rows[-1][0], [ANYTHING]
    return rows[-1][0], [change for _, text in rows for change in changes_of(text)]
