"""Brings a database to a schema: tables, indexes, and whether the documents fit.

All of it is one transaction: a schema that does not fit leaves everything as it was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

from codegen.ir.model import Schema, Table
from codegen.ir.subset import is_subset
from codegen.runtime.errors import (
    CorruptDatabase,
    NewerSchema,
    SchemaMismatch,
    ValidationFailed,
)

from ..clock import now_ms
from ..ids import FIRST_NUMBER
from ..indexes import StoredIndex
from ..tables import StoredTable
from . import catalog
from .layout import Column, Layout, free_name

StoredTables = Callable[[Mapping[int, str]], Mapping[str, StoredTable[Any]]]
"""Makes the tables of the package, once the numbers of all tables are known."""

_BATCH: Final = 1000
_NAMED: Final = 20


def evolve(
    connection: sqlite3.Connection,
    schema: Schema,
    digest: str,
    tables: StoredTables,
    *,
    older_schema: bool,
) -> dict[str, Layout]:
    """Applies a schema unless it was applied last; the answer is how tables are laid out."""
    with catalog.snapshot(connection):
        known = not catalog.is_empty(connection) and catalog.latest_digest(connection)
        if known == digest:
            return _layouts(connection, schema)
    connection.execute("BEGIN IMMEDIATE")
    try:
        layouts = _apply(connection, schema, digest, tables, older_schema=older_schema)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return layouts


def _apply(
    connection: sqlite3.Connection,
    schema: Schema,
    digest: str,
    tables: StoredTables,
    *,
    older_schema: bool,
) -> dict[str, Layout]:
    # Another process may have been faster, at any of this.
    if catalog.is_empty(connection):
        catalog.create(connection)
    before = catalog.latest_schema(connection)
    if before and before.digest == digest:
        return _layouts(connection, schema)
    if before and not older_schema and catalog.was_applied(connection, digest):
        at = datetime.fromtimestamp(before.applied_at / 1000, UTC)
        raise NewerSchema(
            "the database has been given a newer schema than this package's, on"
            f" {at:%Y-%m-%d %H:%M} UTC: generate the package from it, or go back on"
            " purpose with connect(…, older_schema=True)"
        )
    old = _renamed(schema, catalog.layouts(connection))
    new = _planned(schema, old, _Names(connection))
    stored = tables(catalog.numbers(new))
    for name in sorted(schema.tables):
        _bring(connection, old.get(name), new[name])
        if name in old:
            added = _added(old[name], new[name])
            fits = before is not None and _still_fit(name, before.schema, schema)
            if added or not fits:
                _rewrite(connection, stored[name], new[name], added)
            for index in added:
                column = new[name].columns[index].name
                connection.execute(new[name].create_index(column))
            for unique in stored[name].unique:
                if unique.name in added or not old[name].columns[unique.name].unique:
                    _check_unique(connection, stored[name], new[name], unique)
        catalog.record_table(connection, name, new[name])
    catalog.record_schema(connection, digest, schema, now_ms())
    return new


def _renamed(schema: Schema, old: Mapping[str, Layout]) -> dict[str, Layout]:
    """The tables by their names of now; a table keeps its number, which is in its ids."""
    renamed = dict(old)
    for name, table in schema.tables.items():
        former = table.renamed_from
        if former and name not in old and former in old and former not in schema.tables:
            renamed[name] = renamed.pop(former)
    return renamed


def _layouts(connection: sqlite3.Connection, schema: Schema) -> dict[str, Layout]:
    """The layouts of a schema that was applied; columns are in the order of its indexes."""
    found = catalog.layouts(connection)
    planned = _planned(schema, found, _Names(connection))
    if {name: dict(layout.columns) for name, layout in planned.items()} != {
        name: dict(layout.columns) for name, layout in found.items()
    }:
        raise CorruptDatabase(
            "the lists of tables and indexes are not those of the schema"
        )
    return planned


class _Names:
    """Names for new columns. None is used again: who still has an older schema must not find
    the keys of another index under it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @cached_property
    def _used(self) -> set[tuple[str, str]]:
        return catalog.index_names(self._connection)

    def column(self, table: str, index: str, taken: Collection[str]) -> str:
        if (table, index) in self._used:
            index = f"{index}_{catalog.next_schema(self._connection)}"
        return free_name(index, taken)


def _planned(
    schema: Schema, old: Mapping[str, Layout], names: _Names
) -> dict[str, Layout]:
    """The layouts to be: tables that the schema lacks stay as they are."""
    planned = dict(old)
    number = max((layout.number for layout in old.values()), default=FIRST_NUMBER - 1)
    for name, table in sorted(schema.tables.items()):
        if name not in planned:
            number += 1
            taken = {layout.table for layout in planned.values()}
            planned[name] = Layout(number, free_name(name, taken))
        planned[name] = replace(
            planned[name], columns=_columns(table, planned[name].columns, names)
        )
    return planned


def _columns(
    table: Table, old: Mapping[str, Column], names: _Names
) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    taken = {column.name for column in old.values()}
    for index in table.indexes:
        known = old.get(index.name)
        if known and known.fields == index.fields:
            columns[index.name] = replace(known, unique=index.unique)
        else:
            name = names.column(table.name, index.name, taken)
            taken.add(name)
            columns[index.name] = Column(name, index.fields, index.unique)
    return columns


def _added(old: Layout, new: Layout) -> list[str]:
    names = {column.name for column in old.columns.values()}
    return [index for index, column in new.columns.items() if column.name not in names]


def _bring(connection: sqlite3.Connection, old: Layout | None, new: Layout) -> None:
    """Makes a table, or its columns what they are to be; new ones are empty yet."""
    if old is None:
        for statement in new.create():
            connection.execute(statement)
        return
    kept = {column.name for column in new.columns.values()}
    for column in old.columns.values():
        if column.name not in kept:
            connection.execute(f'DROP INDEX "{old.index(column.name)}"')
            connection.execute(f'ALTER TABLE "{old.table}" DROP COLUMN "{column.name}"')
    for index in _added(old, new):
        name = new.columns[index].name
        connection.execute(f'ALTER TABLE "{new.table}" ADD COLUMN "{name}" BLOB')


def _still_fit(name: str, before: Schema, schema: Schema) -> bool:
    """Whether what the table can hold fits now without looking at it."""
    table = schema.tables[name]
    old = before.tables.get(name) or before.tables.get(table.renamed_from or "")
    return old is not None and is_subset(old.document, before, table.document, schema)


def _rewrite(
    connection: sqlite3.Connection,
    table: StoredTable[Any],
    layout: Layout,
    added: list[str],
) -> None:
    """Checks every document of a table, and fills in the keys of new indexes."""
    faults = _Faults(table.name)
    positions = {index.name: at for at, index in enumerate(table.indexes)}
    columns = ", ".join(f'"{layout.columns[index].name}" = ?' for index in added)
    sql = f'UPDATE "{layout.table}" SET {columns} WHERE _row = ?'
    for batch in _batches(connection, layout):
        keys: list[tuple[bytes | int, ...]] = []
        for row, id, creation_time, document in batch:
            try:
                (_, _, _, *found), _ = table.row(id, creation_time, document)
            except ValidationFailed as fault:
                faults.add(id, fault)
                continue
            keys.append((*(found[positions[index]] for index in added), row))
        if added:
            connection.executemany(sql, keys)
    faults.raise_if_any()


def _batches(
    connection: sqlite3.Connection, layout: Layout
) -> Iterator[list[tuple[int, str, float, str]]]:
    last = -(2**63)
    sql = (
        f'SELECT _row, _id, _creationTime, _document FROM "{layout.table}"'
        " WHERE _row > ? ORDER BY _row LIMIT ?"
    )
    while rows := connection.execute(sql, (last, _BATCH)).fetchall():
        yield rows
        last = rows[-1][0]


def _check_unique(
    connection: sqlite3.Connection,
    table: StoredTable[Any],
    layout: Layout,
    index: StoredIndex,
) -> None:
    """Finds documents with equal values in a unique index: they are neighbours there."""
    column = layout.columns[index.name].name
    sql = (
        f'SELECT _id, _document FROM "{layout.table}"'
        f' INDEXED BY "{layout.index(column)}" ORDER BY "{column}"'
    )
    faults = _Faults(table.name)
    before: bytes | None = None
    for id, document in connection.execute(sql):
        prefix = index.unique_prefix(table.stored(document, id))
        if prefix is not None and prefix == before:
            reason = f"its values in unique index `{index.name}` are another's too"
            faults.add(id, ValidationFailed(table.name, "", reason))
        before = prefix
    faults.raise_if_any()


class _Faults:
    """The documents of a table that do not fit: all are counted, the first are named."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._count = 0
        self._ids: list[str] = []
        self._reason = ""

    def add(self, id: str, fault: ValidationFailed) -> None:
        if not self._count:
            self._reason = (
                f"{fault.path}: {fault.reason}" if fault.path else fault.reason
            )
        self._count += 1
        if len(self._ids) < _NAMED:
            self._ids.append(id)

    def raise_if_any(self) -> None:
        if self._count:
            raise SchemaMismatch(self._table, self._reason, self._ids, self._count)
