"""The connections of one database for tasks: a thread that writes, and others that read.

All of a transaction runs on the thread that writes, whose turn the task has until its end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Final, TypeVar

from codegen.runtime.errors import Closed, StorageFailed

from ..asynchronous.tasks import TaskLocal
from ..clock import Clock
from ..commands import Explained, Plan
from ..live.hub import Hub
from .connection import Target
from .lanes import Call, Lane
from .storage import SqliteStorage, State

R = TypeVar("R")

READERS: Final = 4
"""How many threads read a file."""


class _Open:
    """A transaction that is open: how deep it is nested, and the thread's own state of it.

    `cut` is one in which a call was cancelled: nobody knows what of the call was done.
    """

    __slots__ = ("cut", "depth", "state")

    def __init__(self, state: State) -> None:
        self.state = state
        self.depth = 1
        self.cut = False

    def check(self) -> None:
        if self.cut:
            raise StorageFailed(
                "the transaction was rolled back, because a call in it was cancelled"
            )


class AsyncSqliteStorage:
    """Runs plans on threads: reads beside each other, writes one after the other."""

    def __init__(self, storage: SqliteStorage, target: Target) -> None:
        self._storage = storage
        timeout_s = target.timeout_s
        busy = "another task kept its transaction open for too long"
        self._writer = Lane(1, timeout_s, busy)
        self._readers = self._writer
        # Memory has one connection only.
        if target.path is not None:
            busy = f"all {READERS} threads that read were busy for too long"
            self._readers = Lane(READERS, timeout_s, busy)
        self._current = TaskLocal[_Open]()
        self._closed = False

    @property
    def in_transaction(self) -> bool:
        """Whether the running task is in one."""
        return self._current.get() is not None

    @property
    def hub(self) -> Hub:
        return self._storage.hub

    async def read(self, plan: Plan[R], *, snapshot: bool = False) -> R:
        """Runs a plan that only reads; one of several commands needs a `snapshot`."""
        return await self._reading(
            lambda call: self._storage.read(call.guard(plan), snapshot=snapshot)
        )

    async def explain(self, read: Explained) -> str:
        return await self._reading(lambda _: self._storage.explain(read))

    async def atomically(
        self, plan: Callable[[Clock], Plan[R]], *, savepoint: bool = False
    ) -> R:
        """Runs a plan in a transaction; inside another, it is just a part of that one."""

        def write(call: Call) -> R:
            return self._storage.atomically(
                lambda clock: call.guard(plan(clock)), savepoint=savepoint
            )

        begun = self._current.get()
        if begun:
            return await self._inside(begun, write)
        await self._take(self._writer)
        return await self._writer.finish(write)

    async def transact(self, work: Callable[[], Awaitable[R]]) -> R:
        """Once: nobody else writes meanwhile."""
        async with self.transaction():
            return await work()

    def transaction(self) -> Transaction:
        """Inside another, it is a savepoint."""
        return Transaction(self)

    async def close(self) -> None:
        """Closes all connections; a transaction of another task is waited for."""
        if self._current.get():
            raise RuntimeError(
                "close the database after the transaction, not inside it"
            )
        if self._closed:
            return
        await self._writer.take()
        if self._closed:
            self._writer.give_back()
            return
        self._closed = True
        # Who is cancelled meanwhile does not hinder it.
        closing = asyncio.wrap_future(
            self._writer.start(self._storage.close, last=True)
        )
        self._writer.close()
        self._readers.close()
        await asyncio.shield(closing)

    async def enter(self) -> _Open:
        """The transaction that this task is in from now on, one more level deep."""
        begun = self._current.get()
        if begun:
            await self._inside(begun, lambda _: self._storage.enter(savepoint=True))
            begun.depth += 1
            return begun
        await self._take(self._writer)
        entering = self._writer.start(
            lambda: self._storage.enter(savepoint=False), last=False
        )
        try:
            state = await asyncio.wrap_future(entering)
        except BaseException:
            self._writer.start(lambda: self._undo_entered(entering), last=True)
            raise
        begun = _Open(state)
        self._current.set(begun)
        return begun

    async def leave(self, begun: _Open, *, commit: bool) -> None:
        """Ends the innermost level; another task than the one that began it may do so."""
        if begun.depth == 1:
            begun.depth = 0
            await self._end(begun, commit=commit and not begun.cut)
        elif begun.depth == 0:
            if commit:
                raise StorageFailed("the transaction was ended by another task")
        else:
            begun.depth -= 1
            if not begun.cut:
                await self._inside(
                    begun,
                    lambda _: self._storage.leave(
                        begun.state, savepoint=True, commit=commit
                    ),
                )
        if commit:
            begun.check()

    async def _end(self, begun: _Open, *, commit: bool) -> None:
        def end(call: Call) -> None:
            if commit and not call.is_abandoned:
                self._storage.leave(begun.state, savepoint=False, commit=True)
            else:
                self._storage.undo(begun.state)

        await self._writer.finish(end)

    def _undo_entered(self, entering: Future[State]) -> None:
        if not entering.cancelled() and entering.exception() is None:
            self._storage.undo(entering.result())

    async def _reading(self, work: Callable[[Call], R]) -> R:
        begun = self._current.get()
        if begun:
            return await self._inside(begun, work)
        await self._take(self._readers)
        return await self._readers.finish(work)

    async def _inside(self, begun: _Open, work: Callable[[Call], R]) -> R:
        begun.check()
        try:
            return await self._writer.run(work)
        except asyncio.CancelledError:
            begun.cut = True
            raise

    async def _take(self, lane: Lane) -> None:
        if not self._closed:
            await lane.take()
            if not self._closed:
                return
            lane.give_back()
        raise Closed("the database is closed")


class Transaction:
    """`async with` makes what is inside one transaction: an exception undoes all of it."""

    __slots__ = ("_begun", "_storage")

    def __init__(self, storage: AsyncSqliteStorage) -> None:
        self._storage = storage

    async def __aenter__(self) -> None:
        self._begun = await self._storage.enter()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._storage.leave(self._begun, commit=kind is None)
