"""A query function of a deployment that is followed: it tells each new result."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TypeVar

from codegen.convex.conversation import Conversation
from codegen.convex.errors import FunctionError
from codegen.convex.exchange import Exchange
from codegen.convex.followed import Followed
from codegen.convex.listening import Listener
from codegen.runtime.calls import Call
from codegen.runtime.errors import DatabaseError, InvalidResult

from .deployment_feed import Feed, Outcome

R = TypeVar("R")


class CallFeed(Feed[R]):
    """Results of a call."""

    def __init__(
        self,
        conversation: Conversation,
        listener: Listener,
        call: Call[R],
        wake: Callable[[], object],
    ) -> None:
        super().__init__(wake)
        self._conversation = conversation
        self._listener = listener
        self._call = call
        self._followed: Followed | None = None

    @property
    def is_followed(self) -> bool:
        return self._followed is not None and not self._followed.is_inherited

    def question(self) -> Exchange[Outcome[R]]:
        try:
            return Outcome((yield from self._conversation.run(self._call)))
        except (FunctionError, InvalidResult) as error:
            return Outcome(error=error)

    def follow(self) -> None:
        call = self._call
        self._followed = self._listener.follow(
            call.__function__, call.to_wire(), self._wake
        )
        weakref.finalize(self, self._followed.close).atexit = False
        if self.is_closed:
            self._followed.close()

    def heard(self) -> Outcome[R] | None:
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

    def _unfollow(self) -> None:
        if self._followed is not None:
            self._followed.close()
