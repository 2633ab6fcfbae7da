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
        if self._transactions.is_open:
            with Transaction(self._transactions, savepoint=savepoint) as state:
                return now(state.write(plan(state.clock)))
        return self._repeated(
            lambda state: now(state.write(plan(state.clock))), batched=True
        )

    def transact(self, work: Callable[[], R]) -> R:
        """Inside another transaction it is a part of that one, and repeated with it."""
        if self._transactions.is_open:
            with self.transaction():
                return work()
        return self._repeated(lambda _: work(), batched=False)

    def transaction(self) -> Transaction:
        """Inside another, it is a savepoint."""
        return Transaction(self._transactions, savepoint=True)

    def explain(self, read: Explained) -> str:
        return now(self._transactions.explain(read))

    def close(self) -> None:
        now(self._transactions.close())
        self._transactions.end_listening()

    def _repeated(self, work: Callable[[State], R], *, batched: bool) -> R:
        """Does work in a transaction, again and again until others are not in the way."""
        turns = Turns(self._target)
        while True:
            transaction = Transaction(self._transactions, batched=batched)
            try:
                with transaction as state:
                    return work(state)
            except Exception:
                pause = turns.pause_after(transaction.state)
                if pause is None:
                    raise
            sleep(pause)

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

    __slots__ = ("_batched", "_savepoint", "_transactions", "state")

    def __init__(
        self,
        transactions: Transactions,
        *,
        savepoint: bool = False,
        batched: bool = False,
    ) -> None:
        self._transactions = transactions
        self._savepoint = savepoint
        self._batched = batched
        self.state: State | None = None

    def __enter__(self) -> State:
        entering = self._transactions.enter(
            savepoint=self._savepoint, batched=self._batched
        )
        self.state = now(entering)
        return self.state

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.state is not None:
            commit, savepoint = kind is None, self._savepoint
            now(
                self._transactions.leave(self.state, savepoint=savepoint, commit=commit)
            )
