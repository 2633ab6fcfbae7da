"""Transactions on a server, with blocking connections and with others alike.

They are serializable: where the result would not be that of one after the other, the server
refuses one of them, and it is repeated, if it is known all that it did.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from functools import partial
from time import monotonic
from typing import Any, Final, NoReturn, Protocol, TypeVar

import psycopg

from codegen.runtime.errors import (
    Closed,
    DatabaseError,
    SchemaChanged,
    StorageFailed,
    UnusableDatabase,
)

from ..clock import Clock
from ..commands import Command, Explained, Plan
from ..live.changes import texts
from ..live.hub import Hub
from ..live.written import Written
from .batch import Batch
from .executor import Executor, Newest, run
from .faults import is_lost, is_repeatable, typed
from .links import Link, Links
from .listening import PostgresEar
from .pipeline import statement
from .prepared import Prepared
from .target import Target
from .turns import Turns

R = TypeVar("R")

_PAUSE_S: Final = 1.0
"""How long nothing is done in batches after one was refused."""
_NOTIFY: Final = b"SELECT pg_notify($1, text) FROM unnest($2::text[]) text"


class State:
    """A transaction that is open: how deep it is nested, its clock and its connection.

    `written` is what it has written, where somebody listens.
    `fault` is what ended it on the server already, and `repeatable` whether it may go better
    when it is done again. `lost` is one of the process which this one was forked from.
    """

    __slots__ = (
        *("clock", "depth", "executor", "fault", "lost", "repeatable"),
        "written",
    )

    def __init__(self, executor: Executor, written: Written | None = None) -> None:
        self.executor = executor
        self.written = written
        self.clock = Clock()
        self.depth = 1
        self.fault: DatabaseError | None = None
        self.repeatable = False
        self.lost = False

    @property
    def unusual(self) -> bool:
        """Whether it has to be done again without a batch."""
        link = self.executor.link
        return isinstance(link, Batch) and link.was_refused

    async def write(self, plan: Plan[R]) -> R:
        """The result of a plan that writes."""
        if self.written is not None:
            plan = self.written.recorded(plan)
        return await self.run(plan)

    async def run(self, plan: Plan[R]) -> R:
        """The result of a plan; after a fault on the server, nothing is done there."""
        self.check()
        try:
            return await self.executor.run(plan, self._fail)
        except Exception:
            raise
        except BaseException:
            self.fault = _interrupted()
            raise

    async def do(self, act: Callable[[Executor], Awaitable[R]]) -> R:
        """What is done on the server; after a fault there, nothing is."""
        self.check()
        try:
            return await act(self.executor)
        except psycopg.Error as error:
            self._fail(error)
        except Exception:
            raise
        except BaseException:
            self.fault = _interrupted()
            raise

    def _fail(self, error: psycopg.Error) -> NoReturn:
        lost = is_lost(self.executor.link, error)
        self.repeatable = lost or is_repeatable(error)
        self.fault = typed(error)
        raise self.fault from error

    def check(self) -> None:
        if self.fault is not None:
            raise type(self.fault)(*self.fault.args)


class Current(Protocol):
    """The transaction that the caller, a thread or a task, is in."""

    def get(self) -> State | None:
        """None outside of transactions."""
        ...

    def set(self, state: State, /) -> None: ...


class Transactions:
    """Runs plans in transactions, and outside of them."""

    def __init__(
        self,
        target: Target,
        prepared: Prepared,
        links: Links,
        current: Current,
    ) -> None:
        self._target = target
        self._prepared = prepared
        self._statements = prepared.statements
        self._newest = Newest()
        self._links = links
        self._current = current
        # The locks are had before the snapshot is taken: whoever applies a schema, or builds an
        # index that we enter documents in, waits for us, or we for them, and then see it.
        begin = (target.beginning("SERIALIZABLE"), *prepared.locks)
        latest = (
            f"SELECT id, listened_until > now() FROM {prepared.schemas}"
            " ORDER BY id DESC LIMIT 1"
        )
        self._writing = "; ".join((*begin, latest)).encode()
        # An error, where another schema was applied or somebody listens.
        check = (
            "SELECT 1 / count(*) FROM (SELECT id, listened_until FROM"
            f" {prepared.schemas} ORDER BY id DESC LIMIT 1) latest"
            f" WHERE id = {prepared.record} AND (listened_until > now()) IS NOT TRUE"
        )
        self._begin_batch = [statement(sql.encode()) for sql in (*begin, check)]
        self._batches_from = -math.inf
        self._reading = target.beginning("REPEATABLE READ READ ONLY").encode()
        self._hub = Hub(partial(PostgresEar, target, prepared))

    @property
    def is_open(self) -> bool:
        """Whether the caller is in one."""
        return self._current.get() is not None

    @property
    def hub(self) -> Hub:
        """Who tells what was committed; an `UnusableDatabase` behind a PgBouncer."""
        if self._target.pooled:
            raise UnusableDatabase(
                "live queries need a connection of their own, which a PgBouncer does not"
                " give: connect to the server itself for them, without pooled=True"
            )
        return self._hub

    async def read(self, plan: Plan[R], *, snapshot: bool) -> R:
        """Runs a plan that only reads; one of several commands needs a `snapshot`."""
        state = self._current.get()
        if state:
            return await state.run(plan)
        if snapshot or self._target.pooled:
            return await self._in_snapshot(lambda state: state.run(plan))
        return await run(plan, self._answer_alone)

    async def explain(self, read: Explained) -> str:
        return await self._in_snapshot(
            lambda state: state.do(lambda executor: executor.explain(read))
        )

    async def close(self) -> None:
        if self.is_open:
            raise RuntimeError(
                "close the database after the transaction, not inside it"
            )
        self._hub.close()
        await self._links.close()

    def end_listening(self) -> None:
        """Waits, after the end, until writers are told that nobody listens."""
        self._hub.join()

    def after_fork_in_child(self) -> None:
        self._hub.after_fork_in_child()

    async def atomically(
        self, plan: Callable[[Clock], Plan[R]], *, savepoint: bool
    ) -> R:
        """Runs a plan in a transaction; inside another, it is just a part of that one."""
        if self.is_open:
            return await self._nested(plan, savepoint=savepoint)
        turns = Turns(self._target)
        while True:
            state: State | None = None
            try:
                state = await self.enter(savepoint=False, batched=True)
                result = await state.write(plan(state.clock))
                await self.leave(state, savepoint=False, commit=True)
                return result
            except BaseException as error:
                # It may have come between two of these steps, as an interrupt.
                if begun := self._current.get():
                    await self.leave(begun, savepoint=False, commit=False)
                if not isinstance(error, Exception):
                    raise
                pause = turns.pause_after(state)
                if pause is None:
                    raise
            await self._links.pause(pause)

    async def _nested(self, plan: Callable[[Clock], Plan[R]], *, savepoint: bool) -> R:
        state = await self.enter(savepoint=savepoint)
        try:
            result = await state.write(plan(state.clock))
        except BaseException:
            await self.leave(state, savepoint=savepoint, commit=False)
            raise
        await self.leave(state, savepoint=savepoint, commit=True)
        return result

    async def enter(self, *, savepoint: bool, batched: bool = False) -> State:
        """The transaction that the caller is in from now on, one more level deep.

        A `batched` one consists of few messages, and nothing is done in it but a plan.
        """
        state = self._current.get()
        if state is None:
            state = await self._begin_writing(batched)
            self._current.set(state)
        else:
            if savepoint:
                await state.do(_command(f"SAVEPOINT s{state.depth}"))
            state.depth += 1
        return state

    async def leave(self, state: State, *, savepoint: bool, commit: bool) -> None:
        """Ends the innermost level; another caller than the one that began it may do so."""
        if state.lost:
            if commit:
                raise Closed("the transaction is that of the process before the fork")
        elif state.depth == 1:
            try:
                await self._end(state, commit=commit)
            finally:
                if state.unusual:
                    self._batches_from = monotonic() + _PAUSE_S
        elif state.depth == 0:
            if commit:
                raise StorageFailed("the transaction was ended by another caller")
        else:
            state.depth -= 1
            if state.fault is not None:
                if commit:
                    state.check()
            elif savepoint:
                if not commit:
                    await state.do(_command(f"ROLLBACK TO s{state.depth}"))
                await state.do(_command(f"RELEASE s{state.depth}"))

    async def _begin_writing(self, batched: bool) -> State:
        batched &= not self._target.pooled and monotonic() > self._batches_from
        link = await self._links.take()
        if batched and link.takes_batches:
            # What is lost with a batch may have been written, or not: a connection that was lost
            # long ago takes none.
            return self._state(Batch(link, self._begin_batch))
        link, record, listened = await self._on_any(self._begin, link)
        if record != self._prepared.record:
            await link.leave(b"ROLLBACK")
            raise SchemaChanged(
                "another program has applied another schema: connect again, with a"
                " package that is generated from it"
            )
        return self._state(link, Written(self._prepared.tables) if listened else None)

    def _state(self, link: Link, written: Written | None = None) -> State:
        return State(Executor(link, self._statements, self._newest), written)

    async def _begin(self, link: Link) -> tuple[Link, int | None, bool]:
        """Begins, and looks who is there."""
        try:
            said = await link.script(self._writing)
        except BaseException:
            await link.leave(b"ROLLBACK")
            raise
        record, listened = said.rows[0] if said.rows else (None, False)
        return link, record, listened

    async def _end(self, state: State, *, commit: bool) -> None:
        state.depth = 0
        link = state.executor.link
        if not commit or state.fault is not None:
            await link.leave(b"ROLLBACK")
            if commit:
                state.check()
            return
        try:
            await self._commit(state, link)
        finally:
            await link.give_back()

    async def _commit(self, state: State, link: Link) -> None:
        try:
            if state.written is not None:
                values = (self._prepared.channel, [*texts(state.written)])
                await link.rows(_NOTIFY, values)
            done = await link.command(b"COMMIT")
        except psycopg.Error as error:
            if is_lost(link, error):
                raise StorageFailed(
                    "the connection was lost while the transaction ended: it may have been"
                    f" written, or not ({error})"
                ) from error
            state.repeatable = is_repeatable(error)
            raise typed(error) from error
        if done != "COMMIT":
            # As after an interrupted statement, whose exception was caught inside.
            raise StorageFailed("the transaction was rolled back by an earlier failure")

    async def _in_snapshot(self, work: Callable[[State], Awaitable[R]]) -> R:
        """Works in the open transaction, or in one that only reads."""
        state = self._current.get()
        if state:
            return await work(state)

        async def begin(link: Link) -> Link:
            try:
                await link.command(self._reading)
            except BaseException:
                await link.leave(b"ROLLBACK")
                raise
            return link

        link = await self._on_any(begin)
        try:
            return await work(self._state(link))
        finally:
            await link.leave(b"COMMIT")

    async def _answer_alone(self, command: Command) -> Any:
        async def answer(link: Link) -> Any:
            try:
                executor = Executor(link, self._statements, self._newest)
                return await executor.answer(command)
            finally:
                await link.give_back()

        return await self._on_any(answer)

    async def _on_any(
        self, act: Callable[[Link], Awaitable[R]], link: Link | None = None
    ) -> R:
        """Acts on a connection, and on another one where that was lost before it began."""
        end = monotonic() + self._target.patience_s
        while True:
            link = link or await self._links.take()
            try:
                return await act(link)
            except psycopg.Error as error:
                if not is_lost(link, error) or monotonic() > end:
                    raise typed(error) from error
            link = None


def _interrupted() -> StorageFailed:
    return StorageFailed(
        "the transaction was rolled back, because a call in it was interrupted"
    )


def _command(sql: str) -> Callable[[Executor], Awaitable[object]]:
    return lambda executor: executor.link.command(sql.encode())
