"""What a database for `async` code keeps its documents in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from ..clock import Clock
from ..commands import Explained, Plan
from ..live.hub import Hub

R = TypeVar("R")


class AsyncStorage(Protocol):
    """Runs plans, as `Storage` does. A transaction belongs to the task that began it.

    A call that is cancelled writes nothing, unless its transaction was just ending.
    """

    @property
    def in_transaction(self) -> bool:
        """Whether the running task is in one."""
        ...

    @property
    def hub(self) -> Hub:
        """Who tells what was committed; an `UnusableDatabase` where nobody can."""
        ...

    async def read(self, plan: Plan[R], /, *, snapshot: bool = False) -> R:
        """Runs a plan that only reads; one of several commands needs a `snapshot`."""
        ...

    async def atomically(
        self, plan: Callable[[Clock], Plan[R]], /, *, savepoint: bool = False
    ) -> R:
        """Runs a plan that writes, in a transaction of its own or as a part of the open one.

        A plan that can fail with half of its writes done needs a `savepoint`. It is made anew
        for each time that it runs.
        """
        ...

    async def transact(self, work: Callable[[], Awaitable[R]], /) -> R:
        """Runs a function in a transaction; again, for a while, if others were in the way."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[object]:
        """What is done inside is one transaction, or a part of the open one."""
        ...

    async def explain(self, read: Explained, /) -> str:
        """How the database reads something, in its own words."""
        ...

    async def close(self) -> None:
        """Closes the storage; what is done with it later raises `Closed`."""
        ...
