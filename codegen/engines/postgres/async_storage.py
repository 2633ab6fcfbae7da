"""Transactions on a server for tasks: each has its own, beside those of others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import TypeVar

from ..asynchronous.tasks import to_its_end
from ..clock import Clock
from ..commands import Explained, Plan
from ..live.hub import Hub
from .target import Target
from .transactions import State, Transactions
from .turns import Turns

R = TypeVar("R")


class AsyncPostgresStorage:
    """Runs plans on the connections of a pool; their Python runs in the event loop."""

    def __init__(self, target: Target, transactions: Transactions) -> None:
        self._target = target
        self._transactions = transactions

    @property
    def in_transaction(self) -> bool:
        """Whether the running task is in one."""
        return self._transactions.is_open

    @property
    def hub(self) -> Hub:
        return self._transactions.hub

    async def read(self, plan: Plan[R], *, snapshot: bool = False) -> R:
        """Runs a plan that only reads; one of several commands needs a `snapshot`."""
        return await self._transactions.read(plan, snapshot=snapshot)

    async def atomically(
        self, plan: Callable[[Clock], Plan[R]], *, savepoint: bool = False
    ) -> R:
        """Runs a plan in a transaction; inside another, it is just a part of that one."""
        return await self._transactions.atomically(plan, savepoint=savepoint)

    async def transact(self, work: Callable[[], Awaitable[R]]) -> R:
        """Inside another transaction it is a part of that one, and repeated with it."""
        if self._transactions.is_open:
            async with self.transaction():
                return await work()
        turns = Turns(self._target)
        while True:
            transaction = self.transaction()
            try:
                async with transaction:
                    return await work()
            except Exception:
                pause = turns.pause_after(transaction.state)
                if pause is None:
                    raise
            await asyncio.sleep(pause)

    def transaction(self) -> Transaction:
        """Inside another, it is a savepoint."""
        return Transaction(self._transactions)

    async def explain(self, read: Explained) -> str:
        return await self._transactions.explain(read)

    async def close(self) -> None:
        await self._transactions.close()
        await to_its_end(asyncio.to_thread(self._transactions.end_listening))


class Transaction:
    """`async with` makes what is inside one transaction: an exception undoes all of it."""

    __slots__ = ("_transactions", "state")

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self.state: State | None = None

    async def __aenter__(self) -> State:
        self.state = await self._transactions.enter(savepoint=True)
        return self.state

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.state is not None:
            commit = kind is None
            await self._transactions.leave(self.state, savepoint=True, commit=commit)
