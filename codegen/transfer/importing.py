"""Imports documents into a database: all of them, or none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

from codegen.diagnostics import closest
from codegen.engines.access import applied_schema
from codegen.engines.bare import BareDatabase
from codegen.engines.clock import now_ms
from codegen.engines.sql.catalog import Catalog, Recorded
from codegen.engines.sql.documents import documents, has_more_than, read
from codegen.engines.sql.evolution import apply_inside, layouts_of
from codegen.engines.sql.layout import Layout
from codegen.engines.sql.whole_tables import drop_table, empty_table
from codegen.engines.table_rows import defined_tables
from codegen.ir.model import Schema

from .faults import TransferError
from .loading import Loader, Progress
from .numbering import new_numbers, renumber
from .sources import Source, chosen

Mode = Literal["append", "replace", "replace-all", "require-empty"]
"""What becomes of documents that tables have already, in Convex's words.

`replace-all` empties the tables that are not in the source as well.
"""


def import_documents(
    database: BareDatabase,
    source: Source,
    *,
    schema: Schema | None,
    tables: Collection[str] = (),
    mode: Mode = "require-empty",
    anew: bool = False,
    replace: bool = False,
    progress: Progress,
) -> dict[str, int]:
    """Imports tables, all or those that are named; the answer is how many documents each has.

    `schema` is applied to a database that has none. One that is made `anew` is cleared first, if it
    has no documents or they are to be replaced. Nobody else writes meanwhile.

    Raises:
        TransferError: What is to be imported can't be read, or does not go with what is there.
        DoNotFit: Documents don't fit the database.
        DatabaseError: What opening a database raises, and what writing does.
    """
    catalog = database.catalog
    wanted = chosen(source, tables)
    with catalog.dialect.alone():
        before = _clear(catalog, replace=replace) if anew else 0
        recorded = _prepared(catalog, schema, after=before)
        old = layouts_of(catalog, recorded.schema)
        unknown = sorted(set(wanted) - set(recorded.schema.tables))
        if unknown:
            raise TransferError(
                f"table `{unknown[0]}` is not in the schema of the database: name the tables to"
                " import with --table, or apply a schema that has it",
                closest(unknown[0], recorded.schema.tables),
            )
        _empty(database, old, wanted, mode)
        empty = {name for name in old if not has_more_than(catalog, old[name], 0)}
        numbers = {name: layout.number for name, layout in old.items()}
        numbers = new_numbers(numbers, wanted, empty)
        layouts = renumber(catalog, old, numbers)
        loader = Loader(database, recorded.schema, layouts, progress)
        counts = {name: loader.load(name, source.documents(name)) for name in wanted}
        if numbers != {name: layout.number for name, layout in old.items()}:
            _check_others(database, loader, recorded.schema, set(wanted))
        loader.faults.raise_if_any()
        catalog.announce(*(old if mode == "replace-all" else wanted))
        if loader.layouts != old:
            # Whoever knows how tables lay before notices that they lie otherwise now.
            catalog.record_schema(recorded.digest, recorded.schema, now_ms())
    return counts


def refuse_documents(catalog: Catalog) -> None:
    """Raises a `TransferError` for a database with documents."""
    for name, layout in sorted(catalog.layouts().items()):
        if has_more_than(catalog, layout, 0):
            raise TransferError(
                f"table `{name}` of the database has documents: --replace puts the backup in the"
                " place of all that it has"
            )


def _clear(catalog: Catalog, *, replace: bool) -> int:
    """Drops all tables; the answer is the number of the latest record, 0 where there is none."""
    latest = None if catalog.is_empty() else catalog.latest_record()
    if latest is None:
        return 0
    if not replace:
        refuse_documents(catalog)
    for layout in catalog.layouts().values():
        drop_table(catalog, layout)
    catalog.forget_history()
    return latest[0]


def _prepared(catalog: Catalog, schema: Schema | None, *, after: int) -> Recorded:
    """The schema of the database, which gets one if it has none; its record is a later one."""
    if schema and (catalog.is_empty() or catalog.latest_record() is None):
        apply_inside(catalog, schema)
    recorded = applied_schema(catalog)
    if after:
        # Programs that have the database open know it by the number of the record.
        catalog.record_schema(recorded.digest, recorded.schema, now_ms(), after=after)
    return recorded


def _empty(
    database: BareDatabase,
    layouts: Mapping[str, Layout],
    wanted: Collection[str],
    mode: Mode,
) -> None:
    """Makes room in tables, as the mode says."""
    catalog = database.catalog
    if mode == "require-empty":
        for name in wanted:
            if has_more_than(catalog, layouts[name], 0):
                raise TransferError(
                    f"table `{name}` has documents: --mode append adds to them, --mode"
                    " replace puts others in their place"
                )
    elif mode != "append":
        for name in layouts if mode == "replace-all" else wanted:
            empty_table(catalog, layouts[name])


def _check_others(
    database: BareDatabase, loader: Loader, schema: Schema, loaded: Collection[str]
) -> None:
    """Finds ids of what were other tables before, in documents that were there."""
    for name, table in defined_tables(schema, loader.layouts).items():
        if name in loaded or table.check_ids is None:
            continue
        for portion in documents(database.catalog, loader.layouts[name]):
            for stored, values in read(table, portion):
                if fault := table.check_ids(values):
                    loader.faults.add(
                        f"{name}, {stored.id}", f"at {fault[0]}: {fault[1]}"
                    )
