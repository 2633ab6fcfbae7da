"""A database for `async` code that is about to be opened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from typing import Any, Generic, TypeVar

from .database import AsyncDatabase

A = TypeVar("A", bound=AsyncDatabase)


class Connecting(Generic[A]):
    """`await` gives the database; `async with` gives it and closes it at the end."""

    def __init__(self, open: Callable[[], Awaitable[A]]) -> None:
        self._open = open
        self._database: A | None = None

    async def _connect(self) -> A:
        return await self._open()

    def __await__(self) -> Generator[Any, Any, A]:
        return self._connect().__await__()

    async def __aenter__(self) -> A:
        self._database = await self._open()
        return self._database

    async def __aexit__(self, *failure: object) -> None:
        if self._database is not None:
            await self._database.close()
