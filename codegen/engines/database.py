"""A database of typed documents."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar, cast

from codegen.runtime.documents import I, New, Patch
from codegen.runtime.ids import D, Id
from codegen.runtime.operations import Operation, Read
from codegen.runtime.queries import Query

from . import reads, writes
from .live.subscription import Subscription
from .storage import Storage
from .tables import Tables

R = TypeVar("R")


class Database:
    """Documents in one database; threads may share it.

    Each call is a transaction of its own, unless it is made inside `with db.transaction()`.
    Errors are those of the `DatabaseError` tree, and a `TypeError` where a model, an id or a
    query is not of the package that the database was opened with.
    """

    def __init__(self, storage: Storage, tables: Tables) -> None:
        self._storage = storage
        self._tables = tables

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the database; what is done with it later raises `Closed`."""
        self._storage.close()

    def get(self, id: Id[D], /) -> D | None:
        """The document, or None when there is none.

        Raises an `InvalidId` for a text that is not an id of this table.
        """
        return self._storage.read(reads.get(self._tables, id))

    def run(self, operation: Operation[R], /) -> R:
        """The answer to a query, as things are at one moment.

        Raises `InvalidQuery`, `InvalidCursor`, `TooManyResults` or, for `unique()`, `NotUnique`.
        """
        plan = reads.run(self._tables, operation)
        return self._storage.read(plan, snapshot=reads.needs_snapshot(operation))

    def stream(self, query: Query[D], /) -> Iterator[D]:
        """The documents of a query, read in portions as they are asked for.

        Each portion is read at its own moment: what is written meanwhile may be in a later one.
        Raises a `TypeError` for a search or a vector query, which have no order to go on in.
        """
        reads.check_stream(self._tables, query)  # what is wrong with it is said now
        return self._portions(query)

    def _portions(self, query: Query[D]) -> Iterator[D]:
        place: bytes | None = None
        while True:
            plan = reads.portion(self._tables, query, place)
            documents, place = self._storage.read(plan)
            yield from documents
            if place is None:
                return

    def subscribe(
        self, read: Read[R], /, *, timeout_ms: float | None = None
    ) -> Subscription[R]:
        """The result of a query, and each new one when what others or this program commit changes it.

        `for result in db.subscribe(query):` begins with the present result. Those between two steps
        are not kept: a step gives the newest, if it is another than the last. The subscription
        ends with its `close()`, with the block of `with`, or when nobody has it any more.

        Args:
            timeout_ms: How long a step may wait for a new result, in ms, before a `TimeoutError`,
                after which there may be further steps. None waits for ever.

        Raises:
            UnusableDatabase: The database is behind a PgBouncer, where nobody can listen.
        """
        return Subscription(self._storage, self._tables, read, timeout_ms)

    def insert(self, new: New[I], /) -> I:
        """Stores a document, and returns its id.

        Raises `ValidationFailed`, `LimitExceeded` or `UniqueViolation`.
        """
        draft = writes.draft(self._tables, new)
        id = self._storage.atomically(lambda clock: writes.insert(clock, draft))
        return cast(I, id)

    def insert_many(self, new: Iterable[New[I]], /) -> list[I]:
        """Stores documents, all or none, and returns their ids in order; see `insert`."""
        drafts: Iterable[writes.Draft] = (
            writes.draft(self._tables, one) for one in new
        )
        if self._storage.repeats:
            drafts = list(drafts)
        ids = self._storage.atomically(
            lambda clock: writes.insert_many(clock, drafts), savepoint=True
        )
        return cast(list[I], ids)

    def patch(self, id: Id[D], patch: Patch[D], /) -> None:
        """Changes the given fields of a document.

        Raises `NotFound`, `InvalidId`, and what `insert` raises.
        """
        self._storage.atomically(lambda _: writes.patch(self._tables, id, patch))

    def replace(self, id: I, new: New[I], /) -> None:
        """Puts a whole document in the place of another, which keeps its creation time.

        Raises `NotFound`, `InvalidId`, and what `insert` raises.
        """
        self._storage.atomically(lambda _: writes.replace(self._tables, id, new))

    def delete(self, id: Id[Any], /) -> None:
        """Deletes a document; raises `NotFound` or `InvalidId`."""
        self._storage.atomically(lambda _: writes.delete(self._tables, id))

    def transact(self, function: Callable[[Self], R], /) -> R:
        """The result of `function(db)`, run as a transaction.

        Where others were in the way, all is undone and it runs again, for at most the
        timeout of the database: so it should do nothing that can't be done twice. An exception
        of its own undoes the transaction and is raised.
        """
        return self._storage.transact(lambda: function(self))

    @contextmanager
    def transaction(self) -> Generator[Self]:
        """`with db.transaction():` does all that this thread does inside, or nothing.

        It sees its own writes, others see them after its end, and no other writes come in
        between. An exception undoes it. Inside another transaction it is a part of that one,
        which can be undone by itself.
        """
        with self._storage.transaction():
            yield self

    def explain(self, read: Read[Any], /) -> str:
        """How the database reads what a query asks for, in the database's own words."""
        return self._storage.explain(reads.explained(self._tables, read))
