"""Looks at every document of a file, with nothing but the file: is all as it must be?"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from codegen.ir.fitting import misfit
from codegen.ir.model import Index, Schema
from codegen.ir.types import JsonValue
from codegen.runtime.errors import LimitExceeded, UnusableDatabase

from ..field_keys import CREATION_TIME, JsonObject
from ..ids import decode
from ..indexes import BY_CREATION_TIME, StoredIndex
from ..keys import float_key, string_key
from ..limits import check_limits
from ..references import Check, References
from ..sql.catalog import Catalog
from ..sql.layout import Layout, numbers
from .connection import Target
from .dialect import SqliteDialect
from .faults import typed
from .row_numbers import number_of
from .statements import CREATION_KEY, Statements


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: with a document, or with the file where `id` is empty."""

    reason: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """A table: how many documents and indexes it has; `known` is False if no schema has it."""

    table: str
    documents: int
    indexes: int
    known: bool
    faults: tuple[Fault, ...]


@contextmanager
def examination(path: str, timeout_ms: float) -> Generator[Examination]:
    """Opens a file to look at it; raises an `UnusableDatabase` error where it can't."""
    if not os.path.exists(path):
        raise UnusableDatabase(f"{path} does not exist")
    target = Target(path, timeout_ms, "full")
    target.check_file()
    connection = target.open()
    try:
        # One moment of the file, whoever writes meanwhile.
        connection.execute("BEGIN")
        catalog = Catalog(SqliteDialect(connection))
        if catalog.is_empty():
            raise UnusableDatabase(f"{path} is empty: no schema was applied to it")
        recorded = catalog.latest_schema()
        if recorded is None:
            raise UnusableDatabase(f"{path} has no schema")
        yield Examination(connection, recorded.schema, catalog.layouts())
    except sqlite3.Error as error:
        raise typed(error) from error
    finally:
        connection.close()


class Examination:
    """A file at one moment."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        schema: Schema,
        layouts: Mapping[str, Layout],
    ) -> None:
        self._connection = connection
        self._schema = schema
        self._layouts = layouts
        self._references = References(schema, numbers(layouts))

    def file_faults(self) -> tuple[Fault, ...]:
        """What SQLite itself finds wrong with its pages and indexes."""
        rows = self._connection.execute("PRAGMA integrity_check").fetchall()
        return tuple(Fault(row[0]) for row in rows if row[0] != "ok")

    def tables(self) -> Iterator[Examined]:
        """Every table, and all faults of its documents."""
        for name, layout in sorted(self._layouts.items()):
            known = name in self._schema.tables
            count = 0
            faults: list[Fault] = []
            if known:
                table = _Table(name, layout, self._schema, self._references)
                for row in self._connection.execute(table.sql):
                    count += 1
                    faults += [Fault(reason, row[1]) for reason in table.faults(row)]
                faults += self._clashes(table)
            else:
                sql = f'SELECT count(*) FROM "{layout.table}"'
                (count,) = self._connection.execute(sql).fetchone()
            indexes = len(layout.columns) + 1  # by_creation_time is the table itself
            yield Examined(name, count, indexes, known, tuple(faults))

    def _clashes(self, table: _Table) -> Iterator[Fault]:
        """Documents with equal values in a unique index: they are neighbours in it."""
        for index in table.indexes:
            if not index.definition.unique:
                continue
            column = table.layout.columns[index.name].name
            sql = (
                f'SELECT _id, _document FROM "{table.layout.table}"'
                f' ORDER BY "{column}"'
            )
            before: object = None
            for id, text in self._connection.execute(sql):
                document = _object(text)
                prefix = document and index.unique_prefix(document)
                if prefix and prefix == before:
                    reason = (
                        f"unique index `{index.name}`: another document has its values"
                    )
                    yield Fault(reason, id)
                before = prefix


class _Table:
    """What the documents of a table are held against."""

    def __init__(
        self, name: str, layout: Layout, schema: Schema, references: References
    ) -> None:
        table = schema.tables[name]
        self.layout = layout
        self._row = Statements(layout).row
        definitions = {index.name: index for index in table.indexes}
        self.indexes = [
            StoredIndex.of(
                definitions.get(index) or Index(index, column.fields), table, schema
            )
            for index, column in layout.columns.items()
        ]
        names = [column.name for column in layout.columns.values()]
        if not layout.timed:
            names.append(CREATION_KEY)
        columns = "".join(f', "{name}"' for name in names)
        self.sql = (
            f'SELECT _row, _id, _creationTime, _document{columns} FROM "{layout.table}"'
        )
        self._name = name
        self._schema = schema
        self._type = table.document
        self._check_ids: Check | None = references.document_check(table.document)

    def faults(self, row: tuple[Any, ...]) -> Iterator[str]:
        number, id, creation_time, text, *keys = row
        if not isinstance(creation_time, float):
            yield "its creation time is not a number"
            return
        yield from self._misnumbered(id, creation_time, number)
        document = _object(text)
        if document is None:
            yield "its document is not a JSON object"
            return
        if document.get("_id") != id or document.get(CREATION_TIME) != creation_time:
            yield "its id or creation time is another in the document"
        yield from self._misfits(text, document)
        end = float_key(creation_time)
        if not self.layout.timed:
            end += string_key(id)
            if keys.pop() != end:
                yield f"index `{BY_CREATION_TIME.name}` does not have its values"
        for index, stored in zip(self.indexes, keys, strict=True):
            if index.prefix(document) + end != stored:
                yield f"index `{index.name}` does not have its values"

    def _misnumbered(self, id: str, creation_time: float, row: int) -> Iterator[str]:
        try:
            number, _ = decode(id)
        except ValueError as error:
            yield f"its id is malformed: {error}"
            return
        if number != self.layout.number:
            yield f"its id is of table number {number}, not {self.layout.number}"
        elif self.layout.timed and row != self._row(id):
            yield "its row does not have the number of its id"
        if self.layout.timed and row != number_of(creation_time):
            yield "its row does not have the number of its creation time"

    def _misfits(self, text: str, document: JsonObject) -> Iterator[str]:
        fields: JsonValue = {
            name: value for name, value in document.items() if name[:1] != "_"
        }
        reason = misfit(fields, self._type, self._schema)
        if reason:
            yield f"it does not fit the schema: {reason}"
        elif self._check_ids and (fault := self._check_ids(document)):
            yield f"it does not fit the schema: {fault[0]}: {fault[1]}"
        try:
            check_limits(self._name, text, document)
        except LimitExceeded as error:
            yield error.reason


def _object(text: str) -> JsonObject | None:
    try:
        document: JsonValue = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None
