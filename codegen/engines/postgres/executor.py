"""Runs plans on one connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from ..commands import Command, Delete, Fetch, Found, Insert, Latest, Plan, Scan, Update
from ..keys import float_key, string_key
from .statements import CUT, Statements
from .target import Connection

R = TypeVar("R")


def run(plan: Plan[R], answer: Callable[[Command], Any]) -> R:
    """The result of a plan, whose commands are answered by a function."""
    try:
        command = next(plan)
        while True:
            command = plan.send(answer(command))
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


class Executor:
    """A connection, and the statements of its tables."""

    __slots__ = ("_cursor", "_newest", "_statements", "connection")

    def __init__(
        self,
        connection: Connection,
        statements: Mapping[str, Statements],
        newest: Newest,
    ) -> None:
        self.connection = connection
        self._cursor = connection.cursor(binary=True)
        self._statements = statements
        self._newest = newest

    def answer(self, command: Command) -> Any:
        return _ANSWERS[type(command)](self, command)

    def explain(self, scan: Scan) -> str:
        """How PostgreSQL reads a stretch of an index, in its own words."""
        sql = self._statements[scan.table].scan(scan, exact=False)
        values = (scan.lower[:CUT], scan.upper[:CUT], scan.limit)
        rows = self._cursor.execute(b"EXPLAIN (COSTS OFF) " + sql, values).fetchall()
        return "\n".join(row[0] for row in rows)

    def fetch(self, command: Fetch) -> str | None:
        sql = self._statements[command.table].fetch
        row = self._cursor.execute(sql, (command.id,)).fetchone()
        return row[0] if row else None

    def scan(self, command: Scan) -> list[Found]:
        statements = self._statements[command.table]
        lower, upper = command.lower, command.upper
        bounds = (lower[:CUT], upper[:CUT], command.limit)
        if len(lower) < CUT and len(upper) < CUT:
            sql = statements.scan(command, exact=False)
            rows: list[Found] = self._cursor.execute(sql, bounds).fetchall()
            if all(len(key) < CUT for _, key in rows):
                return rows
        sql = statements.scan(command, exact=True)
        return self._cursor.execute(sql, (*bounds, lower, upper)).fetchall()

    def latest(self, _: Latest) -> float:
        return self._newest.time

    def insert(self, command: Insert) -> None:
        sql = self._statements[command.table].insert
        rows = [
            (id, created, text, float_key(created) + string_key(id), *keys)
            for id, created, text, *keys in command.rows
        ]
        if len(rows) == 1:
            self._cursor.execute(sql, rows[0])
        else:
            self._cursor.executemany(sql, rows)
        self._newest.time = max(self._newest.time, command.rows[-1][1])

    def update(self, command: Update) -> None:
        sql = self._statements[command.table].update(tuple(command.keys))
        self._cursor.execute(
            sql, (command.id, command.document, *command.keys.values())
        )

    def delete(self, command: Delete) -> bool:
        sql = self._statements[command.table].delete
        return self._cursor.execute(sql, (command.id,)).rowcount > 0


_ANSWERS: Final[dict[type[Command], Callable[[Executor, Any], Any]]] = {
    Fetch: Executor.fetch,
    Scan: Executor.scan,
    Latest: Executor.latest,
    Insert: Executor.insert,
    Update: Executor.update,
    Delete: Executor.delete,
}
