"""Several statements in one go: libpq's pipeline mode, without psycopg's cursors.

A cursor for each would take longer than the server does.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from itertools import count
from types import NoneType
from typing import Any, Final, NamedTuple

import psycopg
from psycopg import pq
from psycopg.adapt import Transformer
from psycopg.waiting import Ready, Wait

from .conflict_warnings import ConflictWarnings

IS_SUPPORTED: Final = psycopg.Pipeline.is_supported()
"""Whether the libpq here is new enough."""

_TEXT: Final = pq.Format.TEXT
_BINARY: Final = pq.Format.BINARY
# It is answered without an end.
_COPIES: Final = (pq.ExecStatus.COPY_IN, pq.ExecStatus.COPY_OUT)
_NUMBERS: Final = count(1)
_MOST: Final = 100
"""How many statements are prepared on a connection."""


class Statement(NamedTuple):
    """A statement with values for its `$1`, `$2` and so on, as they are sent."""

    sql: bytes
    values: Sequence[bytes | None]
    formats: Sequence[pq.Format]


class Said(NamedTuple):
    """The answer to a statement: its rows, how many it changed, and what it says that it did."""

    rows: list[Any]
    changed: int
    status: str | None


def statement(sql: bytes, values: Sequence[Any] = ()) -> Statement:
    """Raises psycopg's `DataError` for a text that PostgreSQL can't keep."""
    return Statement(
        sql,
        [_SENT.get(value.__class__, _text)(value) for value in values],
        [_BINARY if value.__class__ is bytes else _TEXT for value in values],
    )


class Pipeline:
    """Sends statements on a connection, and prepares there those that are new."""

    def __init__(
        self, connection: psycopg.BaseConnection[Any], warnings: ConflictWarnings
    ) -> None:
        self._connection = connection.pgconn
        self._transformer = Transformer.from_context(connection)
        self._warnings = warnings
        self._prepared: dict[bytes, bytes] = {}

    def run(self, statements: Sequence[Statement]) -> Generator[Wait, Ready, Said]:
        """Sends all and waits for all; the answer to the last.

        After one that fails the others are not run, and its error is raised.
        """
        connection = self._connection
        self._warnings.forget()
        connection.enter_pipeline_mode()
        names = self._prepared.copy()
        # For each answer that will come, what is prepared then.
        prepares: list[bytes | None] = []
        for sql, values, formats in statements:
            name = names.get(sql)
            if name is None and len(names) < _MOST:
                name = names[sql] = b"tablewright_%d" % next(_NUMBERS)
                connection.send_prepare(name, sql)
                prepares.append(sql)
            if name is None:
                connection.send_query_params(sql, values, None, formats, _BINARY)
            else:
                connection.send_query_prepared(name, values, formats, _BINARY)
            prepares.append(None)
        connection.pipeline_sync()
        results: list[pq.abc.PGresult] = []
        try:
            yield from _receive(connection, results)
        except psycopg.OperationalError:
            self._check(results)  # why the server has ended the connection
            raise
        connection.exit_pipeline_mode()
        # Those before a failure are prepared all the same.
        for prepared, result in zip(prepares, results, strict=True):
            if prepared and result.status == pq.ExecStatus.COMMAND_OK:
                self._prepared[prepared] = names[prepared]
        self._check(results)
        last = results[-1]
        return Said(
            self._rows(last) if last.ntuples else [],
            last.command_tuples or 0,
            last.command_status.decode() if last.command_status else None,
        )

    def _rows(self, result: pq.abc.PGresult) -> list[Any]:
        self._transformer.set_pgresult(result, format=_BINARY)
        return self._transformer.load_rows(0, result.ntuples, tuple)

    def _check(self, results: Sequence[pq.abc.PGresult]) -> None:
        for result in results:
            if result.status == pq.ExecStatus.FATAL_ERROR:
                error = self._warnings.error(result)
                if isinstance(error, psycopg.errors.InvalidSqlStatementName):
                    self._prepared.clear()
                raise error


def _receive(
    connection: pq.abc.PGconn, results: list[pq.abc.PGresult]
) -> Generator[Wait, Ready, None]:
    """Gathers the answers to all that was sent."""
    is_sent = connection.flush() == 0
    while True:
        while not (ready := (yield Wait.R if is_sent else Wait.RW)):
            """Nothing came in time, or psycopg goes on after an interrupt."""
        # What the server says meanwhile is read, or it would not go on reading either.
        if ready & Ready.R:
            connection.consume_input()
        if not is_sent:
            is_sent = connection.flush() == 0
        while not connection.is_busy():
            result = connection.get_result()
            if result is None:
                # The end of one answer, or of all of them when the connection is lost.
                if connection.status != pq.ConnStatus.OK:
                    raise psycopg.OperationalError("the connection is lost")
            elif result.status == pq.ExecStatus.PIPELINE_SYNC:
                return
            elif result.status in _COPIES:
                raise psycopg.NotSupportedError("a COPY goes through no pipeline")
            else:
                results.append(result)


def _text(value: str) -> bytes:
    if "\0" in value:
        # It would end there.
        raise psycopg.DataError("PostgreSQL keeps no texts with NUL characters")
    return value.encode()


_SENT: Final[dict[type, Callable[[Any], bytes | None]]] = {
    NoneType: lambda _: None,
    bytes: bytes,
    float: lambda value: repr(value).encode(),
    int: lambda value: b"%d" % value,
}
"""How values are sent that are no texts; ids are some, of classes of their own."""
