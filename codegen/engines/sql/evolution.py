"""Brings a database to a schema: tables, indexes, and whether the documents fit.

To apply a schema is one transaction: one that does not fit leaves everything as it was. Indexes of
tables with many documents are built after it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import NamedTuple

from codegen.ir.model import Schema, Table
from codegen.ir.subset import is_subset
from codegen.runtime.errors import CorruptDatabase, NewerSchema, ValidationFailed

from ..clock import now_ms
from ..digest import schema_digest
from ..ids import FIRST_NUMBER
from ..indexes import StoredIndex
from ..table_rows import TableRows, defined_tables
from .backfill import BATCH, Watch, build, fill
from .catalog import Catalog, Recorded
from .documents import Faults, documents, has_more_than, read
from .layout import Column, Layout, SideTable
from .repeated import Seen
from .side_tables import begin_sides, bring_sides, planned_sides, same
from .whole_tables import make_table

MakeTables = Callable[[Mapping[str, Layout]], Mapping[str, TableRows]]
"""Makes the tables of the schema, once it is known how all tables are laid out."""


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
    staged: bool = False,
    watch: Watch | None = None,
) -> Applied:
    """Applies a schema unless it was applied last.

    Staged indexes of tables with many documents are only built if it is asked for: what is
    connected needs none of them.
    """
    applied = _applied(catalog, schema, digest)
    if applied is None:
        with catalog.dialect.alone():
            applied = _apply(catalog, schema, digest, tables, older_schema=older_schema)
    layouts, record = applied
    stored = tables(layouts)
    layouts = build(catalog, record, layouts, stored, staged=staged, watch=watch)
    return Applied(layouts, record)


def _applied(catalog: Catalog, schema: Schema, digest: str) -> Applied | None:
    """How it is if the schema was applied last."""
    with catalog.dialect.snapshot():
        latest = None if catalog.is_empty() else catalog.latest_record()
        if latest and latest[1] == digest:
            return Applied(layouts_of(catalog, schema), latest[0])
    return None


def apply_inside(catalog: Catalog, schema: Schema) -> Applied:
    """Applies a schema in the transaction that is open, which nobody writes beside."""
    tables = partial(defined_tables, schema)
    return _apply(catalog, schema, schema_digest(schema), tables, older_schema=False)


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
        return Applied(layouts_of(catalog, schema), before.number)
    if before and not older_schema:
        refuse_older(catalog, before, digest)
    old = renamed(schema, catalog.layouts())
    new = _planned(schema, old, _Names(catalog))
    stored = tables(new)
    for name in sorted(schema.tables):
        if name not in old:
            make_table(catalog, name, new[name])
            continue
        _bring(catalog, old[name], new[name])
        fits = before is not None and still_fit(name, before.schema, schema)
        if not fits:
            _check(catalog, stored[name], new[name])
        new[name] = _begin_indexes(catalog, old[name], new[name], stored[name])
        new[name] = begin_sides(
            catalog, old[name], new[name], stored[name], at_once=BATCH
        )
        catalog.record_table(name, new[name])
    return Applied(new, catalog.record_schema(digest, schema, now_ms()))


def refuse_older(catalog: Catalog, applied: Recorded, digest: str) -> None:
    """Raises a `NewerSchema` for a schema that the database had before its present one."""
    if applied.digest != digest and catalog.was_applied(digest):
        at = datetime.fromtimestamp(applied.applied_at / 1000, UTC)
        raise NewerSchema(
            "the database has been given a newer schema than this package's, on"
            f" {at:%Y-%m-%d %H:%M} UTC: generate the package from it, or go back on"
            " purpose with connect(…, older_schema=True) or codegen apply --older-schema"
        )


def planned(catalog: Catalog, schema: Schema) -> dict[str, Layout]:
    """How tables would be laid out by a schema that is not applied yet."""
    return _planned(schema, renamed(schema, catalog.layouts()), _Names(catalog))


def renamed(schema: Schema, old: Mapping[str, Layout]) -> dict[str, Layout]:
    """The tables by their names of now; a table keeps its number, which is in its ids."""
    tables = dict(old)
    for name, table in schema.tables.items():
        former = table.renamed_from
        if former and name not in old and former in old and former not in schema.tables:
            tables[name] = tables.pop(former)
    return tables


def layouts_of(catalog: Catalog, schema: Schema) -> dict[str, Layout]:
    """The layouts of a schema that was applied; columns are in the order of its indexes."""
    found = catalog.layouts()
    planned = _planned(schema, found, _Names(catalog))
    if _parts(planned) != _parts(found):
        raise CorruptDatabase(
            "the lists of tables and indexes are not those of the schema"
        )
    return planned


def _parts(layouts: Mapping[str, Layout]) -> Mapping[str, object]:
    return {
        name: (dict(layout.columns), dict(layout.sides))
        for name, layout in layouts.items()
    }


class _Names:
    """Names for new columns. None is used again: who still has an older schema must not find
    the keys of another index under it."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    @cached_property
    def _used(self) -> set[tuple[str, str]]:
        return self.catalog.index_names()

    def column(self, table: str, index: str, taken: Collection[str]) -> str:
        if (table, index) in self._used:
            index = f"{index}_{self.catalog.next_record()}"
        return self.catalog.dialect.free_name(index, taken)

    def sides(self, table: Table, old: Mapping[str, SideTable]) -> dict[str, SideTable]:
        taken = {side.name for side in old.values()}

        def new_name(index: str) -> str:
            name = self.column(table.name, index, taken)
            taken.add(name)
            return name

        return planned_sides(self.catalog.dialect, table, old, new_name)

    def table(self, name: str, number: int, taken: Collection[str]) -> Layout:
        dialect = self.catalog.dialect
        return Layout(number, dialect.free_name(name, taken), timed=dialect.timed)


def _planned(
    schema: Schema, old: Mapping[str, Layout], names: _Names
) -> dict[str, Layout]:
    """The layouts to be: tables that the schema lacks stay as they are."""
    layouts = dict(old)
    number = max((layout.number for layout in old.values()), default=FIRST_NUMBER - 1)
    for name, table in sorted(schema.tables.items()):
        if name not in layouts:
            number += 1
            taken = {layout.table for layout in layouts.values()}
            layouts[name] = names.table(name, number, taken)
        old_sides = layouts[name].sides
        layouts[name] = replace(
            layouts[name],
            columns=_columns(table, layouts[name].columns, names),
            sides=names.sides(table, old_sides),
        )
    # An index whose table is gone is mended by a schema without it, and then with it again.
    kept = {
        name: replace(layout, sides=same(layout.sides, layouts[name].sides))
        for name, layout in old.items()
    }
    names.catalog.check_tables(schema.tables, kept)
    return layouts


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


def _bring(catalog: Catalog, old: Layout, new: Layout) -> None:
    """Makes the columns of a table what they are to be; new ones are empty yet."""
    dialect = catalog.dialect
    kept = {column.name for column in new.columns.values()}
    statements = [
        statement
        for column in old.columns.values()
        if column.name not in kept
        for statement in dialect.drop_column(old, column.name)
    ]
    statements += [
        dialect.add_column(new, new.columns[index].name) for index in _added(old, new)
    ]
    for statement in statements:
        catalog.connection.execute(statement)
    bring_sides(catalog, old, new)


def _begin_indexes(
    catalog: Catalog, old: Layout, new: Layout, table: TableRows
) -> Layout:
    """Builds new indexes here where they are unique, or there are few documents.

    The others are begun: `build` goes on with them.
    """
    added = set(_added(old, new))
    wanted = {n: c for n, c in new.columns.items() if n in added or not c.is_built}
    columns = dict(new.columns)
    if wanted and has_more_than(catalog, new, BATCH):
        for name in [name for name, column in wanted.items() if not column.unique]:
            if name in added:
                begun = replace(
                    columns[name], filled_to=catalog.dialect.by_time.before_all
                )
                columns[name] = begun
            del wanted[name]
    if wanted:
        for portion in documents(catalog, new):
            fill(catalog, new, table, wanted, read(table, portion))
    for name, column in wanted.items():
        catalog.connection.execute(catalog.dialect.create_index(new, column.name))
        columns[name] = replace(column, filled_to=None)
    for index in table.unique:
        known = old.columns.get(index.name)
        if index.name in added or known is None or not known.unique:
            _check_unique(catalog, table, new, index)
    return replace(new, columns=columns)


def still_fit(name: str, before: Schema, schema: Schema) -> bool:
    """Whether what the table can hold fits now without looking at it."""
    table = schema.tables[name]
    old = before.tables.get(name) or before.tables.get(table.renamed_from or "")
    return old is not None and is_subset(old.document, before, table.document, schema)


def _check(catalog: Catalog, table: TableRows, layout: Layout) -> None:
    """Checks every document of a table."""
    faults = Faults(table.name)
    for portion in documents(catalog, layout):
        for _, id, creation_time, text, _ in portion:
            try:
                table.row(id, creation_time, text)
            except ValidationFailed as fault:
                faults.add(id, fault)
    faults.raise_if_any()


def _check_unique(
    catalog: Catalog, table: TableRows, layout: Layout, index: StoredIndex
) -> None:
    """Finds documents with values in a unique index that another has."""
    faults = Faults(table.name)
    with closing(Seen()) as seen:
        for portion in documents(catalog, layout):
            for _, id, _, text, _ in portion:
                prefix = index.unique_prefix(table.stored(text, id))
                if prefix is not None and not seen.add(prefix):
                    reason = (
                        f"its values in unique index `{index.name}` are another's too"
                    )
                    faults.add(id, ValidationFailed(table.name, "", reason))
    faults.raise_if_any()
