"""What of the catalogue and the evolution is PostgreSQL's own.

The tables are in one schema of the server's, beside those of others.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from contextlib import contextmanager
from functools import lru_cache
from hashlib import blake2b
from time import sleep
from typing import Any, Final, TypeVar

import psycopg

from codegen.runtime.errors import CorruptDatabase, NewerSchema, UnusableDatabase

from ..commands import Entered
from ..entries import Entry
from ..sql.dialect import CATALOGUE, Order, gone
from ..sql.layout import Layout, SideTable
from .faults import is_repeatable
from .names import quoted, short
from .statements import BY_CREATION_TIME, Statements, create_index, cut
from .target import Connection, Target
from .turns import Turns

R = TypeVar("R")

FORMAT: Final = 3
_SHORT_WAIT_MS: Final = 200
_FORMAT_TABLE: Final = "_tablewright_format"
# Columns that every table of PostgreSQL has, or of ours.
_TAKEN: Final = {
    *("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"),
    BY_CREATION_TIME,
}
# It looks on where the filters keep too few of the nearest.
_OLDEST_PGVECTOR: Final = (0, 8)
_MARK: Final = re.compile(r'("(?:[^"]|"")*")|\?')


class PostgresConnection:
    """A connection, whose statements have `?` where values go."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Any:
        return self._cursor().execute(_numbered(sql), values)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> None:
        self._cursor().executemany(_numbered(sql), rows)

    def _cursor(self) -> psycopg.Cursor[tuple[Any, ...]]:
        return self._connection.cursor(binary=True)


class PostgresDialect:
    """PostgreSQL: the tables are in the first schema of the search path."""

    by_row = Order("_id", "")
    by_time = Order(cut(BY_CREATION_TIME), b"")  # no key there is longer
    timed = False
    for_update = " FOR UPDATE"
    creation_key = BY_CREATION_TIME

    def __init__(self, connection: Connection, target: Target) -> None:
        self.target = target
        self.postgres = connection
        self.connection = PostgresConnection(connection)
        schema, self._on_citus = self.connection.execute(
            "SELECT current_schema(), EXISTS"
            " (SELECT FROM pg_catalog.pg_extension WHERE extname = 'citus')"
        ).fetchone()
        if schema is None:
            raise UnusableDatabase(
                "no schema of the search path is there: make it with CREATE SCHEMA"
            )
        self.schema: str = schema

    @property
    def identity(self) -> object:
        # The server's own identifier is told to administrators only. As a text, a time is that
        # of the connection's time zone.
        return self.connection.execute(
            "SELECT extract(epoch FROM pg_catalog.pg_postmaster_start_time())::text,"
            " pg_catalog.current_database()::text, pg_catalog.current_schema()::text"
        ).fetchone()

    def by_creation(self, layout: Layout) -> Order:
        return self.by_time

    def faults(self) -> Iterable[str]:
        rows = self.connection.execute(
            "SELECT c.relname FROM pg_catalog.pg_index i"
            " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
            " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = ? AND NOT (i.indisvalid AND i.indisready)"
            " ORDER BY 1",
            (self.schema,),
        ).fetchall()
        return [f"index {name} is not valid: REINDEX it" for (name,) in rows]

    def unreadable(self, layout: Layout) -> Iterable[str]:
        return ()  # the server takes none

    def row_faults(
        self, layout: Layout, row: object, id: str, creation_time: float
    ) -> Iterable[str]:
        return ()  # a row is found by its id

    def create_catalogue(self) -> Iterable[str]:
        yield f"CREATE TABLE {self.name(_FORMAT_TABLE)} (format integer NOT NULL)"
        yield f"INSERT INTO {self.name(_FORMAT_TABLE)} VALUES ({FORMAT})"
        yield (
            f"CREATE TABLE {self.name('_tablewright_tables')} (number integer PRIMARY"
            " KEY, name text NOT NULL UNIQUE, sql_name text NOT NULL UNIQUE,"
            " timed integer NOT NULL)"
        )
        yield (
            f"CREATE TABLE {self.name('_tablewright_indexes')} (number integer NOT NULL,"
            " name text NOT NULL, column_name text NOT NULL, fields text NOT NULL,"
            " is_unique integer NOT NULL, filled_to bytea, PRIMARY KEY (number, name))"
        )
        yield (
            f"CREATE TABLE {self.name('_tablewright_migrations')} (name text NOT NULL,"
            " number integer NOT NULL, place text NOT NULL, documents bigint NOT NULL,"
            " changed bigint NOT NULL, deleted bigint NOT NULL,"
            " done_at double precision, PRIMARY KEY (name, number))"
        )
        yield (
            f"CREATE TABLE {self._sides} (number integer NOT NULL, name text NOT NULL,"
            " side_name text NOT NULL, definition text NOT NULL, form text NOT NULL,"
            " filled_to bytea, until bytea, PRIMARY KEY (number, name))"
        )
        yield (
            f"CREATE TABLE {self.name('_tablewright_schemas')} (id integer PRIMARY KEY,"
            " digest text NOT NULL, schema text NOT NULL,"
            " applied_at double precision NOT NULL, listened_until timestamptz)"
        )

    def is_empty(self) -> bool:
        missing = self.dropped([_FORMAT_TABLE, *CATALOGUE])
        if _FORMAT_TABLE in missing:
            return True
        sql = f"SELECT max(format) FROM {self.name(_FORMAT_TABLE)}"
        (version,) = self.connection.execute(sql).fetchone()
        if version is None:
            raise CorruptDatabase(f"the table {_FORMAT_TABLE} has no row")
        if version > FORMAT:
            raise NewerSchema(
                f"the database has format {version}, this package knows format {FORMAT}"
                " only: install a newer tablewright"
            )
        if version < FORMAT:
            raise UnusableDatabase(
                f"the database has format {version}, this package knows format {FORMAT}"
                " only: begin a new one"
            )
        if missing:
            raise gone(missing)
        return False

    def dropped(self, tables: Collection[str]) -> Collection[str]:
        # Not `to_regclass`, which looks in a cache that may be older than the statement.
        rows = self.connection.execute(
            "SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
            " ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relname = ANY(?::name[])",
            (self.schema, [*tables]),
        )
        return {*tables} - {name for (name,) in rows}

    def tables_of(self, layout: Layout) -> Iterable[str]:
        yield layout.table
        for side in layout.sides.values():
            yield self.statements(layout).beside(side).table

    @contextmanager
    def snapshot(self) -> Generator[None]:
        with self._transaction("REPEATABLE READ READ ONLY"):
            yield

    @contextmanager
    def alone(self) -> Generator[None]:
        # Each statement sees what was committed before it: after the locks, all there is.
        with self._transaction("READ COMMITTED"), self.unhurried():
            execute = self.connection.execute
            execute("SELECT pg_advisory_xact_lock(?::bigint)", (self._lock_number,))
            if not self.is_empty():
                self._lock_writers_out()
            yield

    def _lock_writers_out(self) -> None:
        # Those who write have looked there first, and hold a lock until their end.
        name = self.name("_tablewright_schemas")
        self.connection.execute(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE")

    def _lock_writers_out_soon(self) -> None:
        # All wait while this waits for a long transaction.
        usual_ms = self.target.settings["lock_timeout"]
        self.connection.execute(f"SET LOCAL lock_timeout = {_SHORT_WAIT_MS}")
        self._lock_writers_out()
        self.connection.execute(f"SET LOCAL lock_timeout = {usual_ms}")

    def beside(self, work: Callable[[], R], *, serial: bool = False) -> R:
        turns = Turns(self.target)
        mode = "SERIALIZABLE" if serial else "READ COMMITTED"
        while True:
            try:
                with self._transaction(mode):
                    if not turns.is_patient:
                        # Many documents take longer than a program that writes one of them all
                        # the time: it would be first for ever.
                        turns.be_patient()
                        self._lock_writers_out_soon()
                    for lock in self.writers_locks(enters=serial):
                        self.connection.execute(lock)
                    return work()
            except psycopg.Error as error:
                waited = isinstance(error, psycopg.errors.LockNotAvailable)
                pause = turns.pause(repeatable=waited or is_repeatable(error))
                if pause is None:
                    raise
            sleep(pause)

    def writers_locks(self, *, enters: bool) -> Iterable[str]:
        """Takes what those who write have: first of all, so that they see what they waited for.

        One who `enters` documents in indexes that are being built waits for the batch that fills
        those, and the next batch waits for it; others need not.
        """
        name = self.name("_tablewright_schemas")
        if self._on_citus:
            # A node that is asked for a lock has taken its snapshot before it waits. Those who
            # lock writers out ask all nodes, so that writers need not ask any other.
            yield "SET LOCAL citus.enable_ddl_propagation = off"
        yield f"LOCK TABLE {name} IN ACCESS SHARE MODE"
        if enters:
            yield f"LOCK TABLE {self._sides} IN ROW SHARE MODE"
        if self._on_citus:
            yield "SET LOCAL citus.enable_ddl_propagation TO DEFAULT"

    def hold_entries(self) -> None:
        # A lock of the table's row would never be had while others keep on sharing it.
        self.connection.execute(f"LOCK TABLE {self._sides} IN EXCLUSIVE MODE")

    @contextmanager
    def unhurried(self) -> Generator[None]:
        # Only others are waited for no longer than ever: an index may take its time.
        self.connection.execute("SET LOCAL statement_timeout = 0")
        self.postgres.patience_s = math.inf
        try:
            yield
        finally:
            self.target.make_patient(self.postgres)

    @contextmanager
    def _transaction(self, mode: str) -> Generator[None]:
        self.postgres.execute(self.target.beginning(mode).encode(), prepare=False)
        try:
            yield
        except BaseException:
            if not self.postgres.closed:
                self.postgres.execute("ROLLBACK")
            raise
        self.postgres.execute("COMMIT")

    @property
    def _lock_number(self) -> int:
        digest = blake2b(f"tablewright {self.schema}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big", signed=True)

    @property
    def _sides(self) -> str:
        return self.name("_tablewright_side_tables")

    @property
    def channel(self) -> str:
        """Where those who listen are notified."""
        return short(f"tablewright {self.schema}")

    def announce(self, text: str) -> None:
        # It costs little where nobody listens.
        self.connection.execute("SELECT pg_notify(?, ?)", (self.channel, text))

    def name(self, table: str) -> str:
        return f"{quoted(self.schema)}.{quoted(table)}"

    def free_name(self, wanted: str, taken: Collection[str]) -> str:
        name = short(wanted)
        number = 1
        while name in taken or name in _TAKEN:
            number += 1
            name = short(f"{wanted}_{number}")
        return name

    def create(self, layout: Layout) -> Iterable[str]:
        columns = "".join(
            f", {quoted(column.name)} bytea" for column in layout.columns.values()
        )
        key = quoted(short(f"{layout.table}._id"))
        yield (
            f'CREATE TABLE {self.name(layout.table)} (_id text COLLATE "C"'
            f" CONSTRAINT {key} PRIMARY KEY,"
            ' "_creationTime" double precision NOT NULL, _document json NOT NULL,'
            f" {quoted(BY_CREATION_TIME)} bytea NOT NULL{columns})"
        )
        yield self.create_index(layout, BY_CREATION_TIME)
        for column in layout.columns.values():
            yield self.create_index(layout, column.name)

    def create_index(self, layout: Layout, column: str) -> str:
        return create_index(self.name(layout.table), layout.table, column)

    def add_column(self, layout: Layout, column: str) -> str:
        return (
            f"ALTER TABLE {self.name(layout.table)} ADD COLUMN {quoted(column)} bytea"
        )

    def drop_column(self, layout: Layout, column: str) -> Iterable[str]:
        yield f"ALTER TABLE {self.name(layout.table)} DROP COLUMN {quoted(column)}"

    def vector_form(self, dimensions: int) -> str:
        """The schema of pgvector's type where it is recent enough to be of use, or nothing."""
        row = self.connection.execute(
            "SELECT n.nspname, e.extversion FROM pg_catalog.pg_extension e"
            " JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"
            " WHERE e.extname = 'vector'"
        ).fetchone()
        if row is None:
            return ""
        schema, version = row
        return schema if _parts(version) >= _OLDEST_PGVECTOR else ""

    def create_side(self, layout: Layout, side: SideTable) -> Iterable[str]:
        return self.statements(layout).beside(side).create()

    def drop_side(self, layout: Layout, side: SideTable) -> str:
        return f"DROP TABLE IF EXISTS {self.statements(layout).beside(side).name}"

    def enter(self, layout: Layout, side: SideTable, rows: Sequence[Entered]) -> None:
        table = self.statements(layout).beside(side)
        with self.postgres.cursor().copy(table.copy) as copy:
            copy.set_types(table.types)
            for row in rows:
                copy.write_row(table.values(row))

    def unlike(
        self, layout: Layout, side: SideTable, rows: Sequence[Entered]
    ) -> Iterable[str]:
        table = self.statements(layout).beside(side)
        columns = [
            list(column) for column in zip(*map(table.values, rows), strict=True)
        ]
        if not columns:
            return []
        cursor = self.postgres.cursor(binary=True)
        return [id for (id,) in cursor.execute(table.unlike, columns)]

    def size_of(self, side: SideTable, entry: Entry) -> int:
        return 1

    def size(self, layout: Layout, side: SideTable) -> int:
        name = self.statements(layout).beside(side).name
        (size,) = self.connection.execute(f"SELECT count(*) FROM {name}").fetchone()
        return int(size)

    def statements(self, layout: Layout) -> Statements:
        return Statements(
            layout, self.name(layout.table), quoted(self.schema), self._sides
        )


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


@lru_cache(maxsize=512)
def _numbered(sql: str) -> bytes:
    """PostgreSQL's own form: `$1`, `$2` for each `?` outside of names."""
    count = 0

    def mark(found: re.Match[str]) -> str:
        nonlocal count
        if found[1]:
            return found[1]
        count += 1
        return f"${count}"

    return _MARK.sub(mark, sql).encode()
