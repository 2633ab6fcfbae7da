"""Connections on which nobody waits for ever, and that know when the server was heard last.

The server ends a statement that takes too long. One that hangs does not, nor does a network that
swallows the answer.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from contextlib import suppress
from functools import cached_property
from time import monotonic
from typing import Any, Final, TypeVar

import psycopg
from psycopg import generators
from psycopg.pq import TransactionStatus

from .conflict_warnings import ConflictWarnings
from .pipeline import Pipeline

R = TypeVar("R")

_FRESH_S: Final = 1.0
_CANCEL_S: Final = 5.0


class PatientConnection(psycopg.Connection[tuple[Any, ...]]):
    """Waits for a server that is silent for `patience_s` at most, and is lost then.

    `heard_at` is when the server was heard last, and `taken_at` when the connection left its pool,
    in seconds.
    """

    patience_s = math.inf
    heard_at = taken_at = -math.inf

    def wait(self, gen: Generator[Any, Any, R], *args: Any, **options: Any) -> R:
        try:
            result = super().wait(_heard(gen, self.patience_s), *args, **options)
        except _Silence:
            self.pgconn.finish()
            raise
        except BaseException:
            # As of a signal's handler. psycopg itself stops the server for Ctrl+C only.
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                with suppress(psycopg.Error):
                    self.cancel_safe(timeout=_CANCEL_S)
            raise
        self.heard_at = monotonic()
        return result

    def command(self, sql: bytes) -> str | None:
        """Runs statements without values, and answers what the server says of the last.

        A cursor would take longer than the server: it prepares to give rows. After a ROLLBACK it
        would have the server forget what is prepared, too, for tables may be gone then: not ours.
        """
        self.warnings.forget()
        self.pgconn.send_query(sql)
        results = self.wait(generators.execute(self.pgconn))
        return _said_of_last(results, self.warnings)

    @cached_property
    def warnings(self) -> ConflictWarnings:
        return ConflictWarnings(self.add_notice_handler)

    @cached_property
    def pipelined(self) -> Pipeline:
        return Pipeline(self, self.warnings)

    @cached_property
    def binary_cursor(self) -> psycopg.Cursor[tuple[Any, ...]]:
        return self.cursor(binary=True)

    @property
    def is_fresh(self) -> bool:
        """Whether the server was heard a moment ago, and has not ended the connection since."""
        return _is_fresh(self.pgconn, self.heard_at)


class AsyncPatientConnection(psycopg.AsyncConnection[tuple[Any, ...]]):
    """The same for tasks."""

    patience_s = math.inf
    heard_at = taken_at = -math.inf

    async def wait(self, gen: Generator[Any, Any, R], *args: Any, **options: Any) -> R:
        try:
            result = await super().wait(_heard(gen, self.patience_s), *args, **options)
        except _Silence:
            self.pgconn.finish()
            raise
        self.heard_at = monotonic()
        return result

    async def command(self, sql: bytes) -> str | None:
        """The same."""
        self.warnings.forget()
        self.pgconn.send_query(sql)
        results = await self.wait(generators.execute(self.pgconn))
        return _said_of_last(results, self.warnings)

    @cached_property
    def warnings(self) -> ConflictWarnings:
        return ConflictWarnings(self.add_notice_handler)

    @cached_property
    def pipelined(self) -> Pipeline:
        return Pipeline(self, self.warnings)

    @cached_property
    def binary_cursor(self) -> psycopg.AsyncCursor[tuple[Any, ...]]:
        return self.cursor(binary=True)

    @property
    def is_fresh(self) -> bool:
        return _is_fresh(self.pgconn, self.heard_at)


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


def _said_of_last(
    results: Sequence[psycopg.pq.abc.PGresult], warnings: ConflictWarnings
) -> str | None:
    for result in results:
        if result.status == psycopg.pq.ExecStatus.FATAL_ERROR:
            raise warnings.error(result)
    said = results[-1].command_status
    return said.decode() if said else None


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
