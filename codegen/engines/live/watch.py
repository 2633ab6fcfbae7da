"""What one subscription waits for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from threading import Lock
from typing import Final

from .changes import Change
from .fingerprint import fingerprint
from .read_set import ReadSet

MOST: Final = 200
"""How many changes are kept while a query runs; after more of them it just runs again."""


class Watch:
    """Whether the query of a subscription has to run, because of what others wrote.

    It keeps no results. The subscription asks and runs; a hub tells, from any thread.
    """

    def __init__(self, wake: Callable[[], object]) -> None:
        """`wake` is called, by any thread, whenever there is something to do."""
        self._wake = wake
        self._lock = Lock()
        self._is_due = True
        self._read: ReadSet | None = None
        self._meanwhile: list[Change] = []
        self._fault: Exception | None = None
        self._last = b""
        self.is_stopped = False

    @property
    def is_due(self) -> bool:
        """Whether there is something to do; raises what has ended it."""
        with self._lock:
            if self._fault is not None and not self.is_stopped:
                raise copy(self._fault)
            return self._is_due or self.is_stopped

    def begin(self) -> ReadSet:
        """The query runs from now on; what is changed meanwhile is kept."""
        with self._lock:
            self._is_due = False
            self._read = None
            self._meanwhile = []
        return ReadSet()

    def finish(self, read: ReadSet) -> None:
        """The query has an answer, which holds until what it has read is changed."""
        with self._lock:
            if not self._is_due:
                self._read = read
                self._is_due = any(map(read.depends_on, self._meanwhile))
            self._meanwhile = []

    def fail(self, read: ReadSet, error: BaseException) -> None:
        """The query has raised: by itself, which is an answer, or it has to run again."""
        self._last = b""
        if error is read.fault:
            self.finish(read)
        else:
            with self._lock:
                self._is_due = True

    def is_new(self, result: object) -> bool:
        """Whether a result is another than the last one, if that was one."""
        last, self._last = self._last, fingerprint(result)
        return last != self._last

    def tell(self, changes: Sequence[Change]) -> None:
        """These were committed."""
        with self._lock:
            if self._is_due:
                return
            if self._read is not None:
                self._is_due = any(map(self._read.depends_on, changes))
            elif len(self._meanwhile) + len(changes) <= MOST:
                self._meanwhile += changes
            else:
                self._is_due = True
            due = self._is_due
        if due:
            self._wake()

    def stop(self) -> None:
        """The subscription was closed."""
        self.is_stopped = True
        self._wake()

    def end(self, fault: Exception) -> None:
        """The subscription can't go on."""
        with self._lock:
            self._fault = fault
        self._wake()

    def end_after_fork(self, fault: Exception) -> None:
        """The same in the child of a fork, where a thread that is gone may have had the lock."""
        self._lock = Lock()
        self._fault = fault
