"""Runs plans on one connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from ..commands import (
    Command,
    Delete,
    Enter,
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
from ..indexes import BY_CREATION_TIME
from .faults import FAULTS, rolled_back, typed
from .nearest import nearest
from .row_numbers import first_from, key_of
from .side_tables import SearchTable, VectorTable
from .statements import Statements

R = TypeVar("R")


class Executor:
    """A connection, and the statements of its tables."""

    __slots__ = ("connection", "execute", "last", "statements", "times")

    def __init__(
        self, connection: sqlite3.Connection, statements: Mapping[str, Statements]
    ) -> None:
        self.connection = connection
        # One cursor for all: all rows are fetched at once, for what is left in it would hold a
        # snapshot.
        self.execute = connection.cursor().execute
        self.statements = statements
        self.last = 0.0
        self.times: dict[str, float] = {}

    def run(self, plan: Plan[R]) -> R:
        """The result of a plan; SQLite's errors become those of our tree."""
        try:
            command = next(plan)
            while True:
                command = plan.send(_ANSWERS[type(command)](self, command))
        except StopIteration as stop:
            result: R = stop.value
            return result
        except FAULTS as error:
            raise typed(error) from error

    def run_on_snapshot(self, plan: Plan[R]) -> R:
        """The result of a plan that reads several times, all at one moment."""
        try:
            try:
                self.execute("BEGIN")
                return self.run(plan)
            finally:
                self.roll_back()
        except sqlite3.Error as error:
            raise typed(error) from error

    def roll_back(self) -> None:
        """Undoes a transaction, where one is open."""
        if self.connection.in_transaction:
            self.execute("ROLLBACK")

    def explain(self, read: Explained) -> str:
        """How SQLite reads something, in its own words."""
        table = self.statements[read.table]
        if isinstance(read, Scan):
            sql = table.scan(read)
            values: Sequence[object] = (*_bounds(table, read), -1)
        elif isinstance(read, Search):
            sql, values = self._search_table(read).search(read)
        else:
            sql, values = self._vector_table(read).all_of(read)
        rows = self.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
        return "\n".join(row[3] for row in rows)

    def fetch(self, command: Fetch) -> str | None:
        table = self.statements[command.table]
        values = (table.row(command.id), command.id)
        rows = self.execute(table.fetch, values).fetchall()
        return rows[0][0] if rows else None

    def scan(self, command: Scan) -> list[Found]:
        table = self.statements[command.table]
        limit = -1 if command.limit is None else command.limit
        values = (*_bounds(table, command), limit)
        rows = self.execute(table.scan(command), values).fetchall()
        if command.keys and _by_number(table, command):
            return [(text, key_of(number)) for text, number in rows]
        return rows

    def latest(self, command: Latest) -> float:
        time = self.times.get(command.table)
        if time is None:
            rows = self.execute(self.statements[command.table].latest).fetchall()
            time = self.times[command.table] = rows[0][0] if rows else 0.0
        # This program's own times increase across tables, even when the clock is set back.
        return time if time > self.last else self.last

    def insert(self, command: Insert) -> None:
        # Documents may come from a caller's own code, which went on after a full disk.
        if not self.connection.in_transaction:
            raise rolled_back()
        table = self.statements[command.table]
        rows = command.rows
        if len(rows) == 1:
            self.execute(table.insert, table.values(rows[0]))
        else:
            self.connection.executemany(table.insert, map(table.values, rows))
        self.last = self.times[command.table] = rows[-1][1]

    def update(self, command: Update) -> None:
        table = self.statements[command.table]
        row = (table.row(command.id), command.id)
        values = (command.document, *command.keys.values(), *row)
        self.execute(table.update(tuple(command.keys)), values)

    def delete(self, command: Delete) -> bool:
        table = self.statements[command.table]
        values = (table.row(command.id), command.id)
        return self.execute(table.delete, values).rowcount > 0

    def search(self, command: Search) -> list[str]:
        if not command.terms:
            return []
        sql, values = self._search_table(command).search(command)
        return [text for (text,) in self.execute(sql, values).fetchall()]

    def nearest(self, command: Nearest) -> list[Near]:
        return nearest(self.connection, self._vector_table(command), command)

    def enter(self, command: Enter) -> None:
        table = self.statements[command.table].sides[command.index_name]
        table.enter(self.connection, command.rows)

    def leave(self, command: Leave) -> None:
        table = self.statements[command.table].sides[command.index_name]
        table.leave(self.connection, command.id, command.entry)

    def _search_table(self, command: Search) -> SearchTable:
        table = self.statements[command.table].sides[command.index_name]
        assert isinstance(table, SearchTable)
        return table

    def _vector_table(self, command: Nearest) -> VectorTable:
        table = self.statements[command.table].sides[command.index_name]
        assert isinstance(table, VectorTable)
        return table


def _by_number(table: Statements, scan: Scan) -> bool:
    """Whether the table itself is the index."""
    return scan.index_name == BY_CREATION_TIME.name and table.timed


def _bounds(table: Statements, scan: Scan) -> tuple[bytes, bytes] | tuple[int, int]:
    """From where to before where: keys of an index, or numbers of rows."""
    if _by_number(table, scan):
        return first_from(scan.lower), first_from(scan.upper)
    return scan.lower, scan.upper


_ANSWERS: Final[dict[type[Command], Callable[[Executor, Any], Any]]] = {
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
