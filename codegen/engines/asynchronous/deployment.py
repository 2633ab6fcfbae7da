"""A Convex deployment for `async` code."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast, overload
from weakref import WeakSet

from codegen.convex.conversation import Conversation, first_cursor
from codegen.convex.exchange import Exchange
from codegen.convex.listening import Listener
from codegen.convex.options import Options
from codegen.convex.paging import PageOf, items_of
from codegen.convex.tasks import AsyncConnection
from codegen.runtime.calls import Call
from codegen.runtime.documents import I, New, Patch
from codegen.runtime.ids import D, Id
from codegen.runtime.model import Extra
from codegen.runtime.operations import Operation
from codegen.runtime.queries import Query

from ..convex.batch import Batch
from ..convex.choice import documents_of
from ..convex.nothing import Nothing
from ..deployment import answer
from ..feeds import Feeds
from ..package import Package
from .database import AsyncDatabase
from .deployment_subscription import AsyncDeploymentSubscription

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
R = TypeVar("R")
T = TypeVar("T")


class AsyncDeployment(AsyncDatabase):
    """A Convex deployment; the tasks of an event loop may share it. See `Deployment`.

    A mutation or an action that is cancelled may have run.
    """

    def __init__(
        self,
        origin: str,
        options: Options,
        package: Package,
        connection: AsyncConnection | None = None,
    ) -> None:
        """`connection` is one that is shared, and closed by its owner."""
        nothing: Any = Nothing()
        super().__init__(nothing, nothing)
        self._package = package
        self._conversation = Conversation(origin, options)
        self._documents = documents_of(self._conversation, package)
        self._listener = Listener(origin, options)
        self._feeds = Feeds(self._conversation, package, self._listener)
        self._subscriptions = WeakSet[AsyncDeploymentSubscription[Any]]()
        self._owned = connection is None
        self._connection = connection or AsyncConnection(origin, options)

    @property
    def origin(self) -> str:
        """Where it is, such as `https://name.convex.cloud`."""
        return self._conversation.origin

    async def close(self) -> None:
        """Closes the connections; what is done with it later raises `Closed`."""
        for subscription in [*self._subscriptions]:
            await subscription.aclose(cut_off=True)
        self._listener.close()
        if self._owned:
            await self._connection.close()

    async def run(self, operation: Operation[R], /, *, extra: Extra | None = None) -> R:
        """The result of a function, or of a query.

        `extra="ignore"` drops fields of the result that the function does not declare.
        """
        exchange = answer(self._conversation, self._documents, operation, extra)
        return await self._perform(exchange)

    async def get(self, id: Id[D], /) -> D | None:
        """The document, or None when there is none.

        Raises an `InvalidId` for a text that is not an id of this table.
        """
        return await self._perform(self._documents.get(id))

    def stream(self, query: Query[D], /) -> AsyncIterator[D]:
        """The documents of a query, read in pages as they are asked for.

        Each page is read at its own moment: what is written meanwhile may be in a later one.
        Raises a `TypeError` for a search or a vector query, which have no order to go on in.
        """
        self._documents.check_stream(query)  # what is wrong with it is said now
        return self._portions(query)

    async def _portions(self, query: Query[D]) -> AsyncIterator[D]:
        cursor: str | None = None
        while True:
            portion = self._documents.portion(query, cursor)
            documents, cursor = await self._perform(portion)
            for document in documents:
                yield document
            if cursor is None:
                return

    @asynccontextmanager
    async def batch(self) -> AsyncGenerator[Batch]:
        """`async with db.batch() as batch:` makes changes together at its end, all or none.

        See `Deployment.batch`.
        """
        batch = self._documents.batch()
        yield batch
        await self._perform(self._documents.write(batch))

    async def insert(self, new: New[I], /) -> I:
        """Stores a document, and returns its id."""
        return (await self.insert_many([new]))[0]

    async def insert_many(self, new: Iterable[New[I]], /) -> list[I]:
        """Stores documents, all or none, and returns their ids in order."""
        async with self.batch() as batch:
            for one in new:
                batch.insert(one)
        return cast("list[I]", batch.ids)

    async def patch(self, id: Id[D], patch: Patch[D], /) -> None:
        """Changes the given fields of a document."""
        async with self.batch() as batch:
            batch.patch(id, patch)

    async def replace(self, id: I, new: New[I], /) -> None:
        """Puts a whole document in the place of another, which keeps its creation time."""
        async with self.batch() as batch:
            batch.replace(id, new)

    async def delete(self, id: Id[Any], /) -> None:
        """Deletes a document; raises `NotFound` or `InvalidId`."""
        async with self.batch() as batch:
            batch.delete(id)

    async def _perform(self, exchange: Exchange[R]) -> R:
        return await self._connection.perform(exchange)

    @overload
    async def together(self, calls: Iterable[Call[R]], /) -> list[R]: ...

    @overload
    async def together(self, first: Call[A], second: Call[B], /) -> tuple[A, B]: ...

    @overload
    async def together(
        self, first: Call[A], second: Call[B], third: Call[C], /
    ) -> tuple[A, B, C]: ...

    async def together(self, first: Any, /, *more: Call[Any]) -> Any:
        """The results of queries, all as things are at one moment, in one request.

        Takes some calls, or any number of them as an iterable.
        """
        is_one = isinstance(first, Call)
        calls: list[Call[Any]] = [first, *more] if is_one else [*first]
        results = await self._perform(self._conversation.together(calls))
        return tuple(results) if is_one else results

    async def moment(self) -> AsyncMoment:
        """The moment that it is now, for several calls to see the same state of things."""
        ts = await self._connection.perform(self._conversation.moment())
        return AsyncMoment(self._conversation, self._connection, ts)

    def pages(self, call: Call[R], /) -> AsyncIterator[R]:
        """The pages of a query that takes `paginationOpts`, from its cursor to the end.

        Each is read at its own moment when it is asked for.
        """
        return self._pages(call, first_cursor(call))

    async def _pages(self, call: Call[R], cursor: str | None) -> AsyncIterator[R]:
        while True:
            turn = await self._connection.perform(self._conversation.turn(call, cursor))
            yield call.result_from_wire(turn.value)
            if turn.cursor is None:
                return
            cursor = turn.cursor

    async def items(self, call: Call[PageOf[T]], /) -> AsyncIterator[T]:
        """All that is on the pages of a query that takes `paginationOpts`."""
        async for page in self.pages(call):
            for item in items_of(page):
                yield item

    def subscribe(
        self, operation: Operation[R], /, *, timeout_ms: float | None = None
    ) -> AsyncDeploymentSubscription[R]:
        """The result of a query, and each new one that the deployment tells of.

        Calls of query functions are followed, and queries of documents but for vector
        queries, which raise `Unsupported`. It is as with any database: `async for result in
        db.subscribe(query):` begins with the present result, and a step gives the newest
        that is another than the last. It takes `pip install "tablewright[convex-live]"`.

        Args:
            timeout_ms: How long a step may wait for a new result, in ms, before a `TimeoutError`,
                after which there may be further steps. None waits for ever.
        """
        subscription = AsyncDeploymentSubscription(
            self._feeds, self._connection, operation, timeout_ms
        )
        self._subscriptions.add(subscription)
        return subscription

    def speaking_as(self, token: str, /) -> AsyncDeployment:
        """The same deployment for a user, by a JWT, on the same connections."""
        options = self._conversation.speaking_as(token).options
        return AsyncDeployment(self.origin, options, self._package, self._connection)


class AsyncMoment:
    """A deployment as it was at one moment; it keeps the past for a short while only."""

    def __init__(
        self, conversation: Conversation, connection: AsyncConnection, ts: str
    ) -> None:
        self._conversation = conversation
        self._connection = connection
        self._ts = ts

    async def run(self, call: Call[R], /, *, extra: Extra | None = None) -> R:
        """The result of a query."""
        return await self._connection.perform(
            self._conversation.run_at(self._ts, call, extra)
        )
