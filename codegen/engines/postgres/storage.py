"""Transactions on a server: each thread has its own, beside those of others.

They are serializable: where the result would not be that of one after the other, the server
refuses one of them, and it is repeated, if this storage knows all that it did.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from random import random
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Final, TypeVar

import psycopg

from codegen.runtime.errors import Closed, DatabaseError, SchemaChanged, StorageFailed

from ..clock import Clock
from ..commands import Command, Plan, Scan
from .executor import Executor, Newest, run
from .faults import is_lost, is_repeatable, typed
from .pool import Pool
from .statements import Statements
from .target import Connection, Target

R = TypeVar("R")

_SHORTEST_PAUSE_S: Final = 0.001
_LONGEST_PAUSE_S: Final = 0.1


class _State:
    """A transaction that is open: how deep it is nested, its clock and its connection.

    `fault` is what ended it on the server already, and `repeatable` whether it may go better
    when it is done again. `lost` is one of the process which this one was forked from.
    """

    __slots__ = ("clock", "depth", "executor", "fault", "lost", "repeatable")

    def __init__(self, executor: Executor) -> None:
        self.executor = executor
        self.clock = Clock()
        self.depth = 1
        self.fault: DatabaseError | None = None
        self.repeatable = False
        self.lost = False

    def answer(self, command: Command) -> Any:
        return self.do(lambda executor: executor.answer(command))

    def do(self, act: Callable[[Executor], R]) -> R:
        """What is done on the server; after a fault there, nothing is."""
        self.check()
        try:
            return act(self.executor)
        except psycopg.Error as error:
            lost = is_lost(self.executor.connection, error)
            self.repeatable = lost or is_repeatable(error)
            self.fault = typed(error)
            raise self.fault from error

    def check(self) -> None:
        if self.fault is not None:
            raise type(self.fault)(*self.fault.args)


class _Thread(threading.local):
    """The transaction that a thread is in."""

    state: _State | None = None


class PostgresStorage:
    """Runs plans on the connections of a pool."""

    repeats = True

    def __init__(
        self,
        target: Target,
        statements: Mapping[str, Statements],
        schemas: str,
        digest: str,
    ) -> None:
        """`schemas` is the table of the schemas that were applied, `digest` that of ours."""
        self._target = target
        self._statements = statements
        self._digest = digest
        self._newest = Newest()
        self._pool = Pool(target)
        self._thread = _Thread()
        # The lock is had before the snapshot is taken: whoever applies a schema waits for us, or
        # we for them, and then see it.
        self._writing = (
            f"{target.beginning('SERIALIZABLE')};"
            f" LOCK TABLE {schemas} IN ACCESS SHARE MODE;"
            f" SELECT digest FROM {schemas} ORDER BY id DESC LIMIT 1"
        ).encode()
        self._reading = target.beginning("REPEATABLE READ READ ONLY").encode()
        _STORAGES.add(self)

    def read(self, plan: Plan[R], *, snapshot: bool = False) -> R:
        """Runs a plan that only reads; one of several commands needs a `snapshot`."""
        state = self._open_state()
        if state:
            return run(plan, state.answer)
        if snapshot or self._target.pooled:
            with self._snapshot() as state:
                return run(plan, state.answer)
        return run(plan, self._answer_alone)

    def atomically(
        self, plan: Callable[[Clock], Plan[R]], *, savepoint: bool = False
    ) -> R:
        """Runs a plan in a transaction; inside another, it is just a part of that one."""
        if self._open_state():
            with Transaction(self, savepoint) as state:
                return run(plan(state.clock), state.answer)
        return self._repeated(lambda state: run(plan(state.clock), state.answer))

    def transact(self, work: Callable[[], R]) -> R:
        """Inside another transaction it is a part of that one, and repeated with it."""
        if self._open_state():
            with self.transaction():
                return work()
        return self._repeated(lambda _: work())

    def transaction(self) -> Transaction:
        """Inside another, it is a savepoint."""
        return Transaction(self, savepoint=True)

    def explain(self, scan: Scan) -> str:
        with self._snapshot() as state:
            return state.do(lambda executor: executor.explain(scan))

    def close(self) -> None:
        if self._open_state():
            raise RuntimeError(
                "close the database after the transaction, not inside it"
            )
        self._pool.close()

    def enter(self, *, savepoint: bool) -> _State:
        """The transaction that this thread is in from now on, one more level deep."""
        state = self._open_state()
        if state is None:
            state = self._thread.state = self._begin_writing()
        else:
            if savepoint:
                state.do(_command(f"SAVEPOINT s{state.depth}"))
            state.depth += 1
        return state

    def leave(self, state: _State, *, savepoint: bool, commit: bool) -> None:
        """Ends the innermost level; another thread than the one that began it may do so."""
        if state.lost:
            if commit:
                raise Closed("the transaction is that of the process before the fork")
        elif state.depth == 1:
            self._end(state, commit=commit)
        elif state.depth == 0:
            if commit:
                raise StorageFailed("the transaction was ended by another thread")
        else:
            state.depth -= 1
            if state.fault is not None:
                if commit:
                    state.check()
            elif savepoint:
                if not commit:
                    state.do(_command(f"ROLLBACK TO s{state.depth}"))
                state.do(_command(f"RELEASE s{state.depth}"))

    def _open_state(self) -> _State | None:
        state = self._thread.state
        return state if state and state.depth else None

    def _repeated(self, work: Callable[[_State], R]) -> R:
        """Does work in a transaction, again and again until others are not in the way."""
        end = monotonic() + self._target.timeout_s
        longest = _SHORTEST_PAUSE_S
        while True:
            transaction = Transaction(self, savepoint=False)
            try:
                with transaction as state:
                    return work(state)
            except Exception:
                pause = random() * longest
                if not transaction.repeatable or monotonic() + pause > end:
                    raise
            sleep(pause)
            longest = min(2 * longest, _LONGEST_PAUSE_S)

    def _begin_writing(self) -> _State:
        connection, digest = self._on_any(self._begin)
        if digest != self._digest:
            self._roll_back(connection)
            raise SchemaChanged(
                "another program has applied another schema: connect again, with a"
                " package that is generated from it"
            )
        return _State(Executor(connection, self._statements, self._newest))

    def _begin(self, connection: Connection) -> tuple[Connection, str | None]:
        try:
            cursor = connection.execute(self._writing, prepare=False)
            while cursor.nextset():
                pass
            row = cursor.fetchone()
        except BaseException:
            self._roll_back(connection)
            raise
        return connection, row[0] if row else None

    def _end(self, state: _State, *, commit: bool) -> None:
        state.depth = 0
        connection = state.executor.connection
        if not commit or state.fault is not None:
            self._roll_back(connection)
            if commit:
                state.check()
            return
        try:
            self._commit(state, connection)
        finally:
            self._pool.give_back(connection)

    def _commit(self, state: _State, connection: Connection) -> None:
        try:
            done = connection.execute(b"COMMIT", prepare=False).statusmessage
        except psycopg.Error as error:
            if is_lost(connection, error):
                raise StorageFailed(
                    "the connection was lost while the transaction ended: it may have been"
                    f" written, or not ({error})"
                ) from error
            state.repeatable = is_repeatable(error)
            raise typed(error) from error
        if done != "COMMIT":
            # As after an interrupted statement, whose exception was caught inside.
            raise StorageFailed("the transaction was rolled back by an earlier failure")

    def _roll_back(self, connection: Connection) -> None:
        """Undoes a transaction, and gives its connection back."""
        self._leave(connection, b"ROLLBACK")

    def _leave(self, connection: Connection, command: bytes) -> None:
        try:
            if not connection.closed:
                connection.execute(command, prepare=False)
        except psycopg.Error:
            connection.close()  # which undoes it as well
        finally:
            self._pool.give_back(connection)

    @contextmanager
    def _snapshot(self) -> Generator[_State]:
        """The open transaction, or one that only reads."""
        state = self._open_state()
        if state:
            yield state
            return

        def begin(connection: Connection) -> Connection:
            try:
                connection.execute(self._reading, prepare=False)
            except BaseException:
                self._roll_back(connection)
                raise
            return connection

        connection = self._on_any(begin)
        try:
            yield _State(Executor(connection, self._statements, self._newest))
        finally:
            # After a rollback psycopg would prepare all statements anew.
            self._leave(connection, b"COMMIT")

    def _answer_alone(self, command: Command) -> Any:
        def answer(connection: Connection) -> Any:
            try:
                executor = Executor(connection, self._statements, self._newest)
                return executor.answer(command)
            finally:
                self._pool.give_back(connection)

        return self._on_any(answer)

    def _on_any(self, act: Callable[[Connection], R]) -> R:
        """Acts on a connection, and on another one where that was lost before it began."""
        end = monotonic() + self._target.patience_s
        while True:
            connection = self._pool.take()
            try:
                return act(connection)
            except psycopg.Error as error:
                if not is_lost(connection, error) or monotonic() > end:
                    raise typed(error) from error

    def after_fork_in_child(self) -> None:
        state = self._open_state()
        if state:
            state.lost = True
        self._pool.forget(closed=self._pool.is_closed or state is not None)
        self._thread = _Thread()


_STORAGES: weakref.WeakSet[PostgresStorage] = weakref.WeakSet()


def _after_fork_in_child() -> None:
    for storage in tuple(_STORAGES):
        storage.after_fork_in_child()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)


def _command(sql: str) -> Callable[[Executor], object]:
    return lambda executor: executor.connection.execute(sql.encode(), prepare=False)


class Transaction:
    """`with` makes what is inside one transaction: an exception undoes all of it."""

    __slots__ = ("_savepoint", "_state", "_storage")

    def __init__(self, storage: PostgresStorage, savepoint: bool) -> None:
        self._storage = storage
        self._savepoint = savepoint
        self._state: _State | None = None

    @property
    def repeatable(self) -> bool:
        """Whether it failed because others were in the way."""
        return self._state is not None and self._state.repeatable

    def __enter__(self) -> _State:
        self._state = self._storage.enter(savepoint=self._savepoint)
        return self._state

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._state is not None:
            commit = kind is None
            self._storage.leave(self._state, savepoint=self._savepoint, commit=commit)
