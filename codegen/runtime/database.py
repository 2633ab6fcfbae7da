"""What an engine offers, in its synchronous and its asynchronous form."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any, Protocol, TypeVar

from .documents import I, New, Patch
from .ids import D, Id
from .operations import Operation
from .queries import Query

R = TypeVar("R")


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
