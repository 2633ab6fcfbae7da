"""A query of a deployment that is followed, in blocking code."""

from __future__ import annotations

from threading import Event
from time import monotonic
from typing import TypeVar

from codegen.convex.blocking import Connection
from codegen.runtime.operations import Operation

from .deployment_feed import Outcome
from .feeds import Feeds
from .live.subscription import Subscription, check_timeout, timed_out

R = TypeVar("R")


class DeploymentSubscription(Subscription[R]):
    """The results of a query of a deployment; see `Subscription`."""

    def __init__(
        self,
        feeds: Feeds,
        connection: Connection,
        operation: Operation[R],
        timeout_ms: float | None,
    ) -> None:
        self._connection = connection
        self._timeout_ms = check_timeout(timeout_ms)
        self._event = Event()
        self._feed = feeds.of(operation, self._event.set)

    def close(self, *, cut_off: bool = False) -> None:
        """Ends the iteration, with `Closed` where it is `cut_off` with its deployment."""
        self._feed.close(cut_off=cut_off)

    def __next__(self) -> R:
        """The present result, or the next one that is another than the last.

        Raises a `TimeoutError` after `timeout_ms`, and what running the query raises: the
        next step goes on all the same, but after `Closed` none does.
        """
        feed, longest = self._feed, self._timeout_ms
        end = None if longest is None else monotonic() + longest / 1000
        while not feed.is_closed:
            outcome = self._heard(end) if feed.is_followed else self._asked()
            if outcome is None:
                continue
            if feed.is_new(outcome):
                return outcome.given()
            # What is written all the time may change nothing: filters drop it.
            if end is not None and monotonic() >= end:
                raise timed_out(longest)
        feed.check_not_cut_off()
        raise StopIteration

    def _asked(self) -> Outcome[R]:
        outcome = self._connection.perform(self._feed.question())
        self._feed.follow()
        return outcome

    def _heard(self, end: float | None) -> Outcome[R] | None:
        while self._feed.is_followed and not self._feed.is_closed:
            self._event.clear()
            outcome = self._feed.heard()
            if outcome is not None or not self._feed.is_followed:
                return outcome
            left = None if end is None else max(0, end - monotonic())
            if not self._event.wait(left):
                raise timed_out(self._timeout_ms)
        return None
