"""A query of a deployment that is followed, in `async` code."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TypeVar

from codegen.convex.tasks import AsyncConnection
from codegen.runtime.operations import Operation

from ..deployment_feed import Outcome
from ..feeds import Feeds
from ..live.subscription import check_timeout, timed_out
from .subscription import AsyncSubscription

R = TypeVar("R")


class AsyncDeploymentSubscription(AsyncSubscription[R]):
    """The results of a query of a deployment; see `AsyncSubscription`."""

    def __init__(
        self,
        feeds: Feeds,
        connection: AsyncConnection,
        operation: Operation[R],
        timeout_ms: float | None,
    ) -> None:
        self._connection = connection
        self._timeout_ms = check_timeout(timeout_ms)
        self._loop = asyncio.get_running_loop()
        self._event = event = asyncio.Event()
        loop = self._loop

        def wake() -> None:
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(event.set)

        self._feed = feeds.of(operation, wake)

    async def aclose(self, *, cut_off: bool = False) -> None:
        """Ends the iteration, with `Closed` where it is `cut_off` with its deployment."""
        self._feed.close(cut_off=cut_off)

    async def __anext__(self) -> R:
        """The present result, or the next one that is another than the last.

        Raises a `TimeoutError` after `timeout_ms`, and what running the query raises: the
        next step goes on all the same, but after `Closed` none does.
        """
        feed, longest = self._feed, self._timeout_ms
        end = None if longest is None else self._loop.time() + longest / 1000
        while not feed.is_closed:
            waiting = self._heard(end) if feed.is_followed else self._asked()
            outcome = await waiting
            if outcome is None:
                continue
            if feed.is_new(outcome):
                return outcome.given()
            # What is written all the time may change nothing: filters drop it.
            if end is not None and self._loop.time() >= end:
                raise timed_out(longest)
        feed.check_not_cut_off()
        raise StopAsyncIteration

    async def _asked(self) -> Outcome[R]:
        outcome = await self._connection.perform(self._feed.question())
        self._feed.follow()
        return outcome

    async def _heard(self, end: float | None) -> Outcome[R] | None:
        while self._feed.is_followed and not self._feed.is_closed:
            self._event.clear()
            outcome = self._feed.heard()
            if outcome is not None or not self._feed.is_followed:
                return outcome
            try:
                async with asyncio.timeout_at(end):
                    await self._event.wait()
            except TimeoutError:
                raise timed_out(self._timeout_ms) from None
        return None
