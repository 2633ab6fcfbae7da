"""What an engine offers, in its synchronous and its asynchronous form."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any, Protocol, Self, TypeVar

from .documents import I, New, Patch
from .ids import D, Id
from .operations import Operation, Read
from .queries import Query

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Subscription(Protocol[R_co]):
    """A query that is followed: its result, and each new one. `with` closes it at the end."""

    def __iter__(self) -> Self: ...

    def __next__(self) -> R_co: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *failure: object) -> None: ...

    def close(self) -> None:
        """Ends the iteration."""
        ...


class AsyncSubscription(Protocol[R_co]):
    """A query that is followed, in `async` code."""

    def __aiter__(self) -> Self: ...

    async def __anext__(self) -> R_co: ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *failure: object) -> None: ...

    async def aclose(self) -> None:
        """Ends the iteration."""
        ...


class Db(Protocol):
    """A database of typed documents."""

    def get(self, id: Id[D], /) -> D | None:
        """The document, or None when there is none."""
        ...

    def run(self, operation: Operation[R], /) -> R:
        """The answer to a query or a call."""
        ...

    def stream(self, query: Query[D], /) -> Iterator[D]:
        """The documents of a query, read as they are asked for."""
        ...

    def subscribe(
        self, read: Read[R], /, *, timeout_ms: float | None = None
    ) -> Subscription[R]:
        """The result of a query, and each new one; a step waits for `timeout_ms` at most."""
        ...

    def insert(self, new: New[I], /) -> I:
        """The id of the document that was stored."""
        ...

    def insert_many(self, new: Iterable[New[I]], /) -> list[I]:
        """The ids of the documents that were stored, in order: all of them or none."""
        ...

    def patch(self, id: Id[D], patch: Patch[D], /) -> None:
        """Changes the given fields of a document."""
        ...

    def replace(self, id: I, new: New[I], /) -> None:
        """Puts a whole document in the place of another."""
        ...

    def delete(self, id: Id[Any], /) -> None:
        """Deletes a document."""
        ...

    def transact(self, function: Callable[[Db], R], /) -> R:
        """The result of a function that runs as a transaction, again if others were in the way."""
        ...

    def transaction(self) -> AbstractContextManager[Db]:
        """All that is done inside `with`, or nothing."""
        ...


class AsyncDb(Protocol):
    """A database of typed documents, for `async` code."""

    async def get(self, id: Id[D], /) -> D | None:
        """The document, or None when there is none."""
        ...

    async def run(self, operation: Operation[R], /) -> R:
        """The answer to a query or a call."""
        ...

    def stream(self, query: Query[D], /) -> AsyncIterator[D]:
        """The documents of a query, read as they are asked for."""
        ...

    def subscribe(
        self, read: Read[R], /, *, timeout_ms: float | None = None
    ) -> AsyncSubscription[R]:
        """The result of a query, and each new one; a step waits for `timeout_ms` at most."""
        ...

    async def insert(self, new: New[I], /) -> I:
        """The id of the document that was stored."""
        ...

    async def insert_many(self, new: Iterable[New[I]], /) -> list[I]:
        """The ids of the documents that were stored, in order: all of them or none."""
        ...

    async def patch(self, id: Id[D], patch: Patch[D], /) -> None:
        """Changes the given fields of a document."""
        ...

    async def replace(self, id: I, new: New[I], /) -> None:
        """Puts a whole document in the place of another."""
        ...

    async def delete(self, id: Id[Any], /) -> None:
        """Deletes a document."""
        ...

    async def transact(self, function: Callable[[AsyncDb], Awaitable[R]], /) -> R:
        """The result of a function that runs as a transaction, again if others were in the way."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[AsyncDb]:
        """All that is done inside `async with`, or nothing."""
        ...
