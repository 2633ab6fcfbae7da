"""The connections of one database: one that writes, and others that read beside it.

Memory has one connection only, which all threads take turns on.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections import deque
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import TypeVar

from codegen.runtime.errors import Closed, Conflict, SchemaChanged, StorageFailed

from ..clock import Clock
from ..commands import Plan, Scan
from .catalog import latest_digest
from .connection import Target
from .executor import Executor
from .faults import typed
from .layout import Layout

R = TypeVar("R")


class _Thread(threading.local):
    """The transaction of a thread: how deep it is nested, and its clock."""

    depth = 0
    clock: Clock
    broken = False


class Storage:
    """Runs plans: reads beside each other, writes one after the other."""

    def __init__(
        self,
        target: Target,
        connection: sqlite3.Connection,
        layouts: Mapping[str, Layout],
        digest: str,
    ) -> None:
        self._target = target
        self._layouts = layouts
        self._digest = digest
        self._writer: Executor | None = Executor(connection, layouts)
        self._start()
        _STORAGES.add(self)

    def _start(self) -> None:
        self._lock = threading.RLock()
        self._thread = _Thread()
        self._readers: deque[Executor] = deque()
        self._data_version: int | None = None
        self._closed = False

    def read(self, plan: Plan[R], *, snapshot: bool = False) -> R:
        """Runs a plan that only reads; one of several commands needs a `snapshot`."""
        if self._thread.depth:
            return self._run_inside(plan)
        with self._reader() as executor:
            # Memory is its own snapshot: nobody else has its only connection meanwhile.
            if not snapshot or self._target.path is None:
                return executor.run(plan)
            connection = executor.connection
            connection.execute("BEGIN")
            try:
                return executor.run(plan)
            finally:
                connection.execute("ROLLBACK")

    def write(self, plan: Plan[R]) -> R:
        """Runs a plan inside the transaction of this thread."""
        return self._run_inside(plan)

    def transaction(self, *, savepoint: bool = True) -> Transaction:
        """Inside another, it is a savepoint, or just a part of that one."""
        return Transaction(self, savepoint)

    def explain(self, scan: Scan) -> str:
        if self._thread.depth:
            return self._open_writer().explain(scan)
        with self._reader() as executor:
            return executor.explain(scan)

    def close(self) -> None:
        """Closes all connections; what another thread still reads from is closed after it."""
        if self._thread.depth:
            raise Conflict(
                "a transaction of this thread is open: close the database after it"
            )
        with self._locked():
            self._closed = True
            if self._writer is not None:
                self._writer.connection.close()
            while self._readers:
                self._readers.pop().connection.close()

    def begin(self) -> None:
        thread = self._thread
        if not self._lock.acquire(timeout=self._target.timeout_s):
            raise Conflict("another thread kept its transaction open for too long")
        try:
            executor = self._open_writer()
            executor.connection.execute("BEGIN IMMEDIATE")
            self._look_around(executor)
        except sqlite3.Error as error:
            self._lock.release()
            raise typed(error) from error
        except BaseException:
            self._lock.release()
            raise
        thread.clock = Clock()
        thread.broken = False
        thread.depth = 1

    def end(self, *, commit: bool) -> None:
        thread = self._thread
        connection = self._open_writer().connection
        try:
            if thread.broken and commit:
                raise _rolled_back()
            if commit:
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise typed(error) from error
        finally:
            try:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            finally:
                thread.depth = 0
                self._lock.release()

    def savepoint(self) -> None:
        self._command(f"SAVEPOINT s{self._thread.depth}")
        self._thread.depth += 1

    def end_savepoint(self, *, commit: bool) -> None:
        self._thread.depth -= 1
        name = f"s{self._thread.depth}"
        if self._thread.broken:
            if commit:
                raise _rolled_back()
            return
        if not commit:
            self._command(f"ROLLBACK TO {name}")
        self._command(f"RELEASE {name}")

    @property
    def depth(self) -> int:
        """How many transactions of this thread are open, one in the other."""
        return self._thread.depth

    @property
    def clock(self) -> Clock:
        return self._thread.clock

    def _command(self, sql: str) -> None:
        try:
            self._open_writer().connection.execute(sql)
        except sqlite3.Error as error:
            raise typed(error) from error

    def _run_inside(self, plan: Plan[R]) -> R:
        if self._thread.broken:
            raise _rolled_back()
        executor = self._open_writer()
        try:
            return executor.run(plan)
        finally:
            # A full disk makes SQLite roll back by itself: what followed would be on its own.
            if not executor.connection.in_transaction:
                self._thread.broken = True

    def _look_around(self, executor: Executor) -> None:
        """What others have committed since: documents, or another schema."""
        connection = executor.connection
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if version == self._data_version:
            return
        executor.latest.clear()
        if latest_digest(connection) != self._digest:
            connection.execute("ROLLBACK")
            raise SchemaChanged(
                "another program has applied another schema: connect again, with a"
                " package that is generated from it"
            )
        self._data_version = version

    def _open_writer(self) -> Executor:
        if self._closed:
            raise Closed("the database is closed")
        if self._writer is None:
            self._writer = Executor(self._target.open(), self._layouts)
        return self._writer

    @contextmanager
    def _reader(self) -> Generator[Executor]:
        if self._target.path is None:
            with self._locked():
                yield self._open_writer()
            return
        if self._closed:
            raise Closed("the database is closed")
        try:
            executor = self._readers.pop()
        except IndexError:
            executor = Executor(self._target.open(), self._layouts)
        try:
            yield executor
        finally:
            if self._closed:
                executor.connection.close()
            else:
                self._readers.append(executor)

    @contextmanager
    def _locked(self) -> Generator[None]:
        if not self._lock.acquire(timeout=self._target.timeout_s):
            raise Conflict("another thread kept its transaction open for too long")
        try:
            yield
        finally:
            self._lock.release()

    def forget_connections(self) -> None:
        """In the child of a fork, which connections do not survive: it opens its own."""
        if self._target.path is None or self._closed:
            return
        # To close them here would touch what the parent uses: they are only forgotten.
        _FORGOTTEN.extend((self._writer, *self._readers))
        self._writer = None
        self._start()


_STORAGES: weakref.WeakSet[Storage] = weakref.WeakSet()
_FORGOTTEN: list[Executor | None] = []


def _after_fork() -> None:
    for storage in _STORAGES:
        storage.forget_connections()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _rolled_back() -> StorageFailed:
    return StorageFailed("the transaction was rolled back by an earlier failure")


class Transaction:
    """`with` makes what is inside one transaction: an exception undoes all of it."""

    __slots__ = ("_savepoint", "_storage", "_within")

    def __init__(self, storage: Storage, savepoint: bool) -> None:
        self._storage = storage
        self._savepoint = savepoint
        self._within = False

    def __enter__(self) -> Clock:
        self._within = self._storage.depth > 0
        if not self._within:
            self._storage.begin()
        elif self._savepoint:
            self._storage.savepoint()
        return self._storage.clock

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        commit = kind is None
        if not self._within:
            self._storage.end(commit=commit)
        elif self._savepoint:
            self._storage.end_savepoint(commit=commit)
