"""A query that is followed, and what was heard of it last."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from typing import Final, NamedTuple

from pydantic import JsonValue

_REQUEST: Final = re.compile(r"\[Request ID: \w+\] ")


class News(NamedTuple):
    """A new result, or why there is none; `over` says that no further one will come.

    Where it is over without an error the query is followed anew.
    """

    value: JsonValue = None
    error: Exception | None = None
    over: bool = False


class Followed:
    """The newest result of a query, until it is closed."""

    def __init__(
        self, function: str, wake: Callable[[], object], close: Callable[[], None]
    ) -> None:
        """`wake` is called, by another thread, whenever there is news."""
        self.function = function
        self.close = close
        self._wake = wake
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._news: News | None = None

    @property
    def is_inherited(self) -> bool:
        """Whether the parent of a process that forked has the news."""
        return self._process != os.getpid()

    def take(self) -> News | None:
        """The newest result, if it was not taken yet."""
        with self._lock:
            news, self._news = self._news, None
            return news

    def tell(self, news: News) -> None:
        """Puts a result in the place of one that nobody has taken."""
        with self._lock:
            self._news = news
        self._wake()


def mark_of(error: Exception) -> bytes:
    """What two errors have in common that are the same failure of a function."""
    return f"{type(error).__name__} {_REQUEST.sub('', str(error))}".encode()
