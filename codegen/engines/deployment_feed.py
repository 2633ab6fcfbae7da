"""What subscriptions to a deployment have in common: where results come from, and which are new."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from codegen.convex.conversation import Conversation
from codegen.convex.exchange import Exchange
from codegen.convex.followed import Followed, mark_of
from codegen.convex.listening import Listener
from codegen.runtime.calls import Call
from codegen.runtime.errors import Closed, DatabaseError

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


class Feed(Generic[R]):
    """The present result is asked for, those after it are heard of, until that breaks."""

    def __init__(
        self,
        conversation: Conversation,
        listener: Listener,
        call: Call[R],
        wake: Callable[[], object],
    ) -> None:
        self._conversation = conversation
        self._listener = listener
        self._call = call
        self._wake = wake
        self._followed: Followed | None = None
        self._last = b""
        self._is_cut_off = False
        self.is_closed = False

    @property
    def is_followed(self) -> bool:
        """Whether there is nothing to ask for, but to wait."""
        return self._followed is not None and not self._followed.is_inherited

    def question(self) -> Exchange[R]:
        """Asks for the present result."""
        return self._conversation.run(self._call)

    def follow(self) -> None:
        """From now on new results are heard of, the present one among them."""
        self._followed = self._listener.follow(self._call, self._wake)
        weakref.finalize(self, self._followed.close).atexit = False
        if self.is_closed:
            self._followed.close()

    def heard(self) -> Outcome[R] | None:
        """What was heard of last, if it was not taken yet."""
        news = self._followed.take() if self._followed is not None else None
        if news is None:
            return None
        if news.over:
            self._followed = None
            if news.error is None:
                return None
            self._last = b""
        if news.error is not None:
            return Outcome(error=news.error)
        try:
            return Outcome(self._call.result_from_wire(news.value))
        except DatabaseError as error:
            return Outcome(error=error)

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
            if self._followed is not None:
                self._followed.close()
        self._wake()

    def check_not_cut_off(self) -> None:
        """Raises `Closed` if the deployment was closed, and not the subscription."""
        if self._is_cut_off:
            raise Closed("the connection to the deployment was closed")
