"""A Convex deployment for `async` code."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any, TypeVar

from codegen.convex.conversation import Conversation, first_cursor
from codegen.convex.options import Options
from codegen.convex.paging import PageOf, items_of
from codegen.convex.tasks import AsyncConnection
from codegen.runtime.calls import Call
from codegen.runtime.model import Extra
from codegen.runtime.operations import Operation

from ..deployment import called
from ..functions_only import FunctionsOnly
from .database import AsyncDatabase

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
        connection: AsyncConnection | None = None,
    ) -> None:
        """`connection` is one that is shared, and closed by its owner."""
        nothing: Any = FunctionsOnly()
        super().__init__(nothing, nothing)
        self._conversation = Conversation(origin, options)
        self._owned = connection is None
        self._connection = connection or AsyncConnection(origin, options)

    @property
    def origin(self) -> str:
        """Where it is, such as `https://name.convex.cloud`."""
        return self._conversation.origin

    async def close(self) -> None:
        """Closes the connections; what is done with it later raises `Closed`."""
        if self._owned:
            await self._connection.close()

    async def run(self, operation: Operation[R], /, *, extra: Extra | None = None) -> R:
        """The result of a function.

        `extra="ignore"` drops fields of the result that the function does not declare.
        """
        exchange = self._conversation.run(called(operation), extra)
        return await self._connection.perform(exchange)

    async def together(self, calls: Iterable[Call[R]], /) -> list[R]:
        """The results of queries, all as things are at one moment, in one request."""
        return await self._connection.perform(self._conversation.together([*calls]))

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

    def speaking_as(self, token: str, /) -> AsyncDeployment:
        """The same deployment for a user, by a JWT, on the same connections."""
        options = self._conversation.speaking_as(token).options
        return AsyncDeployment(self.origin, options, self._connection)


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
