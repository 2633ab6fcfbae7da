"""Reads the catalogue of an SQLite file, which it neither changes nor locks for others."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any, Final
from urllib.parse import quote

from codegen.diagnostics import Diagnostic, Diagnostics
from codegen.ir import canonical
from codegen.ir.model import Schema
from codegen.language.source import Loaded

from .catalogue import (
    Catalogue,
    Column,
    ForeignKey,
    IndexPart,
    Other,
    Table,
    TableIndex,
)
from .own_tables import with_tables
from .report import Report, printable, tables_missing
from .schema import to_schema
from .sqlite_declarations import Declaration, read_declaration
from .sqlite_types import column_type

_UNREADABLE: Final = "E820"
_MAGIC: Final = b"SQLite format 3\x00"
_WAL_BYTE: Final = 18
_OWN_TABLE: Final = "_tablewright_schemas"
_BUSY_SECONDS: Final = 5


def read_sqlite(
    path: str,
    tables: Sequence[str],
    diagnostics: Diagnostics,
    notes: list[str],
    integers: str = "int",
) -> Loaded | None:
    """The tables of a file, or those of the given names (in any case), as a schema.

    `integers` is `int` or `float`: what whole numbers become.
    Of a database of Tablewright it is the schema that was applied last. `notes` are said besides
    what is lost. None, after a report, if the file can't be read as a database, or has no such
    tables.
    """
    try:
        with closing(_opened(path)) as connection:
            own_schema = _own_schema(connection)
            if own_schema is not None:
                if integers != "int":
                    notes.append("the stored schema is as it was, with its `int`")
                report = Report(os.path.basename(path), diagnostics)
                return _own_tables(own_schema, tables, report)
            catalogue = _Reader(connection, os.path.basename(path)).catalogue()
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
        diagnostics.add(_fault(path, error))
        return None
    wanted = _wanted(tables, [table.name for table in catalogue.tables])
    return to_schema(catalogue, wanted, diagnostics, notes, integers)


def _wanted(given: Sequence[str], names: Sequence[str]) -> list[str]:
    """The names of tables that are given in any case, as they are declared."""
    own = {name.lower(): name for name in names}
    return [own.get(name.lower(), name) for name in given]


def _own_tables(schema: Schema, tables: Sequence[str], report: Report) -> Loaded | None:
    wanted = _wanted(tables, [*schema.tables])
    if tables_missing(wanted, [*schema.tables], report):
        return None
    chosen = with_tables(schema, wanted, report) if wanted else schema
    return Loaded(chosen, lambda path: None)


def _opened(path: str) -> sqlite3.Connection:
    """A connection that only reads.

    A file in WAL mode without a log is opened as one that nobody changes, because SQLite would
    make files beside it otherwise.
    """
    with open(path, "rb") as file:
        head = file.read(100)
    if head and not head.startswith(_MAGIC):
        raise sqlite3.DatabaseError("file is not a database")
    log = f"{path}-wal"
    has_log = os.path.exists(log) and os.path.getsize(log) > 0
    in_wal_mode = len(head) > _WAL_BYTE and head[_WAL_BYTE] == 2
    mode = "immutable=1" if in_wal_mode and not has_log else "mode=ro"
    uri = f"file:{quote(os.path.abspath(path))}?{mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)
    try:
        connection.execute("PRAGMA query_only = ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _own_schema(connection: sqlite3.Connection) -> Schema | None:
    """The schema that a database of Tablewright keeps; None in any other one."""
    known = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    if connection.execute(known, (_OWN_TABLE,)).fetchone() is None:
        return None
    newest = f"SELECT schema FROM {_OWN_TABLE} ORDER BY id DESC LIMIT 1"
    row = connection.execute(newest).fetchone()
    try:
        return canonical.loads(row[0]) if row else None
    except (ValueError, TypeError, LookupError, RecursionError):
        message = f"malformed schema in {_OWN_TABLE}"
        raise sqlite3.DatabaseError(message) from None


def _fault(path: str, error: Exception) -> Diagnostic:
    shown = os.path.relpath(path)
    if isinstance(error, OSError):
        return Diagnostic(_UNREADABLE, f"{shown}: {error.strerror or error}")
    told = printable(str(error))
    if "not a database" in told:
        message = f"{shown} is no SQLite database, or an encrypted one"
        hint = "of an encrypted one, import a copy that is decrypted"
    elif "locked" in told or "busy" in told:
        message = f"{shown} is locked by another process"
        hint = "try again when it is done, or import a copy"
    elif isinstance(error, UnicodeDecodeError) or "decode" in told.lower():
        message = f"{shown} is damaged: a text in it is not UTF-8"
        hint = "SQLite's own `.recover` may mend a copy"
    elif "malformed" in told:
        message = f"{shown} is damaged: {told}"
        hint = "SQLite's own `.recover` may mend a copy"
    else:
        message, hint = f"{shown} can't be read: {told}", ""
    return Diagnostic(_UNREADABLE, message, hint=hint)


class _Reader:
    def __init__(self, connection: sqlite3.Connection, place: str) -> None:
        self._connection = connection
        self._place = place

    def catalogue(self) -> Catalogue:
        """Tables in the order in which they were made, and what else there is."""
        rows = self._rows(
            "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid"
        )
        virtual = [
            name
            for kind, name, _, sql in rows
            if kind == "table" and (sql or "").lstrip()[:14].upper() == "CREATE VIRTUAL"
        ]
        texts = {
            name: sql or ""
            for kind, name, _, sql in rows
            if kind == "table" and not _is_internal(name, virtual)
        }
        names = {name.lower(): name for name in texts}
        others = [
            Other(kind, name, "" if kind == "view" else names.get(table.lower(), table))
            for kind, name, table, _ in rows
            if kind in ("view", "trigger")
        ]
        others += [Other("virtual table", name) for name in virtual]
        for table, sql in texts.items():
            left = read_declaration(sql).others
            others += [Other(one, ", ".join(left[one]), table) for one in left]
        indexes = {name: sql or "" for kind, name, _, sql in rows if kind == "index"}
        tables = tuple(
            self._table(name, sql, names, indexes) for name, sql in texts.items()
        )
        return Catalogue(self._place, tables, others=tuple(others), brackets_quote=True)

    def _table(
        self, name: str, sql: str, names: dict[str, str], texts: dict[str, str]
    ) -> Table:
        said = read_declaration(sql)
        rows = self._rows("SELECT * FROM pragma_table_xinfo(?)", name)
        key = sorted((row[5], row[1]) for row in rows if row[5])
        # Keys of other types may be NULL, unless the declaration says NOT NULL.
        row_id = key[0][1] if len(key) == 1 and _is_row_id(rows) else None
        return Table(
            name,
            tuple(self._column(row, said, row_id) for row in rows),
            tuple(column for _, column in key),
            tuple(self._foreign_keys(name, [row[1] for row in rows], names)),
            tuple(self._indexes(name, texts, said)),
            tuple(said.checks),
            description=said.comment,
        )

    def _column(
        self, row: tuple[Any, ...], said: Declaration, row_id: str | None
    ) -> Column:
        _, name, declared, not_null, default, key, hidden = row
        low = name.lower()
        collation = said.collations.get(low, "")
        return Column(
            name,
            column_type(declared),
            bool(not_null) or name == row_id,
            default,
            said.generated.get(low, "") if hidden in (2, 3) else None,
            numbered=bool(key) and said.is_autoincrement,
            collation="" if collation.upper() == "BINARY" else collation,
            description=said.comments.get(low, ""),
        )

    def _foreign_keys(
        self, table: str, columns: list[str], names: dict[str, str]
    ) -> Iterator[ForeignKey]:
        own = {column.lower(): column for column in columns}
        keys: dict[int, list[tuple[Any, ...]]] = {}
        for row in self._rows("SELECT * FROM pragma_foreign_key_list(?)", table):
            keys.setdefault(row[0], []).append(row)
        for number in sorted(keys, reverse=True):  # the last one is listed first
            rows = sorted(keys[number], key=lambda row: row[1])
            target = _own(rows[0][2], names)
            there = {c.lower(): c for c in self._columns_of(target)}
            yield ForeignKey(
                tuple(_own(row[3], own) for row in rows),
                target,
                tuple(_own(row[4], there) for row in rows if row[4]),
                _actions(on_delete=rows[0][6], on_update=rows[0][5]),
            )

    def _columns_of(self, table: str) -> list[str]:
        rows = self._rows("SELECT name FROM pragma_table_info(?)", table)
        return [name for (name,) in rows]

    def _indexes(
        self, table: str, texts: dict[str, str], said: Declaration
    ) -> Iterator[TableIndex]:
        rows = self._rows("SELECT * FROM pragma_index_list(?)", table)
        for _, name, unique, origin, partial in reversed(rows):
            if origin == "pk":
                continue
            parts = [
                IndexPart(
                    column if number >= 0 else None,
                    bool(descending),
                    _collation(collation, said.collations.get((column or "").lower())),
                )
                for _, number, column, descending, collation, is_key in self._rows(
                    "SELECT * FROM pragma_index_xinfo(?)", name
                )
                if is_key
            ]
            where = _condition(texts.get(name, "")) if partial else ""
            own = name if origin == "c" else ""
            yield TableIndex(own, tuple(parts), bool(unique), where)

    def _rows(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, values).fetchall()


def _own(name: str, names: dict[str, str]) -> str:
    """The name as it was declared, which another place may write in another case."""
    return names.get(name.lower(), name)


def _is_internal(name: str, virtual: Sequence[str]) -> bool:
    """Whether SQLite keeps it for itself: its own tables, and those below a virtual one."""
    if name.lower().startswith("sqlite_"):
        return True
    return any(name == one or name.startswith(f"{one}_") for one in virtual)


def _is_row_id(rows: Sequence[tuple[Any, ...]]) -> bool:
    """Whether a key of one column is the number that every row has."""
    return any(row[5] and row[2].upper() == "INTEGER" for row in rows)


def _actions(*, on_delete: str, on_update: str) -> str:
    said = {"ON DELETE": on_delete, "ON UPDATE": on_update}
    return " ".join(
        f"{event} {action}"
        for event, action in said.items()
        if action not in ("NO ACTION", "RESTRICT", "NONE")
    )


def _collation(of_index: str | None, of_column: str | None) -> str:
    """The collation of an index where it is not the one of its column."""
    own = (of_index or "BINARY").upper()
    return "" if own == (of_column or "BINARY").upper() else own


def _condition(sql: str) -> str:
    """What follows the WHERE of a CREATE INDEX."""
    from .tokens import code, split

    parts = split(code(sql, brackets_quote=True), "WHERE")
    return " ".join(sql[parts[-1][0].start :].split()) if len(parts) > 1 else "…"
