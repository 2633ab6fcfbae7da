"""The connections of one database: one that writes, and others that read beside it.

Memory has one connection only, which all threads take turns on.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from types import TracebackType
from typing import TypeVar

from codegen.runtime.errors import Closed, Conflict

from ..clock import Clock
from ..commands import Explained, Plan
from ..forks import follow_forks
from ..live.hub import Hub
from ..live.written import Written
from ..sql.catalog import Catalog
from ..sql.layout import Layout
from ..table_rows import TableRows
from .connection import Target, begin
from .dialect import SqliteDialect
from .executor import Executor
from .faults import rolled_back, typed
from .listening import FileEar
from .statements import Statements
from .telling import Telling

R = TypeVar("R")


class State:
    """A transaction that is open: how deep it is nested, its clock, and what it has written.

    The latter is only known where somebody listens. `broken` is one that SQLite has rolled back
    by itself, `lost` one that only the process which this one was forked from can end.
    """

    depth = 1
    broken = False
    lost = False

    def __init__(self, writer: Executor, written: Written | None) -> None:
        self.writer = writer
        self.clock = Clock()
        self.written = written

    def look_for_rollback(self) -> None:
        """Looks whether SQLite has rolled back: what followed would be on its own.

        It does so by itself after some errors, such as a full disk.
        """
        self.broken |= not self.writer.connection.in_transaction


class _Thread(threading.local):
    """What a thread is in: a transaction, or reading from memory with its lock."""

    state: State | None = None
    reading = 0


class SqliteStorage:
    """Runs plans: reads beside each other, writes one after the other."""

    repeats = False

    def __init__(
        self,
        target: Target,
        connection: sqlite3.Connection,
        layouts: Mapping[str, Layout],
        tables: Mapping[str, TableRows],
        record: int,
    ) -> None:
        """`record` is the number of the record of a schema that has these layouts."""
        self._target = target
        self._timeout_s = target.timeout_s
        self._statements = {
            name: Statements(layout) for name, layout in layouts.items()
        }
        self._record = record
        self._writer: Executor | None = self._writing_on(connection)
        self.hub = Hub(partial(FileEar, target, record) if target.path else None)
        self._telling = Telling(self.hub, tables, in_memory=target.path is None)
        self._start()
        follow_forks(self)

    def _start(self) -> None:
        self._lock = threading.Lock()
        self._thread = _Thread()
        self._readers: deque[Executor] = deque()
        self._data_version: int | None = None
        self._closed = False
        self._forking = False

    @property
    def in_transaction(self) -> bool:
        """Whether the caller's thread is in one."""
        return self._open_state() is not None

    def read(self, plan: Plan[R], *, snapshot: bool = False) -> R:
        """Runs a plan that only reads; one of several commands needs a `snapshot`."""
        state = self._open_state()
        if state:
            return self._run_inside(plan, state)
        executor = self._take_reader()
        try:
            # Memory is its own snapshot: nobody else has its only connection meanwhile.
            if not snapshot or self._target.path is None:
                result = executor.run(plan)
            else:
                result = executor.run_on_snapshot(plan)
        except Exception:
            self._give_back(executor)
            raise
        except BaseException:
            self._give_up(executor)
            raise
        self._give_back(executor)
        return result

    def atomically(
        self, plan: Callable[[Clock], Plan[R]], *, savepoint: bool = False
    ) -> R:
        """Runs a plan in a transaction; inside another, it is just a part of that one."""
        # A `with` would take as long as all of this.
        state = self.enter(savepoint=savepoint)
        try:
            made = plan(state.clock)
            if state.written is not None:
                made = state.written.recorded(made)
            result = state.writer.run(made)
        except BaseException:
            state.look_for_rollback()
            self.leave(state, savepoint=savepoint, commit=False)
            raise
        self.leave(state, savepoint=savepoint, commit=True)
        return result

    def transact(self, work: Callable[[], R]) -> R:
        """Once: nobody else writes meanwhile."""
        with self.transaction():
            return work()

    def transaction(self) -> Transaction:
        """Inside another, it is a savepoint."""
        return Transaction(self)

    def explain(self, read: Explained) -> str:
        if self._open_state():
            return self._open_writer().explain(read)
        executor = self._take_reader()
        try:
            return executor.explain(read)
        finally:
            self._give_back(executor)

    def close(self) -> None:
        """Closes all connections; what another thread still reads from is closed after it."""
        if self._open_state():
            raise RuntimeError(
                "close the database after the transaction, not inside it"
            )
        self.hub.close()
        self.hub.join()
        self._acquire()
        try:
            self._closed = True
            self._close_connections()
        finally:
            self._lock.release()

    def enter(self, *, savepoint: bool) -> State:
        """The transaction that this thread is in from now on, one more level deep."""
        thread = self._thread
        state = thread.state
        if state is None or not state.depth:
            if thread.reading:
                raise RuntimeError(
                    "a filter reads only: its query has the database now"
                )
            state = thread.state = self._begin()
            return state
        if state.broken:
            raise rolled_back()
        if savepoint:
            self._command(f"SAVEPOINT s{state.depth}")
        state.depth += 1
        return state

    def leave(self, state: State, *, savepoint: bool, commit: bool) -> None:
        """Ends the innermost level; another thread than the one that began it may do so."""
        if state.lost:
            if commit:
                raise Closed("the transaction is that of the process before the fork")
            return
        if state.depth == 1:
            self._end(state, commit=commit)
            return
        state.depth -= 1
        if state.broken:
            if commit:
                raise rolled_back()
        elif savepoint:
            if not commit:
                self._command(f"ROLLBACK TO s{state.depth}")
            self._command(f"RELEASE s{state.depth}")

    def undo(self, state: State) -> None:
        """Undoes a whole transaction, however deep it is nested."""
        if not state.lost:
            self._end(state, commit=False)

    def _begin(self) -> State:
        self._acquire()
        try:
            writer = self._writer or self._open_writer()
            try:
                begin(writer.execute, self._timeout_s)
                (version,) = writer.execute("PRAGMA data_version").fetchone()
                if version != self._data_version or self._telling.is_outdated:
                    self._look_around(writer, version)
                return State(writer, self._telling.begin())
            except BaseException:
                # A signal may have come in while others were waited for.
                writer.roll_back()
                raise
        except BaseException as error:
            self._lock.release()
            if isinstance(error, sqlite3.Error):
                raise typed(error) from error
            raise

    def _end(self, state: State, *, commit: bool) -> None:
        writer = state.writer
        try:
            if not commit:
                writer.roll_back()
            elif state.broken:
                raise rolled_back()
            else:
                try:
                    self._telling.commit(writer, state.written)
                except BaseException:
                    writer.roll_back()
                    raise
        except sqlite3.Error as error:
            raise typed(error) from error
        finally:
            state.depth = 0
            self._lock.release()

    def _open_state(self) -> State | None:
        state = self._thread.state
        return state if state and state.depth else None

    def _command(self, sql: str) -> None:
        try:
            self._open_writer().connection.execute(sql)
        except sqlite3.Error as error:
            raise typed(error) from error

    def _run_inside(self, plan: Plan[R], state: State) -> R:
        if state.broken:
            raise rolled_back()
        try:
            return state.writer.run(plan)
        except BaseException:
            state.look_for_rollback()
            raise

    def _look_around(self, writer: Executor, version: int) -> None:
        """What others have committed since: documents, another schema, that they listen."""
        writer.times.clear()
        connection = writer.connection
        Catalog(SqliteDialect(connection)).check_record(self._record)
        settled = self._telling.look(connection)
        # What this transaction changes there may be undone.
        self._data_version = version if settled else None

    def _open_writer(self) -> Executor:
        if self._closed:
            raise Closed("the database is closed")
        if self._writer is None:
            self._writer = self._writing_on(self._target.open(writes=True))
            self._data_version = None  # each connection counts for itself
        return self._writer

    def _writing_on(self, connection: sqlite3.Connection) -> Executor:
        connection.execute("PRAGMA busy_timeout=0")  # `begin` waits
        return Executor(connection, self._statements)

    def _take_reader(self) -> Executor:
        if self._target.path is None:
            # A filter may read, too, while its query has the lock.
            if not self._thread.reading:
                self._acquire()
            self._thread.reading += 1
            if not self._closed:
                return self._open_writer()
            self._give_back_memory()
        if self._closed:
            raise Closed("the database is closed")
        try:
            return self._readers.pop()
        except IndexError:
            return Executor(self._target.open(), self._statements)

    def _give_back(self, executor: Executor) -> None:
        if self._target.path is None:
            self._give_back_memory()
        elif self._closed:
            executor.connection.close()
        else:
            self._readers.append(executor)

    def _give_up(self, executor: Executor) -> None:
        """Gives back one that was interrupted: it may be in the middle of a statement."""
        if self._target.path is not None:
            executor.connection.close()
        else:
            self._give_back_memory()

    def _give_back_memory(self) -> None:
        self._thread.reading -= 1
        if not self._thread.reading:
            self._lock.release()

    def _acquire(self) -> None:
        if not self._lock.acquire(timeout=self._timeout_s):
            raise Conflict("another thread kept its transaction open for too long")

    def before_fork(self) -> None:
        """Closes what can be closed: SQLite's connections and locks do not survive a fork.

        A transaction of another thread is waited for; that of this thread stays the parent's.
        """
        self._forking = not self._open_state() and self._lock.acquire(
            timeout=self._timeout_s
        )
        if self._forking and self._target.path is not None:
            self._close_connections()
        self.hub.before_fork()

    def after_fork_in_parent(self) -> None:
        self.hub.after_fork_in_parent()
        if self._forking:
            self._lock.release()

    def after_fork_in_child(self) -> None:
        state = self._open_state()
        if state:
            state.lost = True
        closed = self._closed or not self._forking
        if closed:
            # To close them here would touch what the parent uses: they are only forgotten.
            _FORGOTTEN.extend((self._writer, *self._readers))
            self._writer = None
        self._start()
        self._closed = closed
        self.hub.after_fork_in_child()

    def _close_connections(self) -> None:
        if self._writer is not None:
            self._writer.connection.close()
            self._writer = None
        while self._readers:
            self._readers.pop().connection.close()


_FORGOTTEN: list[Executor | None] = []


class Transaction:
    """`with` makes what is inside one transaction: an exception undoes all of it."""

    __slots__ = ("_state", "_storage")

    def __init__(self, storage: SqliteStorage) -> None:
        self._storage = storage

    def __enter__(self) -> None:
        self._state = self._storage.enter(savepoint=True)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        commit = kind is None
        self._storage.leave(self._state, savepoint=True, commit=commit)
