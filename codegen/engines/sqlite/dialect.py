"""What of the catalogue and the evolution is SQLite's own."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import Final, TypeVar

from codegen.runtime.errors import ForeignDatabase, NewerSchema, UnusableDatabase

from ..commands import Entered
from ..entries import Entry
from ..ids import leading_number
from ..sql.dialect import CATALOGUE, Order, gone
from ..sql.layout import Layout, SideTable
from .change_log import LISTENING, append_text
from .connection import begin
from .row_numbers import number_of
from .side_tables import size_of
from .statements import CREATION_KEY, Statements, index_name

R = TypeVar("R")

APPLICATION_ID: Final = int.from_bytes(b"Tblw", "big")
FORMAT: Final = 5


_CATALOGUE: Final = (
    f"PRAGMA application_id={APPLICATION_ID}",
    f"PRAGMA user_version={FORMAT}",
    "CREATE TABLE _tablewright_tables (number INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE, sql_name TEXT NOT NULL UNIQUE,"
    " timed INTEGER NOT NULL)",
    "CREATE TABLE _tablewright_indexes (number INTEGER NOT NULL, name TEXT NOT NULL,"
    " column_name TEXT NOT NULL, fields TEXT NOT NULL, is_unique INTEGER NOT NULL,"
    " filled_to INTEGER, PRIMARY KEY (number, name)) WITHOUT ROWID",
    "CREATE TABLE _tablewright_migrations (name TEXT NOT NULL, number INTEGER NOT NULL,"
    " place TEXT NOT NULL, documents INTEGER NOT NULL, changed INTEGER NOT NULL,"
    " deleted INTEGER NOT NULL, done_at REAL, PRIMARY KEY (name, number)) WITHOUT ROWID",
    "CREATE TABLE _tablewright_side_tables (number INTEGER NOT NULL, name TEXT NOT NULL,"
    " side_name TEXT NOT NULL, definition TEXT NOT NULL, form TEXT NOT NULL,"
    " filled_to INTEGER, until INTEGER, PRIMARY KEY (number, name)) WITHOUT ROWID",
    "CREATE TABLE _tablewright_schemas (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " digest TEXT NOT NULL, schema TEXT NOT NULL, applied_at REAL NOT NULL)",
    *LISTENING.values(),
)


class SqliteDialect:
    """SQLite: a file, which is a database of ours as a whole, or of another program."""

    by_row = by_time = Order("_row", -(2**63))
    timed = True
    for_update = ""
    creation_key = CREATION_KEY

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    @property
    def identity(self) -> object:
        _, _, path = self.connection.execute("PRAGMA database_list").fetchone()
        found = os.stat(path)
        return found.st_dev, found.st_ino

    def by_creation(self, layout: Layout) -> Order:
        return self.by_time if layout.timed else Order(CREATION_KEY, b"")

    def faults(self) -> Iterable[str]:
        rows = self.connection.execute("PRAGMA integrity_check").fetchall()
        return [row[0] for row in rows if row[0] != "ok"]

    def unreadable(self, layout: Layout) -> Iterable[str]:
        wanted = "CAST(_id AS BLOB), CAST(_document AS BLOB)"
        rows = self.connection.execute(f'SELECT {wanted} FROM "{layout.table}"')
        for id, document in rows:
            try:
                id.decode()
                document.decode()
            except UnicodeDecodeError:
                yield id.decode(errors="replace")

    def row_faults(
        self, layout: Layout, row: object, id: str, creation_time: float
    ) -> Iterable[str]:
        if not layout.timed:
            return
        if row != leading_number(layout.number)(id):
            yield "its row does not have the number of its id"
        if row != number_of(creation_time):
            yield "its row does not have the number of its creation time"

    def create_catalogue(self) -> Iterable[str]:
        return _CATALOGUE

    def is_empty(self) -> bool:
        connection = self.connection
        (identity,) = connection.execute("PRAGMA application_id").fetchone()
        (count,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if identity == APPLICATION_ID and count:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > FORMAT:
                raise NewerSchema(
                    f"the file has format {version}, this package knows format"
                    f" {FORMAT} only: install a newer tablewright"
                )
            if version < FORMAT:
                raise UnusableDatabase(
                    f"the file has format {version}, this package knows format"
                    f" {FORMAT} only: begin a new file"
                )
            if missing := self.dropped([*CATALOGUE, *LISTENING]):
                raise gone(missing)
            return False
        if identity or count:
            raise ForeignDatabase("the database was made by another program")
        return True

    def dropped(self, tables: Collection[str]) -> Collection[str]:
        rows = self.connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        )
        return {*tables} - {name for (name,) in rows}

    def tables_of(self, layout: Layout) -> Iterable[str]:
        yield layout.table
        for side in layout.sides.values():
            yield Statements(layout).beside(side).name

    @contextmanager
    def snapshot(self) -> Generator[None]:
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self._roll_back()

    @contextmanager
    def alone(self) -> Generator[None]:
        execute = self.connection.execute
        (timeout_ms,) = execute("PRAGMA busy_timeout").fetchone()
        execute("PRAGMA busy_timeout=0")
        try:
            begin(execute, timeout_ms / 1000)
        finally:
            execute(f"PRAGMA busy_timeout={timeout_ms}")
        try:
            yield
            execute("COMMIT")
        finally:
            self._roll_back()

    def beside(self, work: Callable[[], R], *, serial: bool = False) -> R:
        # There is one writer at a time, and it is waited for.
        with self.alone():
            return work()

    def hold_entries(self) -> None:
        pass  # nobody else writes during any transaction

    @contextmanager
    def unhurried(self) -> Generator[None]:
        yield  # SQLite limits only how long others are waited for

    def _roll_back(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def announce(self, text: str) -> None:
        append_text(self.connection, text)

    def name(self, table: str) -> str:
        return f'"{table}"'

    def free_name(self, wanted: str, taken: Collection[str]) -> str:
        """SQLite does not tell cases apart, and keeps some names for itself."""
        base = f"_{wanted}" if wanted.lower().startswith("sqlite_") else wanted
        name = base
        folded = {other.lower() for other in taken}
        number = 1
        while name.lower() in folded:
            number += 1
            name = f"{base}_{number}"
        return name

    def create(self, layout: Layout) -> Iterable[str]:
        names = [column.name for column in layout.columns.values()]
        if not layout.timed:
            names.insert(0, CREATION_KEY)
        columns = "".join(f', "{name}" BLOB' for name in names)
        yield (
            f'CREATE TABLE "{layout.table}" (_row INTEGER PRIMARY KEY,'
            f" _id TEXT NOT NULL, _creationTime REAL NOT NULL, _document TEXT NOT NULL{columns})"
        )
        if not layout.timed:
            index = index_name(layout.table, "_id")
            yield f'CREATE UNIQUE INDEX "{index}" ON "{layout.table}" (_id)'
            yield self.create_index(layout, CREATION_KEY)
        for column in layout.columns.values():
            if column.is_built:
                yield self.create_index(layout, column.name)

    def create_index(self, layout: Layout, column: str) -> str:
        index = index_name(layout.table, column)
        return f'CREATE INDEX "{index}" ON "{layout.table}" ("{column}")'

    def add_column(self, layout: Layout, column: str) -> str:
        return f'ALTER TABLE "{layout.table}" ADD COLUMN "{column}" BLOB'

    def drop_column(self, layout: Layout, column: str) -> Iterable[str]:
        yield f'DROP INDEX IF EXISTS "{index_name(layout.table, column)}"'
        yield f'ALTER TABLE "{layout.table}" DROP COLUMN "{column}"'

    def vector_form(self, dimensions: int) -> str:
        return ""

    def create_side(self, layout: Layout, side: SideTable) -> Iterable[str]:
        yield Statements(layout).beside(side).create()

    def drop_side(self, layout: Layout, side: SideTable) -> str:
        return Statements(layout).beside(side).drop()

    def enter(self, layout: Layout, side: SideTable, rows: Sequence[Entered]) -> None:
        Statements(layout).beside(side).enter(self.connection, rows)

    def unlike(
        self, layout: Layout, side: SideTable, rows: Sequence[Entered]
    ) -> Iterable[str]:
        table = Statements(layout).beside(side)
        return [row[0] for row in rows if not table.has(self.connection, row)]

    def size_of(self, side: SideTable, entry: Entry) -> int:
        return size_of(entry)

    def size(self, layout: Layout, side: SideTable) -> int:
        return Statements(layout).beside(side).size(self.connection)
