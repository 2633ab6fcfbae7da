"""Connections to a file, or to memory."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import random
from typing import Final, Literal

from codegen.runtime.errors import (
    CorruptDatabase,
    DatabaseError,
    ForeignDatabase,
    ReadOnlyDatabase,
    UnusableDatabase,
)

from .faults import FAULTS, typed

Synchronous = Literal["full", "normal"]

_MAGIC: Final = b"SQLite format 3\x00"
_WRITE_VERSION: Final = 18
"""Where a file says how it is written: 2 is with a log."""
_NOT_OPENED: Final = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
_RETRY_S: Final = 0.01
_SHORTEST_PAUSE_S: Final = 0.0005
_LONGEST_PAUSE_S: Final = 0.004
_CHANGED_PAGES: Final = 4_000
"""Those that a transaction changes are written before its end if there are more."""
_MAPPED_BYTES: Final = 1 << 30
# Columns can be dropped since then.
_OLDEST: Final = (3, 35, 0)


@dataclass(frozen=True, slots=True)
class Target:
    """What to connect to: a file, or memory where `path` is None."""

    path: str | None
    timeout_ms: float
    synchronous: Synchronous

    @property
    def timeout_s(self) -> float:
        return self.timeout_ms / 1000

    def open(self, *, writes: bool = False) -> sqlite3.Connection:
        """A new connection, used by one thread at a time."""
        if sqlite3.sqlite_version_info < _OLDEST:
            raise UnusableDatabase(
                f"SQLite {sqlite3.sqlite_version} is too old: 3.35 is needed"
            )
        try:
            connection = sqlite3.connect(
                ":memory:" if self.path is None else self.path,
                timeout=self.timeout_s,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=512,
            )
        except sqlite3.Error as error:
            raise typed(error) from error
        try:
            connection.execute(f"PRAGMA synchronous={self.synchronous}")
            if writes:
                # Many new rows touch pages all over the indexes, again and again. Pages that did
                # not change are not kept for long: at many commits SQLite looks through them all.
                connection.execute(f"PRAGMA cache_spill={_CHANGED_PAGES}")
            else:
                # Reads of what is mapped need no call and no copy. It takes addresses, no memory
                # of its own; what is beyond is read as ever.
                connection.execute(f"PRAGMA mmap_size={_MAPPED_BYTES}")
        except FAULTS as error:
            connection.close()
            raise self.typed(error) from error
        return connection

    def check_file(self, *, writes: bool) -> None:
        """Refuses a file that can't be a database of ours, before anything is opened.

        One that is only read may be one that can't be written.
        """
        if self.path is None:
            return
        folder = _folder(self.path)
        if not os.path.isdir(folder):
            raise UnusableDatabase(f"the folder {folder} does not exist")
        if not os.access(folder, os.X_OK):
            raise UnusableDatabase(f"the folder {folder} can't be entered")
        takes_files = os.access(folder, os.W_OK)
        if not os.path.exists(self.path):
            if writes and not takes_files:
                raise UnusableDatabase(
                    f"{self.path} does not exist, and its folder can't be written"
                )
            return
        if not os.path.isfile(self.path):
            raise ForeignDatabase(f"{self.path} is not a file")
        if not os.access(self.path, os.R_OK):
            raise UnusableDatabase(f"{self.path} can't be read")
        if writes and not os.access(self.path, os.W_OK):
            raise ReadOnlyDatabase(f"{self.path} can't be written")
        if writes and not takes_files:
            raise ReadOnlyDatabase(
                f"the folder {folder} can't be written, where the log of {self.path} is"
            )
        # SQLite takes a shorter one for empty. Nothing is opened to look inside: to close it
        # again would cancel all locks that this process has on the file.
        if 0 < os.stat(self.path).st_size < len(_MAGIC):
            raise ForeignDatabase(f"{self.path} is not an SQLite database")

    def log_ahead(self, connection: sqlite3.Connection) -> None:
        """Has the file write its changes to a log first, beside which others can read."""
        if self.path is None:
            return
        # SQLite does not wait for others here, whatever its timeout is.
        end = time.monotonic() + self.timeout_s
        while True:
            try:
                connection.execute("PRAGMA journal_mode=WAL").fetchone()
                return
            except sqlite3.OperationalError as error:
                if not _is_busy(error) or time.monotonic() > end:
                    raise
                time.sleep(_RETRY_S)

    def typed(self, error: sqlite3.Error | UnicodeDecodeError) -> DatabaseError:
        """The error for one that opening the database met."""
        if isinstance(error, UnicodeDecodeError):
            return typed(error)
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if self.path is None:
            return typed(error)
        if code == sqlite3.SQLITE_NOTADB:
            if _head(self.path).startswith(_MAGIC):
                return CorruptDatabase(f"{self.path} is damaged: restore a backup")
            return ForeignDatabase(f"{self.path} is not an SQLite database")
        is_logged = code in _NOT_OPENED and _head(self.path)[_WRITE_VERSION:] == b"\x02"
        if is_logged and not _is_writable(self.path):
            return ReadOnlyDatabase(f"{self.path} {_why_not_read(self.path)}")
        return typed(error)


def begin(execute: Callable[[str], object], timeout_s: float) -> None:
    """Begins a transaction that writes, as soon as nobody else has one.

    SQLite's own waiting, which is to be off, looks again only after up to 100 ms. Where others
    write all the time, the file is mostly taken again by then, and some wait for many seconds.
    """
    pause, end = _SHORTEST_PAUSE_S, 0.0
    while True:
        try:
            execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as error:
            now = time.monotonic()
            end = end or now + timeout_s
            if not _is_busy(error) or now >= end:
                raise
        time.sleep(min(random() * pause, end - now))
        pause = min(2 * pause, _LONGEST_PAUSE_S)


def _head(path: str) -> bytes:
    """How a file begins; nothing where it can't be read."""
    try:
        with open(path, "rb") as file:
            return file.read(_WRITE_VERSION + 1)
    except OSError:
        return b""


def _folder(path: str) -> str:
    """Where a file is, and beside it its log and the index of the log."""
    return os.path.dirname(os.path.realpath(path))


def _is_writable(path: str) -> bool:
    """Whether a file can be, and its folder."""
    return os.access(path, os.W_OK) and os.access(_folder(path), os.W_OK)


def _why_not_read(path: str) -> str:
    """What is in the way of reading a file with a log where nothing can be written.

    SQLite would read it as one that never changes. Here nobody can tell: others may write.
    """
    log = f"{os.path.realpath(path)}-wal"
    if os.path.exists(log) and os.path.getsize(log):
        return (
            "has a log, which can't be read where nothing can be written: look at a copy of both,"
            f" it and {os.path.basename(log)}, or at a backup"
        )
    return (
        "is read with a log, which can't be made where nothing can be written: look at a copy of it"
        " elsewhere, or at a backup"
    )


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
