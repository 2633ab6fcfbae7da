"""The connections of one database: one that writes, and others that read beside it.

Memory has one connection only, which all threads take turns on.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections import deque
from collections.abc import Callable, Mapping
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
        self._forking = False

    def read(self, plan: Plan[R], *, snapshot: bool = False) -> R:
        """Runs a plan that only reads; one of several commands needs a `snapshot`."""
        if self._thread.depth:
            return self._run_inside(plan)
        executor = self._take_reader()
        try:
            # Memory is its own snapshot: nobody else has its only connection meanwhile.
            if not snapshot or self._target.path is None:
                return executor.run(plan)
            return executor.run_on_snapshot(plan)
        finally:
            self._give_back(executor)

    def write(self, plan: Plan[R]) -> R:
        """Runs a plan inside the transaction of this thread."""
        return self._run_inside(plan)

    def transaction(self, *, savepoint: bool = True) -> Transaction:
        """Inside another, it is a savepoint, or just a part of that one."""
        return Transaction(self, savepoint)

    def explain(self, scan: Scan) -> str:
        if self._thread.depth:
            return self._open_writer().explain(scan)
        executor = self._take_reader()
        try:
            return executor.explain(scan)
        finally:
            self._give_back(executor)

    def close(self) -> None:
        """Closes all connections; what another thread still reads from is closed after it."""
        if self._thread.depth:
            raise RuntimeError(
                "close the database after the transaction, not inside it"
            )
        self._acquire()
        try:
            self._closed = True
            self._close_connections()
        finally:
            self._lock.release()

    def begin(self) -> None:
        self._acquire()
        try:
            self._begin()
        except BaseException:
            self._lock.release()
            raise
        thread = self._thread
        thread.clock = Clock()
        thread.broken = False
        thread.depth = 1

    def _begin(self) -> None:
        executor = self._open_writer()
        connection = executor.connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            self._look_around(executor)
        except BaseException as error:
            # A signal may have come in while others were waited for.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise typed(error) from error
            raise

    def end(self, *, commit: bool) -> None:
        thread = self._thread
        if not thread.depth:
            if commit:
                raise _not_ours()
            return
        connection = self._open_writer().connection
        try:
            if thread.broken and commit:
                raise _rolled_back()
            try:
                if commit:
                    connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise typed(error) from error
        finally:
            thread.depth = 0
            self._lock.release()

    def savepoint(self) -> None:
        self._command(f"SAVEPOINT s{self._thread.depth}")
        self._thread.depth += 1

    def end_savepoint(self, *, commit: bool) -> None:
        if not self._thread.depth:
            if commit:
                raise _not_ours()
            return
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
            self._data_version = None  # each connection counts for itself
        return self._writer

    def _take_reader(self) -> Executor:
        if self._closed:
            raise Closed("the database is closed")
        if self._target.path is None:
            self._acquire()
            return self._open_writer()
        try:
            return self._readers.pop()
        except IndexError:
            return Executor(self._target.open(), self._layouts)

    def _give_back(self, executor: Executor) -> None:
        if self._target.path is None:
            self._lock.release()
        elif self._closed:
            executor.connection.close()
        else:
            self._readers.append(executor)

    def _acquire(self) -> None:
        if not self._lock.acquire(timeout=self._target.timeout_s):
            raise Conflict("another thread kept its transaction open for too long")

    def before_fork(self) -> None:
        """Closes what can be closed: SQLite's connections and locks do not survive a fork.

        A transaction of another thread is waited for; that of this thread stays the parent's.
        """
        self._forking = not self._thread.depth and self._lock.acquire(
            timeout=self._target.timeout_s
        )
        if self._forking and self._target.path is not None:
            self._close_connections()

    def after_fork_in_parent(self) -> None:
        if self._forking:
            self._lock.release()

    def after_fork_in_child(self) -> None:
        closed = self._closed or not self._forking
        if closed:
            # To close them here would touch what the parent uses: they are only forgotten.
            _FORGOTTEN.extend((self._writer, *self._readers))
            self._writer = None
        self._start()
        self._closed = closed

    def _close_connections(self) -> None:
        if self._writer is not None:
            self._writer.connection.close()
            self._writer = None
        while self._readers:
            self._readers.pop().connection.close()


_STORAGES: weakref.WeakSet[Storage] = weakref.WeakSet()
_FORGOTTEN: list[Executor | None] = []


def _each(act: Callable[[Storage], None]) -> Callable[[], None]:
    def act_on_each() -> None:
        for storage in tuple(_STORAGES):
            act(storage)

    return act_on_each


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_each(Storage.before_fork),
        after_in_parent=_each(Storage.after_fork_in_parent),
        after_in_child=_each(Storage.after_fork_in_child),
    )


def _rolled_back() -> StorageFailed:
    return StorageFailed("the transaction was rolled back by an earlier failure")


def _not_ours() -> Closed:
    return Closed(
        "the transaction is that of the process which this one was forked from"
    )


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
