"""What transactions are made of: connections, and where they come from.

There is one logic of transactions, written with `await`. With blocking connections all that it
awaits is there at once, so that `now` runs it without an event loop.
"""

from __future__ import annotations

from collections.abc import Coroutine, Iterable, Sequence
from contextlib import ExitStack
from time import sleep
from typing import Any, Protocol, TypeAlias, TypeVar

import psycopg

from .pipeline import IS_SUPPORTED, Said, Statement
from .pool import Pool
from .target import Connection

R = TypeVar("R")

Values: TypeAlias = Sequence[Any]


class Copy(Protocol):
    """A `COPY` that takes rows: the server stores them while more are made."""

    async def write(self, rows: Iterable[Values]) -> None: ...

    async def end(self, error: BaseException | None) -> None:
        """Waits until all are stored; after an `error` none is, nor does it wait for them."""
        ...


class Link(Protocol):
    """A connection that nobody else has now; its errors are those of psycopg."""

    @property
    def closed(self) -> bool: ...

    @property
    def takes_batches(self) -> bool:
        """Whether there are pipelines, and what is sent now most probably arrives."""
        ...

    async def rows(self, sql: bytes, values: Values) -> list[Any]:
        """What a statement answers."""
        ...

    async def count(self, sql: bytes, values: Values) -> int:
        """How many rows a statement changed."""
        ...

    async def write(self, sql: bytes, values: Values) -> None:
        """Runs a statement, at once or with the next one."""
        ...

    async def copy(self, sql: bytes, types: Sequence[str]) -> Copy:
        """Begins a `COPY … FROM STDIN` of rows of these types; it is ended before all else."""
        ...

    async def command(self, sql: bytes) -> str | None:
        """Runs statements without values; what the last of them says that it did."""
        ...

    async def script(self, sql: bytes) -> Said:
        """Runs statements without values; the answer to the last of them."""
        ...

    async def pipeline(self, statements: Sequence[Statement]) -> Said:
        """Sends statements in one go; the answer to the last of them."""
        ...

    async def give_back(self) -> None:
        """Ends the use of it; who is cancelled meanwhile does not hinder that."""
        ...

    async def leave(self, command: bytes) -> None:
        """Ends a transaction by a command, or by closing the connection, and gives it back."""
        ...


class Links(Protocol):
    """Gives connections."""

    async def take(self) -> Link:
        """A connection, which may have been lost since it was last used."""
        ...

    async def pause(self, seconds: float) -> None:
        """Waits."""
        ...

    async def close(self) -> None:
        """Closes all connections; those that are in use, when they are given back."""
        ...


def now(coroutine: Coroutine[Any, Any, R]) -> R:
    """The result of a coroutine that awaits blocking connections only."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: R = stop.value
        return result
    coroutine.close()
    raise AssertionError("a blocking connection was not blocking")


class BlockingCopy:
    """A `COPY` for threads."""

    def __init__(
        self, cursor: psycopg.Cursor[Any], sql: bytes, types: Sequence[str]
    ) -> None:
        self._ending = ExitStack()
        copy = self._ending.enter_context(cursor.copy(sql))
        copy.set_types(types)
        self._write_row = copy.write_row

    async def write(self, rows: Iterable[Values]) -> None:
        for row in rows:
            self._write_row(row)

    async def end(self, error: BaseException | None) -> None:
        if error is None:
            self._ending.close()
        else:
            self._ending.__exit__(type(error), error, error.__traceback__)


class BlockingLink:
    """A connection whose answers are there when it returns."""

    __slots__ = ("_cursor", "_pool", "connection")

    def __init__(self, connection: Connection, pool: Pool) -> None:
        self.connection = connection
        self._pool = pool
        self._cursor = connection.binary_cursor

    @property
    def closed(self) -> bool:
        return self.connection.closed

    @property
    def takes_batches(self) -> bool:
        return IS_SUPPORTED and self.connection.is_fresh

    async def rows(self, sql: bytes, values: Values) -> list[Any]:
        return self._cursor.execute(sql, values).fetchall()

    async def count(self, sql: bytes, values: Values) -> int:
        return self._cursor.execute(sql, values).rowcount

    async def write(self, sql: bytes, values: Values) -> None:
        self._cursor.execute(sql, values)

    async def copy(self, sql: bytes, types: Sequence[str]) -> BlockingCopy:
        return BlockingCopy(self._cursor, sql, types)

    async def command(self, sql: bytes) -> str | None:
        return self.connection.command(sql)

    async def script(self, sql: bytes) -> Said:
        cursor = self.connection.execute(sql, prepare=False)
        while cursor.nextset():
            pass
        rows = cursor.fetchall() if cursor.description else []
        return Said(rows, cursor.rowcount, cursor.statusmessage)

    async def pipeline(self, statements: Sequence[Statement]) -> Said:
        return self.connection.wait(self.connection.pipelined.run(statements))

    async def give_back(self) -> None:
        self._pool.give_back(self.connection)

    async def leave(self, command: bytes) -> None:
        connection = self.connection
        try:
            if not connection.closed:
                connection.command(command)
        except psycopg.Error:
            connection.close()  # which undoes it as well
        finally:
            self._pool.give_back(connection)


class BlockingLinks:
    """The connections of a pool for threads."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def take(self) -> BlockingLink:
        return BlockingLink(self._pool.take(), self._pool)

    async def pause(self, seconds: float) -> None:
        sleep(seconds)

    async def close(self) -> None:
        self._pool.close()
