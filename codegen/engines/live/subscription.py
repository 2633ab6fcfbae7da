"""A query that is followed, in blocking code."""

from __future__ import annotations

from threading import Event
from time import monotonic
from typing import Generic, Self, TypeVar

from codegen.runtime.operations import Read
from codegen.runtime.times import check_time

from .. import reads
from ..storage import Storage
from ..tables import Tables
from .watch import Watch

R = TypeVar("R")


class Subscription(Generic[R]):
    """The results of a query: the present one at once, then each new one.

    One thread at a time may iterate; any may `close()` it. It is closed, too, at the end of
    `with`, and when nobody has it any more.
    """

    def __init__(
        self, storage: Storage, tables: Tables, read: Read[R], timeout_ms: float | None
    ) -> None:
        self._storage = storage
        self._hub = storage.hub
        self._tables = tables
        self._read = read
        self._timeout_ms = check_timeout(timeout_ms)
        self._event = Event()
        self._watch = Watch(self._event.set)
        self._is_attached = False

    def __iter__(self) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the iteration."""
        self._watch.stop()
        self._hub.detach(self._watch)

    def __next__(self) -> R:
        """The present result, or the next one that is another than the last.

        Raises a `TimeoutError` after `timeout_ms`, and what running the query raises: the
        next step goes on all the same. After `Closed` and `SchemaChanged` none does.
        """
        check_outside(inside=self._storage.in_transaction)
        if not self._is_attached and not self._watch.is_stopped:
            self._hub.attach(self._watch).result()
            self._is_attached = True
        longest = self._timeout_ms
        end = None if longest is None else monotonic() + longest / 1000
        while self._wait(end):
            result = self._run()
            if self._watch.is_new(result):
                return result
        raise StopIteration

    def _wait(self, end: float | None) -> bool:
        """Waits until the query has to run; False once it was closed."""
        while not self._watch.is_due:
            left = None if end is None else max(0, end - monotonic())
            if not self._event.wait(left):
                raise timed_out(self._timeout_ms)
            self._event.clear()
        return not self._watch.is_stopped

    def _run(self) -> R:
        read = self._watch.begin()
        plan = read.recorded(reads.run(self._tables, self._read))
        try:
            snapshot = reads.needs_snapshot(self._read)
            result = self._storage.read(plan, snapshot=snapshot)
        except BaseException as error:
            self._watch.fail(read, error)
            raise
        self._watch.finish(read)
        return result


def check_timeout(timeout_ms: float | None) -> float | None:
    """Raises a `ValueError` for a time that is none, and a `TypeError` for what is no number."""
    if timeout_ms is not None:
        check_time("timeout_ms", timeout_ms)
    return timeout_ms


def check_outside(*, inside: bool) -> None:
    """Raises a `RuntimeError` in a transaction, where a query sees what may be undone."""
    if inside:
        raise RuntimeError(
            "subscribe before the transaction or after it, not inside it: what others"
            " commit is not to be seen there"
        )


def timed_out(timeout_ms: float | None) -> TimeoutError:
    """The error of a step in which there was no new result."""
    return TimeoutError(f"there was no new result within {timeout_ms} ms")
