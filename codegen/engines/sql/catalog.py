"""What the database knows of itself: its tables, their columns, the schemas it was given."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Final, NamedTuple

from codegen.ir.canonical import dumps, loads
from codegen.ir.model import Schema, SearchIndex, VectorIndex
from codegen.runtime.errors import CorruptDatabase, SchemaChanged

from ..live.changes import ANYTHING, Change, texts
from .dialect import CATALOGUE, Dialect, gone
from .layout import Column, Layout, SideTable


@dataclass(frozen=True, slots=True)
class Recorded:
    """A schema that was applied: its digest, itself, and when, in ms since 1970."""

    number: int
    digest: str
    schema: Schema
    applied_at: float


class Migrated(NamedTuple):
    """How far a migration of a table is: all documents up to a place were looked at.

    `place` is a key of `by_creation_time` in hexadecimal digits, `done_at` is in ms since 1970.
    """

    place: str = ""
    documents: int = 0
    changed: int = 0
    deleted: int = 0
    done_at: float | None = None


class Catalog:
    """The catalogue of the database that the connection of a dialect leads to."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.connection = dialect.connection
        self._tables, self._indexes, self._sides, self._schemas, self._migrations = map(
            dialect.name, CATALOGUE
        )

    def is_empty(self) -> bool:
        """Whether there is nothing of ours yet; raises where the database is another's."""
        return self.dialect.is_empty()

    def create(self) -> None:
        """Makes the catalogue of a new database."""
        for statement in self.dialect.create_catalogue():
            self.connection.execute(statement)

    def latest_record(self) -> tuple[int, str] | None:
        """The number of the latest record of a schema, and the schema's digest.

        There is a new record whenever tables were changed, under the same schema or another:
        whoever knows the number knows how they are.
        """
        sql = f"SELECT id, digest FROM {self._schemas} ORDER BY id DESC LIMIT 1"
        row = self.connection.execute(sql).fetchone()
        return (row[0], row[1]) if row else None

    def check_record(self, number: int) -> None:
        """Raises a `SchemaChanged` unless that is the number of the latest record."""
        latest = self.latest_record()
        if latest is None or latest[0] != number:
            raise SchemaChanged(
                "another program has applied another schema: connect again, with a"
                " package that is generated from it"
            )

    def latest_schema(self) -> Recorded | None:
        """The schema that was applied last; None in a new database."""
        row = self.connection.execute(
            f"SELECT id, digest, schema, applied_at FROM {self._schemas}"
            " ORDER BY id DESC LIMIT 1"
        ).fetchone()
        if row is None:
            return None
        return Recorded(row[0], row[1], _schema(row[2]), row[3])

    def index_names(self) -> set[tuple[str, str]]:
        """The tables and the names of all indexes that any schema had."""
        schemas = self.connection.execute(f"SELECT schema FROM {self._schemas}")
        return {
            (name, index.name)
            for (text,) in schemas
            for name, table in _schema(text).tables.items()
            for index in [*table.indexes, *table.side_indexes]
        }

    def next_record(self) -> int:
        """The number that the next record of a schema will have."""
        sql = f"SELECT coalesce(max(id), 0) + 1 FROM {self._schemas}"
        (number,) = self.connection.execute(sql).fetchone()
        return int(number)

    def new_table_name(self, name: str) -> str:
        """What a table is called that is laid out anew: no table was before.

        Who still knows the old name finds nothing under it, rather than what means something else.
        """
        taken = {layout.table for layout in self.layouts().values()}
        return self.dialect.free_name(f"{name}_{self.next_record()}", taken)

    def was_applied(self, digest: str) -> bool:
        sql = f"SELECT 1 FROM {self._schemas} WHERE digest = ? LIMIT 1"
        return self.connection.execute(sql, (digest,)).fetchone() is not None

    def record_schema(
        self, digest: str, schema: Schema, now_ms: float, *, after: int = 0
    ) -> int:
        """Notes that a schema is applied; the answer is the number of the record.

        It is a number after another one, too, which this catalogue need not have.
        """
        number = max(self.next_record(), after + 1)
        self.connection.execute(
            f"INSERT INTO {self._schemas} (id, digest, schema, applied_at)"
            " VALUES (?, ?, ?, ?)",
            (number, digest, dumps(schema), now_ms),
        )
        self.announce()
        return number

    def announce(self, *tables: str) -> None:
        """Tells live queries that all documents of some tables may be others; of all, without names.

        Whoever writes documents by SQL calls it in the same transaction.
        """
        for text in texts(map(Change, tables) if tables else (ANYTHING,)):
            self.dialect.announce(text)

    def layouts(self) -> dict[str, Layout]:
        """How each table is laid out, by its name in the schema."""
        columns: dict[int, dict[str, Column]] = {}
        for number, name, *made in self.connection.execute(
            f"SELECT number, name, {_COLUMN} FROM {self._indexes}"
            " ORDER BY number, name"
        ):
            columns.setdefault(number, {})[name] = _column(*made)
        sides: dict[int, dict[str, SideTable]] = {}
        for number, name, *made in self.connection.execute(
            f"SELECT number, name, {_SIDE} FROM {self._sides} ORDER BY number, name"
        ):
            sides.setdefault(number, {})[name] = _side(name, *made)
        rows = self.connection.execute(
            f"SELECT number, name, sql_name, timed FROM {self._tables}"
        )
        return {
            name: Layout(
                number,
                sql_name,
                columns.get(number, {}),
                bool(timed),
                sides.get(number, {}),
            )
            for number, name, sql_name, timed in rows
        }

    def check_tables(
        self, tables: Collection[str], layouts: Mapping[str, Layout]
    ) -> None:
        """Raises a `CorruptDatabase` where one of some tables is laid out, and not there.

        Others, which the schema does not have, may have been dropped by hand.
        """
        names = [
            name
            for table, layout in layouts.items()
            if table in tables
            for name in self.dialect.tables_of(layout)
        ]
        if missing := self.dialect.dropped(names):
            lost = {layout.table for layout in layouts.values()}.intersection(missing)
            raise gone(lost or missing, of_indexes=not lost)

    def forget_table(self, number: int) -> None:
        """Forgets what was noted of a table and its columns."""
        for table in (self._tables, self._indexes, self._sides):
            sql = f"DELETE FROM {table} WHERE number = ?"
            self.connection.execute(sql, (number,))

    def forget_history(self) -> None:
        """Forgets all schemas that were applied, and all migrations."""
        for table in (self._schemas, self._migrations):
            self.connection.execute(f"DELETE FROM {table}")

    def record_table(self, name: str, layout: Layout) -> None:
        """Notes a table and its columns, in the place of what was noted before."""
        self.forget_table(layout.number)
        self.connection.execute(
            f"INSERT INTO {self._tables} (number, name, sql_name, timed)"
            " VALUES (?, ?, ?, ?)",
            (layout.number, name, layout.table, int(layout.timed)),
        )
        self.connection.executemany(
            f"INSERT INTO {self._indexes} (number, name, {_COLUMN})"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    layout.number,
                    index,
                    column.name,
                    json.dumps(column.fields),
                    int(column.unique),
                    column.filled_to,
                )
                for index, column in layout.columns.items()
            ],
        )
        self.connection.executemany(
            f"INSERT INTO {self._sides} (number, name, {_SIDE})"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    layout.number,
                    index,
                    side.name,
                    _definition(side),
                    side.form,
                    side.filled_to,
                    side.until,
                )
                for index, side in layout.sides.items()
            ],
        )

    def unbuilt(self, number: int) -> dict[str, Column]:
        """The indexes of columns that are being built; nobody else goes on with them meanwhile."""
        rows = self.connection.execute(
            f"SELECT name, {_COLUMN} FROM {self._indexes}"
            f" WHERE number = ? AND filled_to IS NOT NULL{self.dialect.for_update}",
            (number,),
        ).fetchall()
        return {name: _column(*made) for name, *made in rows}

    def unbuilt_sides(self, number: int) -> dict[str, SideTable]:
        """The search and vector indexes of a table that are being built; nobody else goes on with
        them meanwhile, or writes documents."""
        self.dialect.hold_entries()
        rows = self.connection.execute(
            f"SELECT name, {_SIDE} FROM {self._sides}"
            " WHERE number = ? AND filled_to IS NOT NULL",
            (number,),
        ).fetchall()
        return {name: _side(name, *made) for name, *made in rows}

    def record_filled(self, number: int, index: str, filled_to: object) -> None:
        """Notes how far the index of a column was built; None for one that is."""
        self._record_filled(self._indexes, number, index, filled_to)

    def record_entered(self, number: int, index: str, filled_to: object) -> None:
        """Notes how far a search or vector index was built; None for one that is."""
        self._record_filled(self._sides, number, index, filled_to)

    def _record_filled(
        self, table: str, number: int, index: str, filled_to: object
    ) -> None:
        self.connection.execute(
            f"UPDATE {table} SET filled_to = ? WHERE number = ? AND name = ?",
            (filled_to, number, index),
        )

    def migrated(self, migration: str, number: int) -> Migrated:
        """How far a migration of a table is."""
        row = self.connection.execute(
            "SELECT place, documents, changed, deleted, done_at"
            f" FROM {self._migrations} WHERE name = ? AND number = ?",
            (migration, number),
        ).fetchone()
        return Migrated(*row) if row else Migrated()

    def record_migrated(self, migration: str, number: int, migrated: Migrated) -> None:
        """Notes how far a migration of a table is."""
        key = (migration, number)
        sql = f"DELETE FROM {self._migrations} WHERE name = ? AND number = ?"
        self.connection.execute(sql, key)
        self.connection.execute(
            f"INSERT INTO {self._migrations} (name, number, place, documents, changed,"
            " deleted, done_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*key, *migrated),
        )


_COLUMN: Final = "column_name, fields, is_unique, filled_to"


def _column(name: str, fields: str, unique: int, filled_to: object) -> Column:
    try:
        return Column(name, tuple(json.loads(fields)), bool(unique), filled_to)
    except (TypeError, ValueError) as error:
        raise CorruptDatabase(f"the list of indexes is damaged: {error}") from None


_SIDE: Final = "side_name, definition, form, filled_to, until"


def _definition(side: SideTable) -> str:
    fields = asdict(side.definition)
    return json.dumps({k: v for k, v in fields.items() if k not in ("name", "staged")})


def _side(
    index: str, name: str, definition: str, form: str, filled_to: object, until: object
) -> SideTable:
    try:
        fields = json.loads(definition)
        fields["filters"] = tuple(fields["filters"])
        kind = VectorIndex if "dimensions" in fields else SearchIndex
        return SideTable(name, kind(index, **fields), form, filled_to, until)
    except (KeyError, TypeError, ValueError) as error:
        raise CorruptDatabase(
            f"the list of search and vector indexes is damaged: {error}"
        ) from None


def _schema(text: str) -> Schema:
    try:
        return loads(text)
    except ValueError as error:
        raise CorruptDatabase(
            f"the schema in the database is damaged: {error}"
        ) from None
