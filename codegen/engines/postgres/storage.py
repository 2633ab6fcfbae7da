"""Transactions on a server for threads: each has its own, beside those of others."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import sleep
from types import TracebackType
from typing import TypeVar

from ..clock import Clock
from ..commands import Explained, Plan
from ..forks import follow_forks
from ..live.hub import Hub
from .links import BlockingLinks, now
from .pool import Pool
from .prepared import Prepared
from .target import Target
from .transactions import State, Transactions
from .turns import Turns

R = TypeVar("R")


class _Thread(threading.local):
    """The transaction that a thread is in."""

    _state: State | None = None

    def get(self) -> State | None:
        state = self._state
        return state if state and state.depth else None

    def set(self, state: State | None, /) -> None:
        self._state = state


class PostgresStorage:
    """Runs plans on the connections of a pool."""

    repeats = True

    def __init__(
        self,
        target: Target,
        prepared: Prepared,
    ) -> None:
        self._target = target
        self._pool = Pool(target)
        self._thread = _Thread()
        links = BlockingLinks(self._pool)
        self._transactions = Transactions(target, prepared, links, self._thread)
        follow_forks(self)

    @property
    def in_transaction(self) -> bool:
        """Whether the caller's thread is in one."""
        return self._transactions.is_open

    @property
    def hub(self) -> Hub:
        return self._transactions.hub

    def read(self, plan: Plan[R], *, snapshot: bool = False) -> R:
        """Runs a plan that only reads; one of several commands needs a `snapshot`."""
        return now(self._transactions.read(plan, snapshot=snapshot))

    def atomically(
        self, plan: Callable[[Clock], Plan[R]], *, savepoint: bool = False
    ) -> R:
        """Runs a plan in a transaction; inside another, it is just a part of that one."""
        return now(self._transactions.atomically(plan, savepoint=savepoint))

    def transact(self, work: Callable[[], R]) -> R:
        """Inside another transaction it is a part of that one, and repeated with it."""
        if self._transactions.is_open:
            with self.transaction():
                return work()
        turns = Turns(self._target)
        while True:
            transaction = self.transaction()
            try:
                with transaction:
                    return work()
            except Exception:
                pause = turns.pause_after(transaction.state)
                if pause is None:
                    raise
            sleep(pause)

    def transaction(self) -> Transaction:
        """Inside another, it is a savepoint."""
        return Transaction(self._transactions)

    def explain(self, read: Explained) -> str:
        return now(self._transactions.explain(read))

    def close(self) -> None:
        now(self._transactions.close())
        self._transactions.end_listening()

    def before_fork(self) -> None:
        """Nothing: the child leaves the connections to the parent."""

    def after_fork_in_parent(self) -> None:
        """Nothing either."""

    def after_fork_in_child(self) -> None:
        state = self._thread.get()
        if state:
            state.lost = True
        self._pool.forget(closed=self._pool.is_closed or state is not None)
        self._thread.set(None)
        self._transactions.after_fork_in_child()


class Transaction:
    """`with` makes what is inside one transaction: an exception undoes all of it."""

    __slots__ = ("_transactions", "state")

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self.state: State | None = None

    def __enter__(self) -> State:
        self.state = now(self._transactions.enter(savepoint=True))
        return self.state

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.state is not None:
            commit = kind is None
            now(self._transactions.leave(self.state, savepoint=True, commit=commit))
