"""A Convex deployment as a database."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast, overload
from weakref import WeakSet

from codegen.convex.blocking import Connection
from codegen.convex.conversation import Conversation, first_cursor
from codegen.convex.exchange import Exchange
from codegen.convex.listening import Listener
from codegen.convex.options import Options
from codegen.convex.paging import PageOf, items_of
from codegen.runtime.calls import Call
from codegen.runtime.documents import I, New, Patch
from codegen.runtime.ids import D, Id
from codegen.runtime.model import Extra
from codegen.runtime.operations import Operation, Read
from codegen.runtime.queries import Query

from .convex.batch import Batch
from .convex.choice import documents_of
from .convex.documents import Documents
from .convex.nothing import Nothing
from .database import Database
from .deployment_subscription import DeploymentSubscription
from .feeds import Feeds
from .package import Package

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
R = TypeVar("R")
T = TypeVar("T")


class Deployment(Database):
    """A Convex deployment; threads may share it, and its connections.

    It runs the functions of `api` and, with an admin key, of `internal`. With such a key it also
    reads and writes documents as every database does, through the functions that `codegen
    export --to convex-helper` writes; what a deployment can't do raises `Unsupported`. Calls
    raise the errors of `codegen.convex`, which are in the tree of `DatabaseError`, and
    `InvalidResult`.

    A query is asked again where the deployment can't be reached or can't answer, a mutation or
    an action only where it is certain that nothing was done; both within the timeout.
    """

    def __init__(
        self,
        origin: str,
        options: Options,
        package: Package,
        connection: Connection | None = None,
    ) -> None:
        """`connection` is one that is shared, and closed by its owner."""
        nothing: Any = Nothing()
        super().__init__(nothing, nothing)
        self._package = package
        self._conversation = Conversation(origin, options)
        self._documents = documents_of(self._conversation, package)
        self._listener = Listener(origin, options)
        self._feeds = Feeds(self._conversation, package, self._listener)
        self._subscriptions = WeakSet[DeploymentSubscription[Any]]()
        self._owned = connection is None
        self._connection = connection or Connection(origin, options)

    @property
    def origin(self) -> str:
        """Where it is, such as `https://name.convex.cloud`."""
        return self._conversation.origin

    def close(self) -> None:
        """Closes the connections; what is done with it later raises `Closed`."""
        for subscription in [*self._subscriptions]:
            subscription.close(cut_off=True)
        self._listener.close()
        if self._owned:
            self._connection.close()

    def run(self, operation: Operation[R], /, *, extra: Extra | None = None) -> R:
        """The result of a function, or of a query.

        `extra="ignore"` drops fields of the result that the function does not declare.
        """
        return self._perform(
            answer(self._conversation, self._documents, operation, extra)
        )

    def get(self, id: Id[D], /) -> D | None:
        """The document, or None when there is none.

        Raises an `InvalidId` for a text that is not an id of this table.
        """
        return self._perform(self._documents.get(id))

    def stream(self, query: Query[D], /) -> Iterator[D]:
        """The documents of a query, read in pages as they are asked for.

        Each page is read at its own moment: what is written meanwhile may be in a later one.
        Raises a `TypeError` for a search or a vector query, which have no order to go on in.
        """
        self._documents.check_stream(query)  # what is wrong with it is said now
        return self._portions(query)

    def _portions(self, query: Query[D]) -> Iterator[D]:
        cursor: str | None = None
        while True:
            portion = self._documents.portion(query, cursor)
            documents, cursor = self._perform(portion)
            yield from documents
            if cursor is None:
                return

    @contextmanager
    def batch(self) -> Generator[Batch]:
        """`with db.batch() as batch:` makes changes together at its end, all or none.

        Its own reads do not see them before. An exception inside undoes nothing: nothing was
        done. Raises at the end what `insert`, `patch`, `replace` and `delete` raise.
        """
        batch = self._documents.batch()
        yield batch
        self._perform(self._documents.write(batch))

    def insert(self, new: New[I], /) -> I:
        """Stores a document, and returns its id."""
        return self.insert_many([new])[0]

    def insert_many(self, new: Iterable[New[I]], /) -> list[I]:
        """Stores documents, all or none, and returns their ids in order."""
        with self.batch() as batch:
            for one in new:
                batch.insert(one)
        return cast("list[I]", batch.ids)

    def patch(self, id: Id[D], patch: Patch[D], /) -> None:
        """Changes the given fields of a document."""
        with self.batch() as batch:
            batch.patch(id, patch)

    def replace(self, id: I, new: New[I], /) -> None:
        """Puts a whole document in the place of another, which keeps its creation time."""
        with self.batch() as batch:
            batch.replace(id, new)

    def delete(self, id: Id[Any], /) -> None:
        """Deletes a document; raises `NotFound` or `InvalidId`."""
        with self.batch() as batch:
            batch.delete(id)

    def _perform(self, exchange: Exchange[R]) -> R:
        return self._connection.perform(exchange)

    @overload
    def together(self, calls: Iterable[Call[R]], /) -> list[R]: ...

    @overload
    def together(self, first: Call[A], second: Call[B], /) -> tuple[A, B]: ...

    @overload
    def together(
        self, first: Call[A], second: Call[B], third: Call[C], /
    ) -> tuple[A, B, C]: ...

    def together(self, first: Any, /, *more: Call[Any]) -> Any:
        """The results of queries, all as things are at one moment, in one request.

        Takes some calls, or any number of them as an iterable.
        """
        is_one = isinstance(first, Call)
        calls: list[Call[Any]] = [first, *more] if is_one else [*first]
        results = self._perform(self._conversation.together(calls))
        return tuple(results) if is_one else results

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

    def subscribe(
        self, operation: Operation[R], /, *, timeout_ms: float | None = None
    ) -> DeploymentSubscription[R]:
        """The result of a query, and each new one that the deployment tells of.

        Calls of query functions are followed, and queries of documents but for vector
        queries, which raise `Unsupported`. It is as with any database: `for result in
        db.subscribe(query):` begins with the present result, and a step gives the newest
        that is another than the last. It takes `pip install "tablewright[convex-live]"`.

        Args:
            timeout_ms: How long a step may wait for a new result, in ms, before a `TimeoutError`,
                after which there may be further steps. None waits for ever.
        """
        subscription = DeploymentSubscription(
            self._feeds, self._connection, operation, timeout_ms
        )
        self._subscriptions.add(subscription)
        return subscription

    def speaking_as(self, token: str, /) -> Deployment:
        """The same deployment for a user, by a JWT, on the same connections."""
        options = self._conversation.speaking_as(token).options
        return Deployment(self.origin, options, self._package, self._connection)


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


def answer(
    conversation: Conversation,
    documents: Documents,
    operation: Operation[R],
    extra: Extra | None,
) -> Exchange[R]:
    """What an operation comes to: a function's result, or documents."""
    if isinstance(operation, Call):
        return conversation.run(operation, extra)
    if extra is not None:
        raise TypeError("`extra` is for the results of functions")
    return documents.run(cast("Read[R]", operation))
