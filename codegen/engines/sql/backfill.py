"""Builds new indexes of tables with many documents, in batches beside those who write.

Documents that are written have keys for all indexes of the schema that was applied; what was there
before gets them here. Each batch is a transaction, which notes how far the index is: who is killed
is followed by who comes next, and several take turns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

from codegen.runtime.errors import SchemaChanged

from ..table_rows import TableRows
from .catalog import Catalog
from .documents import Stored, documents
from .layout import Column, Layout

BATCH: Final = 1000
"""So many documents get keys in one transaction."""

R = TypeVar("R")


class Filled(NamedTuple):
    """How many of a table's documents have keys for its new indexes."""

    table: str
    indexes: tuple[str, ...]
    done: int
    documents: int


Watch: TypeAlias = Callable[[Filled], None]
"""Is told after each batch."""


def build(
    catalog: Catalog,
    record: int,
    layouts: Mapping[str, Layout],
    tables: Mapping[str, TableRows],
    *,
    staged: bool,
    watch: Watch | None = None,
) -> None:
    """Builds all indexes that a schema has and the database has not yet.

    Without `staged` those are left that no query may use now. A `SchemaChanged` says that
    another program applied another schema meanwhile.
    """
    for name, layout in sorted(layouts.items()):
        unbuilt = {n for n, column in layout.columns.items() if not column.is_built}
        if unbuilt and name in tables:
            indexes = tables[name].indexes
            wanted = {i.name for i in indexes if staged or not i.definition.staged}
            if wanted & unbuilt:
                building = _Building(
                    catalog, record, layout, tables[name], wanted & unbuilt
                )
                building.run(watch)


def fill(
    catalog: Catalog,
    layout: Layout,
    table: TableRows,
    columns: Mapping[str, Column],
    stored: Sequence[Stored],
) -> None:
    """Gives documents their keys in some indexes."""
    positions = [at for at, i in enumerate(table.indexes) if i.name in columns]
    names = [columns[table.indexes[at].name].name for at in positions]
    sets = ", ".join(f'"{name}" = ?' for name in names)
    name = catalog.dialect.name(layout.table)
    sql = f"UPDATE {name} SET {sets} WHERE {catalog.dialect.by_time.column} = ?"
    rows: list[tuple[object, ...]] = []
    for place, id, creation_time, text, _ in stored:
        keys = table.keys(id, creation_time, table.stored(text, id))
        rows.append((*(keys[at] for at in positions), place))
    catalog.connection.executemany(sql, rows)


class _Building:
    """Some indexes of a table, until they are built."""

    def __init__(
        self,
        catalog: Catalog,
        record: int,
        layout: Layout,
        table: TableRows,
        wanted: set[str],
    ) -> None:
        self._catalog = catalog
        self._record = record
        self._layout = layout
        self._table = table
        self._wanted = wanted

    def run(self, watch: Watch | None) -> None:
        done, total = self._counts() if watch else (0, 0)
        indexes = tuple(sorted(self._wanted))
        while count := self._in_turn(self._fill_batch):
            done += count
            if watch:
                watch(Filled(self._table.name, indexes, min(done, total), total))
        self._in_turn(self._create)

    def _in_turn(self, work: Callable[[dict[str, Column]], R]) -> R:
        """Does work on the indexes that are not built, while nobody else does."""
        catalog = self._catalog

        def check_and_work() -> R:
            latest = catalog.latest_record()
            if latest is None or latest[0] != self._record:
                raise SchemaChanged(
                    "another program applied another schema while indexes were built:"
                    " connect again, with a package that is generated from it"
                )
            unbuilt = catalog.unbuilt(self._layout.number)
            return work({n: c for n, c in unbuilt.items() if n in self._wanted})

        return catalog.dialect.beside(check_and_work)

    def _fill_batch(self, unbuilt: dict[str, Column]) -> int:
        """Fills in the keys of some documents; 0 when all have them."""
        if not unbuilt:
            return 0
        catalog, layout = self._catalog, self._layout
        places: dict[str, Any] = {n: column.filled_to for n, column in unbuilt.items()}
        done, last = 0, min(places.values())
        for portion in documents(catalog, layout, after=last, for_update=True):
            fill(catalog, layout, self._table, unbuilt, portion)
            last = portion[-1].place
            done += len(portion)
            if done >= BATCH:
                break
        for index, place in places.items():
            if place < last:
                catalog.record_filled(layout.number, index, last)
        return done

    def _create(self, unbuilt: dict[str, Column]) -> None:
        catalog, layout = self._catalog, self._layout
        with catalog.dialect.unhurried():
            for index, column in unbuilt.items():
                sql = catalog.dialect.create_index(layout, column.name)
                catalog.connection.execute(sql)
                catalog.record_filled(layout.number, index, None)

    def _counts(self) -> tuple[int, int]:
        """How many documents have the keys, and how many there are."""
        catalog = self._catalog
        name = catalog.dialect.name(self._layout.table)
        place = catalog.dialect.by_time.column
        columns = self._layout.columns
        places: list[Any] = [columns[index].filled_to for index in self._wanted]
        sql = f"SELECT coalesce(sum(CASE WHEN {place} <= ? THEN 1 END), 0), count(*) FROM {name}"
        done, total = catalog.connection.execute(sql, (min(places),)).fetchone()
        return int(done), int(total)
