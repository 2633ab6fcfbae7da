"""Brings a database to a schema: tables, indexes, and whether the documents fit.

All of it is one transaction: a schema that does not fit leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Final, NamedTuple

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
from ..table_rows import TableRows
from .catalog import Catalog
from .layout import Column, Layout

MakeTables = Callable[[Mapping[str, Layout]], Mapping[str, TableRows]]
"""Makes the tables of the schema, once it is known how all tables are laid out."""

_BATCH: Final = 1000
_NAMED: Final = 20


class Applied(NamedTuple):
    """How tables are laid out, and the number of the latest record of a schema."""

    layouts: dict[str, Layout]
    record: int


def evolve(
    catalog: Catalog,
    schema: Schema,
    digest: str,
    tables: MakeTables,
    *,
    older_schema: bool,
) -> Applied:
    """Applies a schema unless it was applied last."""
    with catalog.dialect.snapshot():
        latest = None if catalog.is_empty() else catalog.latest_record()
        if latest and latest[1] == digest:
            return Applied(_layouts(catalog, schema), latest[0])
    with catalog.dialect.alone():
        return _apply(catalog, schema, digest, tables, older_schema=older_schema)


def _apply(
    catalog: Catalog,
    schema: Schema,
    digest: str,
    tables: MakeTables,
    *,
    older_schema: bool,
) -> Applied:
    # Another process may have been faster, at any of this.
    if catalog.is_empty():
        catalog.create()
    before = catalog.latest_schema()
    if before and before.digest == digest:
        return Applied(_layouts(catalog, schema), before.number)
    if before and not older_schema and catalog.was_applied(digest):
        at = datetime.fromtimestamp(before.applied_at / 1000, UTC)
        raise NewerSchema(
            "the database has been given a newer schema than this package's, on"
            f" {at:%Y-%m-%d %H:%M} UTC: generate the package from it, or go back on"
            " purpose with connect(…, older_schema=True)"
        )
    old = _renamed(schema, catalog.layouts())
    new = _planned(schema, old, _Names(catalog))
    stored = tables(new)
    for name in sorted(schema.tables):
        _bring(catalog, old.get(name), new[name])
        if name in old:
            added = _added(old[name], new[name])
            fits = before is not None and _still_fit(name, before.schema, schema)
            if added or not fits:
                _rewrite(catalog, stored[name], new[name], added)
            for index in added:
                column = new[name].columns[index].name
                sql = catalog.dialect.create_index(new[name], column)
                catalog.connection.execute(sql)
            for unique in stored[name].unique:
                if unique.name in added or not old[name].columns[unique.name].unique:
                    _check_unique(catalog, stored[name], new[name], unique)
        catalog.record_table(name, new[name])
    return Applied(new, catalog.record_schema(digest, schema, now_ms()))


def _renamed(schema: Schema, old: Mapping[str, Layout]) -> dict[str, Layout]:
    """The tables by their names of now; a table keeps its number, which is in its ids."""
    renamed = dict(old)
    for name, table in schema.tables.items():
        former = table.renamed_from
        if former and name not in old and former in old and former not in schema.tables:
            renamed[name] = renamed.pop(former)
    return renamed


def _layouts(catalog: Catalog, schema: Schema) -> dict[str, Layout]:
    """The layouts of a schema that was applied; columns are in the order of its indexes."""
    found = catalog.layouts()
    planned = _planned(schema, found, _Names(catalog))
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

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    @cached_property
    def _used(self) -> set[tuple[str, str]]:
        return self._catalog.index_names()

    def column(self, table: str, index: str, taken: Collection[str]) -> str:
        if (table, index) in self._used:
            index = f"{index}_{self._catalog.next_record()}"
        return self._catalog.dialect.free_name(index, taken)

    def table(self, name: str, number: int, taken: Collection[str]) -> Layout:
        dialect = self._catalog.dialect
        return Layout(number, dialect.free_name(name, taken), timed=dialect.timed)


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
            planned[name] = names.table(name, number, taken)
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


def _bring(catalog: Catalog, old: Layout | None, new: Layout) -> None:
    """Makes a table, or its columns what they are to be; new ones are empty yet."""
    dialect = catalog.dialect
    if old is None:
        statements = [*dialect.create(new)]
    else:
        kept = {column.name for column in new.columns.values()}
        statements = [
            statement
            for column in old.columns.values()
            if column.name not in kept
            for statement in dialect.drop_column(old, column.name)
        ]
        statements += [
            dialect.add_column(new, new.columns[index].name)
            for index in _added(old, new)
        ]
    for statement in statements:
        catalog.connection.execute(statement)


def _still_fit(name: str, before: Schema, schema: Schema) -> bool:
    """Whether what the table can hold fits now without looking at it."""
    table = schema.tables[name]
    old = before.tables.get(name) or before.tables.get(table.renamed_from or "")
    return old is not None and is_subset(old.document, before, table.document, schema)


def _rewrite(
    catalog: Catalog, table: TableRows, layout: Layout, added: list[str]
) -> None:
    """Checks every document of a table, and fills in the keys of new indexes."""
    faults = _Faults(table.name)
    positions = {index.name: at for at, index in enumerate(table.indexes)}
    columns = ", ".join(f'"{layout.columns[index].name}" = ?' for index in added)
    name = catalog.dialect.name(layout.table)
    sql = f"UPDATE {name} SET {columns} WHERE {catalog.dialect.row} = ?"
    for batch in _batches(catalog, layout):
        keys: list[tuple[object, ...]] = []
        for row, id, creation_time, document in batch:
            try:
                (_, _, _, *found), _ = table.row(id, creation_time, document)
            except ValidationFailed as fault:
                faults.add(id, fault)
                continue
            keys.append((*(found[positions[index]] for index in added), row))
        if added:
            catalog.connection.executemany(sql, keys)
    faults.raise_if_any()


def _batches(
    catalog: Catalog, layout: Layout
) -> Iterator[list[tuple[object, str, float, str]]]:
    row, last = catalog.dialect.row, catalog.dialect.before_all
    sql = (
        f'SELECT {row}, _id, "_creationTime", _document'
        f" FROM {catalog.dialect.name(layout.table)}"
        f" WHERE {row} > ? ORDER BY {row} LIMIT ?"
    )
    while rows := catalog.connection.execute(sql, (last, _BATCH)).fetchall():
        yield rows
        last = rows[-1][0]


def _check_unique(
    catalog: Catalog, table: TableRows, layout: Layout, index: StoredIndex
) -> None:
    """Finds documents with equal values in a unique index: they are neighbours there."""
    column = layout.columns[index.name].name
    faults = _Faults(table.name)
    before: bytes | None = None
    documents = catalog.dialect.in_order(layout, column)
    for id, document in documents:
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
