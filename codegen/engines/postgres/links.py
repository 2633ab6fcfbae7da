"""What transactions are made of: connections, and where they come from.

There is one logic of transactions, written with `await`. With blocking connections all that it
awaits is there at once, so that `now` runs it without an event loop.
"""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar

import psycopg

from .pool import Pool
from .target import Connection

R = TypeVar("R")

Values: TypeAlias = Sequence[Any]


class Link(Protocol):
    """A connection that nobody else has now; its errors are those of psycopg."""

    @property
    def closed(self) -> bool: ...

    async def rows(self, sql: bytes, values: Values) -> list[Any]:
        """What a statement answers."""
        ...

    async def count(self, sql: bytes, values: Values) -> int:
        """How many rows a statement changed."""
        ...

    async def many(self, sql: bytes, rows: Sequence[Values]) -> None:
        """Runs a statement once for each row."""
        ...

    async def command(self, sql: bytes) -> str | None:
        """Runs a statement without values, and answers what it says that it did."""
        ...

    async def last_row(self, sql: bytes) -> Any:
        """Runs statements without values; a row of the last one, or None."""
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


class BlockingLink:
    """A connection whose answers are there when it returns."""

    __slots__ = ("_cursor", "_pool", "connection")

    def __init__(self, connection: Connection, pool: Pool) -> None:
        self.connection = connection
        self._pool = pool
        self._cursor = connection.cursor(binary=True)

    @property
    def closed(self) -> bool:
        return self.connection.closed

    async def rows(self, sql: bytes, values: Values) -> list[Any]:
        return self._cursor.execute(sql, values).fetchall()

    async def count(self, sql: bytes, values: Values) -> int:
        return self._cursor.execute(sql, values).rowcount

    async def many(self, sql: bytes, rows: Sequence[Values]) -> None:
        self._cursor.executemany(sql, rows)

    async def command(self, sql: bytes) -> str | None:
        return self.connection.execute(sql, prepare=False).statusmessage

    async def last_row(self, sql: bytes) -> Any:
        cursor = self.connection.execute(sql, prepare=False)
        while cursor.nextset():
            pass
        return cursor.fetchone()

    async def give_back(self) -> None:
        self._pool.give_back(self.connection)

    async def leave(self, command: bytes) -> None:
        connection = self.connection
        try:
            if not connection.closed:
                connection.execute(command, prepare=False)
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

    async def close(self) -> None:
        self._pool.close()
