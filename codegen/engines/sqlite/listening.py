"""Hears what other connections commit to a file: those of this program, and of others."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from secrets import token_hex
from time import monotonic
from typing import Final

from codegen.runtime.errors import DatabaseError

from ..live.changes import ANYTHING, Change
from ..sql.catalog import Catalog
from .change_log import (
    LEASE_MS,
    add_listener,
    heard,
    is_known,
    remove_listener,
    renew_listener,
)
from .connection import Target
from .dialect import SqliteDialect
from .faults import typed

_LOOKS_EVERY_S: Final = 0.02
_RENEWS_EVERY_S: Final = LEASE_MS / 1000 / 4
_PATIENCE_MS: Final = 500
"""How long to wait for writers before the next look."""
_PASSING: Final = {
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL),
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR),
}


class FileEar:
    """Looks whether anybody has committed, which is a look into memory that all programs share."""

    def __init__(self, target: Target, record: int) -> None:
        """`record` is the number of the record of our schema."""
        self._target = target
        self._record = record
        self._id = token_hex(8)
        self._awake = threading.Event()
        # Who has it may use the connection, or keep others from it.
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._version: int | None = None
        self._last = 0
        self._renewed = 0.0

    def open(self) -> None:
        with self._lock, _typed():
            connection = self._opened()
            with _transaction(connection):
                self._check_schema(connection)
                self._add(connection)
            connection.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")

    def hear(self) -> Sequence[Change]:
        self._awake.wait(_LOOKS_EVERY_S)
        self._awake.clear()
        with self._lock, _typed():
            connection = self._opened()
            try:
                changes = self._news(connection)
            except sqlite3.OperationalError as error:
                _check_passing(error)
                return []
            self._renew(connection)
            return changes

    def wake(self) -> None:
        self._awake.set()

    def close(self) -> None:
        with self._lock, suppress(sqlite3.Error, DatabaseError):
            connection = self._opened()
            try:
                with _transaction(connection):
                    remove_listener(connection, self._id)
            finally:
                self._close()

    def before_fork(self) -> None:
        """SQLite's connections do not survive a fork: this one is opened again after it."""
        self._lock.acquire()
        self._close()

    def after_fork_in_parent(self) -> None:
        self._lock.release()

    def _news(self, connection: sqlite3.Connection) -> Sequence[Change]:
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if version == self._version:
            return []
        with _snapshot(connection):
            self._check_schema(connection)
            known = is_known(connection, self._id)
            last, changes = heard(connection, self._last)
        if known:
            self._last = last
        else:
            # Nobody has told us since: we were gone for too long.
            with _transaction(connection):
                self._add(connection)
            changes = [ANYTHING]
        self._version = version
        return changes

    def _check_schema(self, connection: sqlite3.Connection) -> None:
        Catalog(SqliteDialect(connection)).check_record(self._record)

    def _renew(self, connection: sqlite3.Connection) -> None:
        if monotonic() - self._renewed > _RENEWS_EVERY_S:
            try:
                renew_listener(connection, self._id)
            except sqlite3.OperationalError as error:
                _check_passing(error)
            else:
                self._renewed = monotonic()

    def _add(self, connection: sqlite3.Connection) -> None:
        self._last = add_listener(connection, self._id)
        self._renewed = monotonic()

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._target.open()
            # What is lost with the power need not be told.
            self._connection.execute("PRAGMA synchronous=normal")
            self._version = None  # each connection counts for itself
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _check_passing(error: sqlite3.OperationalError) -> None:
    """Raises an error that the next look would meet again."""
    if error.sqlite_errorcode & 0xFF not in _PASSING:
        raise error


@contextmanager
def _typed() -> Generator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise typed(error) from error


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Generator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def _snapshot(connection: sqlite3.Connection) -> Generator[None]:
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
