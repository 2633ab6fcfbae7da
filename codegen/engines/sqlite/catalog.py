"""What the database knows of itself: its tables, their columns, the schemas it was given."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from codegen.ir.canonical import dumps, loads
from codegen.ir.model import Schema
from codegen.runtime.errors import (
    CorruptDatabase,
    ForeignDatabase,
    NewerSchema,
    UnusableDatabase,
)

from .layout import Column, Layout

APPLICATION_ID: Final = int.from_bytes(b"Tblw", "big")
FORMAT: Final = 3

_TABLES: Final = (
    "CREATE TABLE _tablewright_tables (number INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE, sql_name TEXT NOT NULL UNIQUE)",
    "CREATE TABLE _tablewright_indexes (number INTEGER NOT NULL, name TEXT NOT NULL,"
    " column_name TEXT NOT NULL, fields TEXT NOT NULL, is_unique INTEGER NOT NULL,"
    " PRIMARY KEY (number, name)) WITHOUT ROWID",
    "CREATE TABLE _tablewright_schemas (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " digest TEXT NOT NULL, schema TEXT NOT NULL, applied_at REAL NOT NULL)",
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A schema that was applied: its digest, itself, and when, in ms since 1970."""

    digest: str
    schema: Schema
    applied_at: float


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Generator[None]:
    """What is read inside is read at one moment."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def is_empty(connection: sqlite3.Connection) -> bool:
    """Whether a database has nothing in it; raises where it is not one of ours."""
    (identity,) = connection.execute("PRAGMA application_id").fetchone()
    (count,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if identity == APPLICATION_ID and count:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > FORMAT:
            raise NewerSchema(
                f"the file has format {version}, this package knows format {FORMAT}"
                " only: install a newer tablewright"
            )
        if version < FORMAT:
            raise UnusableDatabase(
                f"the file has format {version}, this package knows format {FORMAT}"
                " only: begin a new file"
            )
        return False
    if identity or count:
        raise ForeignDatabase("the database was made by another program")
    return True


def create(connection: sqlite3.Connection) -> None:
    """The catalogue of a new database."""
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={FORMAT}")
    for statement in _TABLES:
        connection.execute(statement)


def latest_digest(connection: sqlite3.Connection) -> str | None:
    """The digest of the schema that was applied last."""
    sql = "SELECT digest FROM _tablewright_schemas ORDER BY id DESC LIMIT 1"
    row = connection.execute(sql).fetchone()
    return row[0] if row else None


def latest_schema(connection: sqlite3.Connection) -> Recorded | None:
    """The schema that was applied last; None in a new database."""
    row = connection.execute(
        "SELECT digest, schema, applied_at FROM _tablewright_schemas"
        " ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    return Recorded(row[0], _schema(row[1]), row[2])


def _schema(text: str) -> Schema:
    try:
        return loads(text)
    except ValueError as error:
        raise CorruptDatabase(
            f"the schema in the database is damaged: {error}"
        ) from None


def index_names(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """The tables and the names of all indexes that any schema had."""
    schemas = connection.execute("SELECT schema FROM _tablewright_schemas")
    return {
        (name, index.name)
        for (text,) in schemas
        for name, table in _schema(text).tables.items()
        for index in table.indexes
    }


def next_schema(connection: sqlite3.Connection) -> int:
    """The number that the next schema will have."""
    sql = "SELECT coalesce(max(id), 0) + 1 FROM _tablewright_schemas"
    (number,) = connection.execute(sql).fetchone()
    return int(number)


def was_applied(connection: sqlite3.Connection, digest: str) -> bool:
    sql = "SELECT 1 FROM _tablewright_schemas WHERE digest = ? LIMIT 1"
    return connection.execute(sql, (digest,)).fetchone() is not None


def record_schema(
    connection: sqlite3.Connection, digest: str, schema: Schema, now_ms: float
) -> None:
    connection.execute(
        "INSERT INTO _tablewright_schemas (digest, schema, applied_at) VALUES (?, ?, ?)",
        (digest, dumps(schema), now_ms),
    )


def layouts(connection: sqlite3.Connection) -> dict[str, Layout]:
    """How each table is laid out, by its name in the schema."""
    columns: dict[int, dict[str, Column]] = {}
    for number, name, column, fields, unique in connection.execute(
        "SELECT number, name, column_name, fields, is_unique FROM _tablewright_indexes"
        " ORDER BY number, name"
    ):
        try:
            made = Column(column, tuple(json.loads(fields)), bool(unique))
        except (TypeError, ValueError) as error:
            raise CorruptDatabase(f"the list of indexes is damaged: {error}") from None
        columns.setdefault(number, {})[name] = made
    rows = connection.execute("SELECT number, name, sql_name FROM _tablewright_tables")
    return {
        name: Layout(number, sql_name, columns.get(number, {}))
        for number, name, sql_name in rows
    }


def record_table(connection: sqlite3.Connection, name: str, layout: Layout) -> None:
    """Notes a table and its columns, in the place of what was noted before."""
    connection.execute(
        "INSERT OR REPLACE INTO _tablewright_tables (number, name, sql_name) VALUES (?, ?, ?)",
        (layout.number, name, layout.table),
    )
    sql = "DELETE FROM _tablewright_indexes WHERE number = ?"
    connection.execute(sql, (layout.number,))
    connection.executemany(
        "INSERT INTO _tablewright_indexes (number, name, column_name, fields, is_unique)"
        " VALUES (?, ?, ?, ?, ?)",
        [
            (
                layout.number,
                index,
                column.name,
                json.dumps(column.fields),
                column.unique,
            )
            for index, column in layout.columns.items()
        ],
    )


def numbers(layouts: Mapping[str, Layout]) -> dict[int, str]:
    """The names of tables by their numbers."""
    return {layout.number: name for name, layout in layouts.items()}
