"""A query of documents of a deployment that is followed: what it has read tells when to ask again.

Convex ends a page that is followed where it ended first, however many documents come into it, and a
long query takes many pages. So what is told is a result never: it is asked for, as `run` does, of
one moment.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from codegen.convex.errors import DeploymentError, FunctionError
from codegen.convex.exchange import Exchange
from codegen.convex.followed import Followed, News
from codegen.convex.listening import Listener
from codegen.runtime.operations import Read

from .convex.questions import Question
from .convex.reading import Reading, mark_of_answer
from .convex.refusals import refusal_of
from .deployment_feed import Feed, Outcome

R = TypeVar("R")


@dataclass(slots=True)
class _Part:
    """Some of what a query has read."""

    question: Question
    followed: Followed
    mark: bytes
    has_told: bool = False


class ReadFeed(Feed[R]):
    """Results of a query."""

    def __init__(
        self,
        reading: Reading,
        listener: Listener,
        read: Read[R],
        wake: Callable[[], object],
    ) -> None:
        super().__init__(wake)
        self._reading = reading
        self._listener = listener
        self._read = read
        self._is_due = True
        self._parts: dict[str, _Part] = {}
        weakref.finalize(self, _close, self._parts).atexit = False

    @property
    def is_followed(self) -> bool:
        return not self._is_due and not self._is_inherited

    @property
    def _is_inherited(self) -> bool:
        return any(part.followed.is_inherited for part in self._parts.values())

    def question(self) -> Exchange[Outcome[R]]:
        try:
            return Outcome((yield from self._reading.noted(self._read)))
        except Exception as error:
            # Of what the documents are, such as `NotUnique`, or of asking for them?
            if isinstance(error, DeploymentError) or not self._reading.is_answered:
                self._last = b""
                raise
            return Outcome(error=error)

    def follow(self) -> None:
        if self._is_inherited:
            self._parts.clear()
        before = {*self._parts}
        seen = self._reading.seen
        for name, (question, mark) in seen.items():
            if name in before:
                self._parts[name].mark = mark
                continue
            ask = question.function, question.arguments
            followed = self._listener.follow(*ask, self._wake)
            self._parts[name] = _Part(question, followed, mark)
        for name in before - seen.keys():
            self._parts.pop(name).followed.close()
        self._is_due = False
        if self.is_closed:
            self._unfollow()

    def heard(self) -> Outcome[R] | None:
        for name, part in [*self._parts.items()]:
            news = part.followed.take()
            if news is None:
                continue
            if news.over or (news.error is not None and not part.has_told):
                return self._broken(part, news)
            if news.error is not None:
                # As when it has grown too long at once: it is told anew of what is asked now.
                self._parts.pop(name).followed.close()
                self._is_due = True
            elif mark_of_answer(news.value) != part.mark:
                self._is_due = True
            part.has_told = True
        return None

    def _broken(self, part: _Part, news: News) -> Outcome[R] | None:
        """Nothing is followed any more; the error is a result, if it is one."""
        self._unfollow()
        self._parts.clear()
        self._is_due = True
        error = news.error
        if error is None:
            return None
        self._last = b""
        if isinstance(error, FunctionError):
            return Outcome(error=refusal_of(part.question, error) or error)
        return Outcome(error=error)

    def _unfollow(self) -> None:
        _close(self._parts)


def _close(parts: dict[str, _Part]) -> None:
    for part in [*parts.values()]:
        part.followed.close()
