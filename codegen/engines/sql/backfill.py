"""Builds new indexes of tables with many documents, in batches beside those who write.

Documents that are written have keys for all indexes of the schema that was applied; what was there
before gets them here. In a search or vector index, which must not have anything twice, who writes a
document that is still to come leaves it to the batch. Each batch is a transaction, which notes
how far the index is: who is killed is followed by who comes next, and several take turns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from time import monotonic, sleep
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

from codegen.runtime.errors import SchemaChanged

from ..table_rows import TableRows
from .catalog import Catalog
from .documents import PORTION, Portion, documents, read
from .layout import Column, Layout, SideTable
from .side_tables import enter

BATCH: Final = 1000
"""So many documents get keys in one transaction."""
_BATCH_S: Final = 0.1
"""Of those that are entered in search and vector indexes there are fewer where it takes as long."""
_ENTERED: Final = 20
"""So many are entered before the clock is looked at: for some a vector index needs 10 ms each."""
_PAUSE_S: Final = 0.005
"""How long others may begin after each batch; who waits for a file looks more often."""

R = TypeVar("R")


class Filled(NamedTuple):
    """How many of a table's documents are in its new indexes."""

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
) -> dict[str, Layout]:
    """Builds all indexes that a schema has and the database has not yet; how tables lie then.

    Without `staged` those are left that no query may use now. A `SchemaChanged` says that
    another program applied another schema meanwhile.
    """
    found = dict(layouts)
    for name, layout in sorted(layouts.items()):
        if layout.unbuilt and name in tables:
            definition = tables[name].definition
            indexes = [*definition.indexes, *definition.side_indexes]
            wanted = {i.name for i in indexes if staged or not i.staged}
            wanted &= layout.unbuilt
            if wanted:
                _Building(catalog, record, layout, tables[name], wanted).run(watch)
                found[name] = layout.built(wanted)
    return found


def fill(
    catalog: Catalog,
    layout: Layout,
    table: TableRows,
    columns: Mapping[str, Column],
    portion: Portion,
) -> None:
    """Gives documents their keys in some indexes."""
    positions = [at for at, i in enumerate(table.indexes) if i.name in columns]
    names = [columns[table.indexes[at].name].name for at in positions]
    sets = ", ".join(f'"{name}" = ?' for name in names)
    name = catalog.dialect.name(layout.table)
    sql = f"UPDATE {name} SET {sets} WHERE {catalog.dialect.by_time.column} = ?"
    rows: list[tuple[object, ...]] = []
    for one, document in portion:
        keys = table.keys(one.id, one.creation_time, document)
        rows.append((*(keys[at] for at in positions), one.place))
    catalog.connection.executemany(sql, rows)


class _Unbuilt(NamedTuple):
    """Indexes of a table that are being built."""

    columns: dict[str, Column]
    sides: dict[str, SideTable]

    @property
    def after(self) -> Any:
        """The last document that all of them have."""
        columns = [column.filled_to for column in self.columns.values()]
        return min([*columns, *(side.filled_to for side in self.sides.values())])

    @property
    def until(self) -> Any:
        """The last document that one may lack; None where that can be any."""
        return None if self.columns else max(s.until for s in self.sides.values())


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
        self._columns = wanted.intersection(layout.columns)
        self._sides = wanted.intersection(layout.sides)

    def run(self, watch: Watch | None) -> None:
        done, total = self._counts() if watch else (0, 0)
        indexes = tuple(sorted(self._columns | self._sides))
        while count := self._in_turn(self._fill_batch):
            done += count
            if watch:
                watch(Filled(self._table.name, indexes, min(done, total), total))
            sleep(_PAUSE_S)
        if self._columns:
            self._in_turn(self._create)

    def _in_turn(self, work: Callable[[_Unbuilt], R]) -> R:
        """Does work on the indexes that are not built, while nobody else does."""
        catalog = self._catalog

        def check_and_work() -> R:
            latest = catalog.latest_record()
            if latest is None or latest[0] != self._record:
                raise SchemaChanged(
                    "another program applied another schema while indexes were built:"
                    " connect again, with a package that is generated from it"
                )
            number = self._layout.number
            sides = catalog.unbuilt_sides(number) if self._sides else {}
            columns = catalog.unbuilt(number) if self._columns else {}
            return work(
                _Unbuilt(
                    {name: columns[name] for name in self._columns & columns.keys()},
                    {name: sides[name] for name in self._sides & sides.keys()},
                )
            )

        return catalog.dialect.beside(check_and_work)

    def _fill_batch(self, unbuilt: _Unbuilt) -> int:
        """Fills in some documents; 0 when there are none any more."""
        if not any(unbuilt):
            return 0
        catalog, layout = self._catalog, self._layout
        columns, sides = unbuilt
        done, last, is_end = 0, unbuilt.after, False
        end = monotonic() + (_BATCH_S if sides else inf)
        for stored in documents(
            catalog,
            layout,
            after=last,
            until=unbuilt.until,
            portion=_ENTERED if sides else PORTION,
            for_update=True,
        ):
            portion = read(self._table, stored)
            if columns:
                fill(catalog, layout, self._table, columns, portion)
            if sides:
                with catalog.dialect.unhurried():
                    enter(catalog, layout, self._table, sides, portion)
            last = stored[-1].place
            done += len(stored)
            if done >= BATCH or monotonic() >= end:
                break
        else:
            is_end = True
        self._note(unbuilt, last, is_end=is_end)
        return done

    def _note(self, unbuilt: _Unbuilt, last: Any, *, is_end: bool) -> None:
        """Notes that all documents up to a place are filled in, and whether there are no more."""
        catalog, number = self._catalog, self._layout.number
        for index, column in unbuilt.columns.items():
            if column.filled_to < last:
                catalog.record_filled(number, index, last)
        for index, side in unbuilt.sides.items():
            if is_end or side.until <= last:
                catalog.record_entered(number, index, None)
            elif side.filled_to < last:
                catalog.record_entered(number, index, last)

    def _create(self, unbuilt: _Unbuilt) -> None:
        catalog, layout = self._catalog, self._layout
        with catalog.dialect.unhurried():
            for index, column in unbuilt.columns.items():
                sql = catalog.dialect.create_index(layout, column.name)
                catalog.connection.execute(sql)
                catalog.record_filled(layout.number, index, None)

    def _counts(self) -> tuple[int, int]:
        """How many documents the indexes have, and how many there are."""
        catalog, layout = self._catalog, self._layout
        unbuilt = _Unbuilt(
            {name: layout.columns[name] for name in self._columns},
            {name: layout.sides[name] for name in self._sides},
        )
        name = catalog.dialect.name(layout.table)
        place = catalog.dialect.by_time.column
        after, until = unbuilt.after, unbuilt.until
        bounds = (after,) if until is None else (after, until)
        lacked = f"{place} > ?{'' if until is None else f' AND {place} <= ?'}"
        sql = f"SELECT coalesce(sum(CASE WHEN {lacked} THEN 1 END), 0), count(*) FROM {name}"
        rest, total = catalog.connection.execute(sql, bounds).fetchone()
        return int(total - rest), int(total)
