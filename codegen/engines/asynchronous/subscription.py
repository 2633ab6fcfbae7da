"""A query that is followed, in `async` code."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, Self, TypeVar

from codegen.runtime.operations import Read

from .. import reads
from ..live.subscription import check_outside, check_timeout, timed_out
from ..live.watch import Watch
from ..tables import Tables
from .storage import AsyncStorage

R = TypeVar("R")


class AsyncSubscription(Generic[R]):
    """The results of a query: the present one at once, then each new one.

    One task at a time may iterate. It is closed by `aclose()`, at the end of `async with`, and
    when nobody has it any more. A step that is cancelled loses nothing: the next one goes on.
    """

    def __init__(
        self,
        storage: AsyncStorage,
        tables: Tables,
        read: Read[R],
        timeout_ms: float | None,
    ) -> None:
        self._storage = storage
        self._hub = storage.hub
        self._tables = tables
        self._read = read
        self._timeout_ms = check_timeout(timeout_ms)
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()
        self._wake = _waking(self._loop, self._event)
        self._watch = Watch(self._wake)
        self._is_attached = False

    def __aiter__(self) -> Self:
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Ends the iteration."""
        self._watch.stop()
        self._hub.detach(self._watch)

    async def __anext__(self) -> R:
        """The present result, or the next one that is another than the last.

        Raises a `TimeoutError` after `timeout_ms`, and what running the query raises: the
        next step goes on all the same. After `Closed` and `SchemaChanged` none does.
        """
        check_outside(inside=self._storage.in_transaction)
        if not self._is_attached and not self._watch.is_stopped:
            begun = self._hub.attach(self._watch)
            begun.add_done_callback(self._wake)
            while not begun.done():
                await self._event.wait()
                self._event.clear()
            begun.result()
            self._is_attached = True
        longest = self._timeout_ms
        end = None if longest is None else self._loop.time() + longest / 1000
        while await self._wait(end):
            result = await self._run()
            if self._watch.is_new(result):
                return result
        raise StopAsyncIteration

    async def _wait(self, end: float | None) -> bool:
        """Waits until the query has to run; False once it was closed."""
        while not self._watch.is_due:
            try:
                async with asyncio.timeout_at(end):
                    await self._event.wait()
            except TimeoutError:
                raise timed_out(self._timeout_ms) from None
            self._event.clear()
        return not self._watch.is_stopped

    async def _run(self) -> R:
        read = self._watch.begin()
        plan = read.recorded(reads.run(self._tables, self._read))
        try:
            snapshot = reads.needs_snapshot(self._read)
            result = await self._storage.read(plan, snapshot=snapshot)
        except BaseException as error:
            self._watch.fail(read, error)
            raise
        self._watch.finish(read)
        return result


def _waking(
    loop: asyncio.AbstractEventLoop, event: asyncio.Event
) -> Callable[..., None]:
    """Sets an event of an event loop, from any thread."""

    def wake(*_: object) -> None:
        with suppress(RuntimeError):  # an event loop that has ended waits for nothing
            loop.call_soon_threadsafe(event.set)

    return wake
