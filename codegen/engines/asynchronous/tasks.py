"""Tasks: the transaction that one is in, and work that goes on when one is cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar, cast

R = TypeVar("R")


class Transaction(Protocol):
    """A transaction; its depth is 0 once it has ended."""

    @property
    def depth(self) -> int: ...


S = TypeVar("S", bound=Transaction)


class _Begun(NamedTuple):
    """A transaction that a task began, in one of the databases."""

    database: TaskLocal[Any]
    task: asyncio.Task[Any] | None
    transaction: Transaction


# Tasks get a copy of what the task that starts them has. One variable is for all databases: none
# is ever forgotten.
_BEGUN: Final[ContextVar[tuple[_Begun, ...]]] = ContextVar("transactions", default=())


class TaskLocal(Generic[S]):
    """The transaction that the running task is in, in one database."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def get(self) -> S | None:
        """None outside of transactions.

        Raises a `RuntimeError` in a task that the task of an open transaction has started: its
        calls would not be a part of the transaction, as they look.
        """
        if asyncio.get_running_loop() is not self._loop:
            raise RuntimeError(
                "the database belongs to the event loop that it was opened in: open one"
                " in each"
            )
        for database, task, transaction in _BEGUN.get():
            if database is self and transaction.depth:
                if task is not asyncio.current_task():
                    raise RuntimeError(
                        "this task was started inside a transaction of another task, which"
                        " is open and not this one's: await calls in the transaction one"
                        " after the other, without gather() or wait_for(), or start the"
                        " task outside"
                    )
                return cast(S, transaction)
        return None

    def set(self, transaction: S) -> None:
        """The running task is in a transaction from now on, until its depth is 0."""
        still_open = (one for one in _BEGUN.get() if one.transaction.depth)
        begun = _Begun(self, asyncio.current_task(), transaction)
        _BEGUN.set((*still_open, begun))


_GOING_ON: Final[set[asyncio.Task[Any]]] = set()


async def to_its_end(work: Coroutine[Any, Any, R]) -> R:
    """Awaits work that goes on when the one who awaits it is cancelled."""
    task = asyncio.create_task(work)
    _GOING_ON.add(task)  # the loop itself would forget it
    task.add_done_callback(_GOING_ON.discard)
    return await asyncio.shield(task)
