"""Connections on which nobody waits for ever.

The server ends a statement that takes too long. One that hangs does not, nor does a network that
swallows the answer.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from time import monotonic
from typing import Any, TypeVar

import psycopg

R = TypeVar("R")


class PatientConnection(psycopg.Connection[tuple[Any, ...]]):
    """Waits for a server that is silent for `patience_s` at most, and is lost then."""

    patience_s = math.inf

    def wait(self, gen: Generator[Any, Any, R], *args: Any, **options: Any) -> R:
        try:
            return super().wait(_heard(gen, self.patience_s), *args, **options)
        except _Silence:
            self.pgconn.finish()
            raise


class AsyncPatientConnection(psycopg.AsyncConnection[tuple[Any, ...]]):
    """The same for tasks."""

    patience_s = math.inf

    async def wait(self, gen: Generator[Any, Any, R], *args: Any, **options: Any) -> R:
        try:
            return await super().wait(_heard(gen, self.patience_s), *args, **options)
        except _Silence:
            self.pgconn.finish()
            raise


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
