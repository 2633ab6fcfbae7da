"""A transaction in few messages: what needs no answer is sent with what does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar

import psycopg

from .links import Copy, Link, Said, Values
from .literals import filled, prepared

R = TypeVar("R")

_MOST: Final = 100
"""How many statements a connection learns."""
# The check divides by zero, or the server does not know it any more.
_REFUSALS: Final = (
    psycopg.errors.DivisionByZero,
    psycopg.errors.InvalidSqlStatementName,
)


class Batch:
    """A link whose statements wait for one that needs an answer, or for the end.

    They are sent with it as one text, which the server takes as one message.
    """

    def __init__(self, link: Link, begin: bytes, check: bytes) -> None:
        """`begin` begins the transaction; the check fails where a batch is refused."""
        self._link = link
        self._waiting = [begin, link.learned[check]]
        self._taught: dict[bytes, bytes] = {}
        self._begun = self._failed = False
        self.was_refused = False

    @property
    def closed(self) -> bool:
        return self._link.closed

    @property
    def takes_batches(self) -> bool:
        return True

    @property
    def learned(self) -> dict[bytes, bytes]:
        return self._link.learned

    async def learn(self, check: bytes) -> None:
        await self._link.learn(check)

    async def rows(self, sql: bytes, values: Values) -> list[Any]:
        if self._waiting:
            return (await self.script(self._filled(sql, values))).rows
        return await self._link.rows(sql, values)

    async def count(self, sql: bytes, values: Values) -> int:
        if self._waiting:
            return (await self.script(self._filled(sql, values))).changed
        return await self._link.count(sql, values)

    async def write(self, sql: bytes, values: Values) -> None:
        self._waiting.append(self._filled(sql, values))

    async def copy(self, sql: bytes, types: Sequence[str]) -> Copy:
        if self._waiting:
            await self.script(b"")
        return await self._link.copy(sql, types)

    async def command(self, sql: bytes) -> str | None:
        return await self._send(self._link.command, sql)

    async def script(self, sql: bytes) -> Said:
        return await self._send(self._link.script, sql)

    def _filled(self, sql: bytes, values: Values) -> bytes:
        """A statement with its values, which the server has planned before if it is known there."""
        known = self.learned.get(sql) or self._taught.get(sql)
        if known is None and len(self.learned) < _MOST:
            prepare, known = prepared(sql)
            self._waiting.append(prepare)
            self._taught[sql] = known
        return filled(known or sql, values)

    async def _send(self, run: Callable[[bytes], Awaitable[R]], sql: bytes) -> R:
        """What a way to run statements gives for those that wait, and the last."""
        text = b"; ".join((*self._waiting, sql))
        self._waiting.clear()
        self._begun = True
        try:
            answer = await run(text)
        except BaseException as error:
            self._failed = True
            self.was_refused = isinstance(error, _REFUSALS)
            if isinstance(error, psycopg.errors.InvalidSqlStatementName):
                self.learned.clear()
            elif not self.was_refused:
                # Nobody knows whether these were prepared: here they are not again.
                self.learned.update({sql: sql for sql in self._taught})
            raise
        self.learned.update(self._taught)
        self._taught.clear()
        return answer

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
