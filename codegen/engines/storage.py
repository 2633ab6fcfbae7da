"""What a database keeps its documents in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from .clock import Clock
from .commands import Explained, Plan
from .live.hub import Hub

R = TypeVar("R")


class Storage(Protocol):
    """Runs plans. A transaction belongs to the thread that began it."""

    @property
    def repeats(self) -> bool:
        """Whether `atomically` and `transact` may run what they are given more than once."""
        ...

    @property
    def in_transaction(self) -> bool:
        """Whether the caller's thread is in one."""
        ...

    @property
    def hub(self) -> Hub:
        """Who tells what was committed; an `UnusableDatabase` where nobody can."""
        ...

    def read(self, plan: Plan[R], /, *, snapshot: bool = False) -> R:
        """Runs a plan that only reads; one of several commands needs a `snapshot`."""
        ...

    def atomically(
        self, plan: Callable[[Clock], Plan[R]], /, *, savepoint: bool = False
    ) -> R:
        """Runs a plan that writes, in a transaction of its own or as a part of the open one.

        A plan that can fail with half of its writes done needs a `savepoint`. It is made anew
        for each time that it runs.
        """
        ...

    def transact(self, work: Callable[[], R], /) -> R:
        """Runs a function in a transaction; again, for a while, if others were in the way."""
        ...

    def transaction(self) -> AbstractContextManager[object]:
        """What is done inside is one transaction, or a part of the open one."""
        ...

    def explain(self, read: Explained, /) -> str:
        """How the database reads something, in its own words."""
        ...

    def close(self) -> None:
        """Closes the storage; what is done with it later raises `Closed`."""
        ...
