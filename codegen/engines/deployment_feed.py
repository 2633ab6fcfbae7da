"""What subscriptions to a deployment have in common: where results come from, and which are new."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from codegen.convex.exchange import Exchange
from codegen.convex.followed import mark_of
from codegen.runtime.errors import Closed

from .live.fingerprint import fingerprint

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[R]):
    """A result, or the error in its place."""

    value: R | None = None
    error: Exception | None = None

    def given(self) -> R:
        """The result; raises the error."""
        if self.error is not None:
            raise self.error
        return cast(R, self.value)


class Feed(ABC, Generic[R]):
    """The present result is asked for, those after it are heard of, until that breaks."""

    def __init__(self, wake: Callable[[], object]) -> None:
        """`wake` is called, by any thread, whenever there is something to hear."""
        self._wake = wake
        self._last = b""
        self._is_cut_off = False
        self.is_closed = False

    @property
    @abstractmethod
    def is_followed(self) -> bool:
        """Whether there is nothing to ask for, but to wait."""

    @abstractmethod
    def question(self) -> Exchange[Outcome[R]]:
        """Asks for the present result."""

    @abstractmethod
    def follow(self) -> None:
        """From now on it is heard when the result that was asked for is another."""

    @abstractmethod
    def heard(self) -> Outcome[R] | None:
        """What was heard of last, if it was not taken yet; where `is_followed` ends, ask anew."""

    @abstractmethod
    def _unfollow(self) -> None:
        """Nothing more is to be heard."""

    def is_new(self, outcome: Outcome[R]) -> bool:
        """Whether an outcome is another than the one before."""
        error = outcome.error
        mark = fingerprint(outcome.value) if error is None else mark_of(error)
        before, self._last = self._last, mark
        return mark != before

    def close(self, *, cut_off: bool = False) -> None:
        """Ends the iteration, with `Closed` where the deployment was closed."""
        if not self.is_closed:
            self.is_closed, self._is_cut_off = True, cut_off
            self._unfollow()
        self._wake()

    def check_not_cut_off(self) -> None:
        """Raises `Closed` if the deployment was closed, and not the subscription."""
        if self._is_cut_off:
            raise Closed("the connection to the deployment was closed")
