"""A database of typed documents, for `async` code."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, Self, TypeVar, cast

from codegen.runtime.documents import I, New, Patch
from codegen.runtime.ids import D, Id
from codegen.runtime.operations import Operation, Read
from codegen.runtime.queries import Query

from .. import reads, writes
from ..clock import Clock
from ..commands import Plan
from ..tables import Tables
from .storage import AsyncStorage
from .subscription import AsyncSubscription

R = TypeVar("R")


class AsyncDatabase:
    """Documents in one database; the tasks of an event loop may share it.

    It is `Database` with `await`: each call is a transaction of its own, unless it is made
    inside `async with db.transaction()`, and raises the same errors. A call that is cancelled
    writes nothing, unless its transaction was just ending.
    """

    def __init__(self, storage: AsyncStorage, tables: Tables) -> None:
        self._storage = storage
        self._tables = tables

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the database; what is done with it later raises `Closed`."""
        await self._storage.close()

    async def get(self, id: Id[D], /) -> D | None:
        """The document, or None when there is none.

        Raises an `InvalidId` for a text that is not an id of this table.
        """
        return await self._storage.read(reads.get(self._tables, id))

    async def run(self, operation: Operation[R], /) -> R:
        """The answer to a query, as things are at one moment.

        Raises `InvalidQuery`, `InvalidCursor`, `TooManyResults` or, for `unique()`, `NotUnique`.
        """
        plan = reads.run(self._tables, operation)
        return await self._storage.read(plan, snapshot=reads.needs_snapshot(operation))

    def stream(self, query: Query[D], /) -> AsyncIterator[D]:
        """The documents of a query, read in portions as they are asked for.

        Each portion is read at its own moment: what is written meanwhile may be in a later one.
        Raises a `TypeError` for a search or a vector query, which have no order to go on in.
        """
        reads.check_stream(self._tables, query)  # what is wrong with it is said now
        return self._portions(query)

    async def _portions(self, query: Query[D]) -> AsyncIterator[D]:
        place: bytes | None = None
        while True:
            plan = reads.portion(self._tables, query, place)
            documents, place = await self._storage.read(plan)
            for document in documents:
                yield document
            if place is None:
                return

    def subscribe(
        self, read: Read[R], /, *, timeout_ms: float | None = None
    ) -> AsyncSubscription[R]:
        """The result of a query, and each new one when what others or this program commit changes it.

        `async for result in db.subscribe(query):` begins with the present result. Those between two steps
        are not kept: a step gives the newest, if it is another than the last. The subscription
        ends with its `aclose()`, with the block of `async with`, or when nobody has it any more.

        Args:
            timeout_ms: How long a step may wait for a new result, in ms, before a `TimeoutError`,
                after which there may be further steps. None waits for ever.

        Raises:
            UnusableDatabase: The database is behind a PgBouncer, where nobody can listen.
        """
        return AsyncSubscription(self._storage, self._tables, read, timeout_ms)

    async def insert(self, new: New[I], /) -> I:
        """Stores a document, and returns its id.

        Raises `ValidationFailed`, `LimitExceeded` or `UniqueViolation`.
        """
        draft = writes.draft(self._tables, new)
        id = await self._storage.atomically(lambda clock: writes.insert(clock, draft))
        return cast(I, id)

    async def insert_many(self, new: Iterable[New[I]], /) -> list[I]:
        """Stores documents, all or none, and returns their ids in order; see `insert`.

        All are taken from the iterable before the first is stored.
        """
        news = list(new)

        def plan(clock: Clock) -> Plan[list[Id[Any]]]:
            # As it goes: where a thread writes, the event loop does not wait for all.
            drafts = (writes.draft(self._tables, one) for one in news)
            return writes.insert_many(clock, drafts)

        ids = await self._storage.atomically(plan, savepoint=True)
        return cast(list[I], ids)

    async def patch(self, id: Id[D], patch: Patch[D], /) -> None:
        """Changes the given fields of a document.

        Raises `NotFound`, `InvalidId`, and what `insert` raises.
        """
        await self._storage.atomically(lambda _: writes.patch(self._tables, id, patch))

    async def replace(self, id: I, new: New[I], /) -> None:
        """Puts a whole document in the place of another, which keeps its creation time.

        Raises `NotFound`, `InvalidId`, and what `insert` raises.
        """
        await self._storage.atomically(lambda _: writes.replace(self._tables, id, new))

    async def delete(self, id: Id[Any], /) -> None:
        """Deletes a document; raises `NotFound` or `InvalidId`."""
        await self._storage.atomically(lambda _: writes.delete(self._tables, id))

    async def transact(self, function: Callable[[Self], Awaitable[R]], /) -> R:
        """The result of `await function(db)`, run as a transaction.

        Where others were in the way, all is undone and it runs again, for at most the
        timeout of the database: so it should do nothing that can't be done twice. An exception
        of its own, or its cancellation, undoes the transaction and is raised.
        """
        return await self._storage.transact(lambda: function(self))

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Self, None]:
        """`async with db.transaction():` does all that this task does inside, or nothing.

        It sees its own writes, others see them after its end, and no other writes come in
        between. An exception or a cancellation undoes it. Inside another transaction it is a
        part of that one, which can be undone by itself. Tasks that are started inside may not
        use the database before its end.
        """
        async with self._storage.transaction():
            yield self

    async def explain(self, read: Read[Any], /) -> str:
        """How the database reads what a query asks for, in the database's own words."""
        return await self._storage.explain(reads.explained(self._tables, read))
