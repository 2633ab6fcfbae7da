"""Connections on which nobody waits for ever, and that know when the server was heard last.

The server ends a statement that takes too long. One that hangs does not, nor does a network that
swallows the answer.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from functools import cached_property
from time import monotonic
from typing import Any, Final, TypeVar

import psycopg

R = TypeVar("R")

_FRESH_S: Final = 1.0


class PatientConnection(psycopg.Connection[tuple[Any, ...]]):
    """Waits for a server that is silent for `patience_s` at most, and is lost then.

    `knows_check` is whether the check of batches is a prepared statement there.
    """

    patience_s = math.inf
    knows_check = False
    _heard_at = -math.inf

    def wait(self, gen: Generator[Any, Any, R], *args: Any, **options: Any) -> R:
        try:
            result = super().wait(_heard(gen, self.patience_s), *args, **options)
        except _Silence:
            self.pgconn.finish()
            raise
        self._heard_at = monotonic()
        return result

    @cached_property
    def binary_cursor(self) -> psycopg.Cursor[tuple[Any, ...]]:
        return self.cursor(binary=True)

    @property
    def is_fresh(self) -> bool:
        """Whether the server was heard a moment ago, and has not ended the connection since."""
        return _is_fresh(self.pgconn, self._heard_at)


class AsyncPatientConnection(psycopg.AsyncConnection[tuple[Any, ...]]):
    """The same for tasks."""

    patience_s = math.inf
    knows_check = False
    _heard_at = -math.inf

    async def wait(self, gen: Generator[Any, Any, R], *args: Any, **options: Any) -> R:
        try:
            result = await super().wait(_heard(gen, self.patience_s), *args, **options)
        except _Silence:
            self.pgconn.finish()
            raise
        self._heard_at = monotonic()
        return result

    @cached_property
    def binary_cursor(self) -> psycopg.AsyncCursor[tuple[Any, ...]]:
        return self.cursor(binary=True)

    @property
    def is_fresh(self) -> bool:
        return _is_fresh(self.pgconn, self._heard_at)


def _is_fresh(connection: psycopg.pq.abc.PGconn, heard_at: float) -> bool:
    if monotonic() - heard_at > _FRESH_S:
        return False
    try:
        # Its last words are read first, and then that there will be no more.
        connection.consume_input()
        connection.consume_input()
    except psycopg.OperationalError:
        return False
    return connection.status == psycopg.pq.ConnStatus.OK


class _Silence(psycopg.OperationalError):
    pass


def _heard(work: Generator[Any, Any, R], patience_s: float) -> Generator[Any, Any, R]:
    """Work that waits for the server, and gives up when nothing is heard for too long."""
    heard = monotonic()
    try:
        wanted = next(work)
        while True:
            ready = yield wanted
            if ready:
                heard = monotonic()
            elif monotonic() - heard > patience_s:
                raise _Silence(f"the server did not answer for {patience_s:g} s")
            wanted = work.send(ready)
    except StopIteration as end:
        result: R = end.value
        return result
