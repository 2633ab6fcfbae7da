"""A Convex deployment as a database: it runs its functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from codegen.convex.blocking import Connection
from codegen.convex.conversation import Conversation, first_cursor
from codegen.convex.errors import Unsupported
from codegen.convex.options import Options
from codegen.convex.paging import PageOf, items_of
from codegen.runtime.calls import Call
from codegen.runtime.model import Extra
from codegen.runtime.operations import Operation

from .database import Database
from .functions_only import MESSAGE, FunctionsOnly

R = TypeVar("R")
T = TypeVar("T")


class Deployment(Database):
    """A Convex deployment; threads may share it, and its connections.

    It runs the functions of `api` and, with an admin key, of `internal`. Documents are read and
    written by functions alone: whatever else a database does raises `Unsupported`. Calls raise
    the errors of `codegen.convex`, which are in the tree of `DatabaseError`, and
    `InvalidResult`.

    A query is asked again where the deployment can't be reached or can't answer, a mutation or
    an action only where it is certain that nothing was done; both within the timeout.
    """

    def __init__(
        self, origin: str, options: Options, connection: Connection | None = None
    ) -> None:
        """`connection` is one that is shared, and closed by its owner."""
        nothing: Any = FunctionsOnly()
        super().__init__(nothing, nothing)
        self._conversation = Conversation(origin, options)
        self._owned = connection is None
        self._connection = connection or Connection(origin, options)

    @property
    def origin(self) -> str:
        """Where it is, such as `https://name.convex.cloud`."""
        return self._conversation.origin

    def close(self) -> None:
        """Closes the connections; what is done with it later raises `Closed`."""
        if self._owned:
            self._connection.close()

    def run(self, operation: Operation[R], /, *, extra: Extra | None = None) -> R:
        """The result of a function.

        `extra="ignore"` drops fields of the result that the function does not declare.
        """
        return self._connection.perform(
            self._conversation.run(called(operation), extra)
        )

    def together(self, calls: Iterable[Call[R]], /) -> list[R]:
        """The results of queries, all as things are at one moment, in one request."""
        return self._connection.perform(self._conversation.together([*calls]))

    def moment(self) -> Moment:
        """The moment that it is now, for several calls to see the same state of things."""
        ts = self._connection.perform(self._conversation.moment())
        return Moment(self._conversation, self._connection, ts)

    def pages(self, call: Call[R], /) -> Iterator[R]:
        """The pages of a query that takes `paginationOpts`, from its cursor to the end.

        Each is read at its own moment when it is asked for.
        """
        return self._pages(call, first_cursor(call))

    def _pages(self, call: Call[R], cursor: str | None) -> Iterator[R]:
        while True:
            turn = self._connection.perform(self._conversation.turn(call, cursor))
            yield call.result_from_wire(turn.value)
            if turn.cursor is None:
                return
            cursor = turn.cursor

    def items(self, call: Call[PageOf[T]], /) -> Iterator[T]:
        """All that is on the pages of a query that takes `paginationOpts`."""
        return (item for page in self.pages(call) for item in items_of(page))

    def speaking_as(self, token: str, /) -> Deployment:
        """The same deployment for a user, by a JWT, on the same connections."""
        options = self._conversation.speaking_as(token).options
        return Deployment(self.origin, options, self._connection)


class Moment:
    """A deployment as it was at one moment; it keeps the past for a short while only."""

    def __init__(
        self, conversation: Conversation, connection: Connection, ts: str
    ) -> None:
        self._conversation = conversation
        self._connection = connection
        self._ts = ts

    def run(self, call: Call[R], /, *, extra: Extra | None = None) -> R:
        """The result of a query."""
        return self._connection.perform(
            self._conversation.run_at(self._ts, call, extra)
        )


def called(operation: Operation[R]) -> Call[R]:
    """The call that an operation is; raises `Unsupported` for a query of documents."""
    if not isinstance(operation, Call):
        raise Unsupported(MESSAGE)
    return operation
