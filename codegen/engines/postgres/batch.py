"""A transaction in few messages: what needs no answer is sent with what does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import psycopg

from .links import Copy, Link, Values
from .pipeline import Said, Statement, statement

# The check divides by zero, or the server does not know a statement any more.
_REFUSALS: Final = (
    psycopg.errors.DivisionByZero,
    psycopg.errors.InvalidSqlStatementName,
)


class Batch:
    """A link whose statements wait for one that needs an answer, or for the end."""

    def __init__(self, link: Link, begin: Sequence[Statement]) -> None:
        """`begin` begins the transaction, and fails where a batch is refused."""
        self._link = link
        self._waiting = [*begin]
        self._begun = self._failed = False
        self.was_refused = False

    @property
    def closed(self) -> bool:
        return self._link.closed

    @property
    def takes_batches(self) -> bool:
        return True

    async def rows(self, sql: bytes, values: Values) -> list[Any]:
        if self._waiting:
            return (await self.pipeline([statement(sql, values)])).rows
        return await self._link.rows(sql, values)

    async def count(self, sql: bytes, values: Values) -> int:
        if self._waiting:
            return (await self.pipeline([statement(sql, values)])).changed
        return await self._link.count(sql, values)

    async def write(self, sql: bytes, values: Values) -> None:
        self._waiting.append(statement(sql, values))

    async def copy(self, sql: bytes, types: Sequence[str]) -> Copy:
        if self._waiting:
            await self.pipeline([])
        return await self._link.copy(sql, types)

    async def command(self, sql: bytes) -> str | None:
        return (await self.script(sql)).status

    async def script(self, sql: bytes) -> Said:
        return await self.pipeline([statement(sql)])

    async def pipeline(self, statements: Sequence[Statement]) -> Said:
        sent, self._waiting = [*self._waiting, *statements], []
        self._begun = True
        try:
            return await self._link.pipeline(sent)
        except BaseException as error:
            self._failed = True
            self.was_refused = isinstance(error, _REFUSALS)
            raise

    async def give_back(self) -> None:
        if self._failed:  # before its own end
            await self._link.leave(b"ROLLBACK")
        else:
            await self._link.give_back()

    async def leave(self, command: bytes) -> None:
        if self._begun:
            await self._link.leave(command)
        else:
            await self._link.give_back()
