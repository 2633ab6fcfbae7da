"""Runs plans on one connection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from time import monotonic
from typing import Any, Final, NamedTuple, NoReturn, TypeVar

import psycopg

from ..commands import (
    Command,
    Delete,
    Enter,
    Entered,
    Explained,
    Fetch,
    Found,
    Insert,
    Latest,
    Leave,
    Near,
    Nearest,
    Plan,
    Scan,
    Search,
    Update,
)
from ..keys import float_key, string_key
from . import searches
from .links import Copy, Link, Values
from .side_tables import Beside, array
from .statements import CUT, Statements

R = TypeVar("R")

_LONGEST_COPY_S: Final = 0.25
_EXPLAIN: Final = b"EXPLAIN (COSTS OFF) "


async def run(plan: Plan[R], answer: Callable[[Command], Awaitable[Any]]) -> R:
    """The result of a plan, whose commands are answered by a function."""
    try:
        command = next(plan)
        while True:
            command = plan.send(await answer(command))
    except StopIteration as stop:
        result: R = stop.value
        return result


class Newest:
    """The newest creation time that this program gave.

    To ask the table for its newest would have all who insert wait for each other.
    """

    __slots__ = ("time",)

    def __init__(self) -> None:
        self.time = 0.0


class _Copying(NamedTuple):
    """A `COPY` that is open, and until when, for the server ends long statements."""

    copy: Copy
    sql: bytes
    until: float


class Executor:
    """A connection, and the statements of its tables.

    While a plan stores many rows, the server works on some as Python makes the next ones.
    """

    __slots__ = ("_copying", "_newest", "_statements", "link")

    def __init__(
        self, link: Link, statements: Mapping[str, Statements], newest: Newest
    ) -> None:
        self.link = link
        self._statements = statements
        self._newest = newest
        self._copying: _Copying | None = None

    async def run(self, plan: Plan[R], fail: Callable[[psycopg.Error], NoReturn]) -> R:
        """The result of a plan.

        `fail` raises what the driver's errors mean, and not those of the plan itself: a filter
        may ask another server.
        """
        try:
            command = next(plan)
            while True:
                try:
                    if self._copying and not self._goes_on(self._copying, command):
                        await self._end_copy()
                    answer = await _ANSWERS[type(command)](self, command)
                except psycopg.Error as error:
                    fail(error)
                command = plan.send(answer)
        except StopIteration as stop:
            result: R = stop.value
        except BaseException as error:
            # Also after an interrupt: to send something else during a COPY would wait for ever.
            with suppress(psycopg.Error):
                await self._end_copy(error)
            raise
        try:
            await self._end_copy()
        except psycopg.Error as error:
            fail(error)
        return result

    def answer(self, command: Command) -> Awaitable[Any]:
        return _ANSWERS[type(command)](self, command)

    async def explain(self, read: Explained) -> str:
        """How PostgreSQL reads something, in its own words."""
        if isinstance(read, Search):
            rows = await searches.search(self.link, self._side(read), read, _EXPLAIN)
        elif isinstance(read, Nearest):
            side = self._side(read)
            rows = await searches.explain_nearest(self.link, side, read, _EXPLAIN)
        else:
            sql = self._statements[read.table].scan(read, exact=False)
            values = (read.lower[:CUT], read.upper[:CUT], read.limit)
            rows = await self.link.rows(_EXPLAIN + sql, values)
        return "\n".join(row[0] for row in rows)

    async def fetch(self, command: Fetch) -> str | None:
        sql = self._statements[command.table].fetch
        rows = await self.link.rows(sql, (command.id,))
        return rows[0][0] if rows else None

    async def scan(self, command: Scan) -> list[Found]:
        statements = self._statements[command.table]
        lower, upper = command.lower, command.upper
        bounds = (lower[:CUT], upper[:CUT], command.limit)
        if len(lower) < CUT and len(upper) < CUT:
            sql = statements.scan(command, exact=False)
            rows: list[Found] = await self.link.rows(sql, bounds)
            if all(len(key) < CUT for _, key in rows):
                return rows
        sql = statements.scan(command, exact=True)
        return await self.link.rows(sql, (*bounds, lower, upper))

    async def latest(self, _: Latest) -> float:
        return self._newest.time

    async def insert(self, command: Insert) -> None:
        statements = self._statements[command.table]
        rows = [
            (id, created, text, float_key(created) + string_key(id), *keys)
            for id, created, text, *keys in command.rows
        ]
        if len(rows) == 1:
            await self.link.write(statements.insert, rows[0])
        else:
            await self._copy(statements.copy, statements.types, rows)
        self._newest.time = max(self._newest.time, command.rows[-1][1])

    async def update(self, command: Update) -> None:
        sql = self._statements[command.table].update(tuple(command.keys))
        values = (command.id, command.document, *command.keys.values())
        await self.link.write(sql, values)

    async def delete(self, command: Delete) -> bool:
        sql = self._statements[command.table].delete
        return await self.link.count(sql, (command.id,)) > 0

    async def search(self, command: Search) -> list[str]:
        if not command.terms:
            return []
        rows = await searches.search(self.link, self._side(command), command)
        return [text for (text,) in rows]

    async def nearest(self, command: Nearest) -> list[Near]:
        return await searches.nearest(self.link, self._side(command), command)

    async def enter(self, command: Enter) -> None:
        side = self._side(command)
        rows = [side.values(row) for row in await self._to_enter(command)]
        if len(rows) == 1:
            await self.link.write(side.enter, rows[0])
        elif rows:
            await self._copy(side.copy, side.types, rows)

    async def leave(self, command: Leave) -> None:
        await self.link.write(self._side(command).leave, (command.id,))

    async def _to_enter(self, command: Enter) -> Sequence[Entered]:
        """What is not left to the batches that fill the index."""
        sql = self._statements[command.table].to_enter.get(command.index_name)
        if sql is None:
            return command.rows
        found = await self.link.rows(sql, (array([row[0] for row in command.rows]),))
        ids = {id for (id,) in found}
        return [row for row in command.rows if row[0] in ids]

    async def _copy(
        self, sql: bytes, types: Sequence[str], rows: Sequence[Values]
    ) -> None:
        if self._copying is None:
            copy = await self.link.copy(sql, types)
            self._copying = _Copying(copy, sql, monotonic() + _LONGEST_COPY_S)
        await self._copying.copy.write(rows)

    def _goes_on(self, copying: _Copying, command: Command) -> bool:
        return (
            isinstance(command, Insert)
            and len(command.rows) > 1
            and self._statements[command.table].copy == copying.sql
            and monotonic() < copying.until
        )

    async def _end_copy(self, error: BaseException | None = None) -> None:
        copying, self._copying = self._copying, None
        if copying:
            await copying.copy.end(error)

    def _side(self, command: Search | Nearest | Enter | Leave) -> Beside:
        return self._statements[command.table].sides[command.index_name]


_ANSWERS: Final[dict[type[Command], Callable[[Executor, Any], Awaitable[Any]]]] = {
    Fetch: Executor.fetch,
    Scan: Executor.scan,
    Latest: Executor.latest,
    Insert: Executor.insert,
    Update: Executor.update,
    Delete: Executor.delete,
    Search: Executor.search,
    Nearest: Executor.nearest,
    Enter: Executor.enter,
    Leave: Executor.leave,
}
