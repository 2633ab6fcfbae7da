"""Brings databases to schemas bit by bit, and looks at search and vector indexes in between."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

from codegen.engines.access import applied_schema, catalog_of
from codegen.engines.entries import StoredEntries
from codegen.engines.package import Package
from codegen.engines.sql.backfill import Filled
from codegen.engines.sql.documents import documents, read
from codegen.engines.sql.evolution import evolve
from codegen.engines.sql.examination import examine, own_faults
from codegen.engines.table_rows import defined_tables
from tests.engines.packages import imported
from tests.engines.safety.processes import Pipe


def bring(
    url: str, made: ModuleType, watch: Callable[[Filled], None], staged: bool = False
) -> None:
    """What connecting does, and telling how far it is."""
    package = Package(made.__name__, made.server.schema)
    with catalog_of(url, 30_000, changes=True) as catalog:
        evolve(
            catalog,
            package.schema,
            package.digest,
            partial(defined_tables, package.schema),
            older_schema=False,
            staged=staged,
            watch=watch,
        )


def kill_after(pipe: Pipe, folder: Path, name: str, url: str, batches: int) -> None:
    """Fills indexes of a package, and dies after some batches; tells how far it was."""
    made = imported(folder, name)

    def watch(filled: Filled) -> None:
        nonlocal batches
        batches -= 1
        if not batches:
            pipe.send(filled.done)
            os.kill(os.getpid(), signal.SIGKILL)

    bring(url, made, watch)


class Interrupted(Exception):
    """What ends a program in the middle."""


def bring_by(batches: int, url: str, made: ModuleType) -> bool:
    """Fills indexes, staged ones too, by some batches; whether they are built."""

    def watch(filled: Filled) -> None:
        nonlocal batches
        batches -= 1
        if not batches:
            raise Interrupted

    try:
        bring(url, made, watch, staged=True)
    except Interrupted:
        return False
    return True


def unbuilt(url: str) -> set[str]:
    """The indexes that are being built."""
    with catalog_of(url, 10_000) as catalog, catalog.dialect.snapshot():
        return {n for layout in catalog.layouts().values() for n in layout.unbuilt}


def check_entries(url: str) -> None:
    """Asserts that search and vector indexes have the documents that they should, so far."""
    with catalog_of(url, 10_000) as catalog, catalog.dialect.snapshot():
        schema = applied_schema(catalog).schema
        layouts = catalog.layouts()
        for name, table in defined_tables(schema, layouts).items():
            layout, dialect = layouts[name], catalog.dialect
            stored = [one for part in documents(catalog, layout) for one in part]
            for definition in table.definition.side_indexes:
                index = StoredEntries.of(definition, table.definition, schema)
                side = layout.sides[index.name]
                rows = [
                    (one.id, one.creation_time, entry)
                    for one, document in read(table, stored)
                    if side.is_built or not side.lacks(one.place)
                    if (entry := index.entry(document))
                ]
                assert not list(dialect.unlike(layout, side, rows))
                sizes = sum(dialect.size_of(side, entry) for *_, entry in rows)
                assert dialect.size(layout, side) == sizes


def check_sound(url: str) -> None:
    """Asserts that doctors find nothing, and that all is built."""
    with catalog_of(url, 10_000) as catalog, catalog.dialect.snapshot():
        assert not own_faults(catalog)
        for table in examine(catalog, applied_schema(catalog).schema):
            assert not table.faults
            assert not table.unbuilt
