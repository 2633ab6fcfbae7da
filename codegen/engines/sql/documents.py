"""The documents of a table, one after the other, and those of them that do not fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

from codegen.runtime.errors import SchemaMismatch, ValidationFailed

from ..field_keys import JsonObject
from ..table_rows import TableRows
from .catalog import Catalog
from .dialect import Order
from .layout import Layout

PORTION: Final = 100
"""So many documents are in memory at a time: each may have 1 MiB."""
_NAMED: Final = 20


class Stored(NamedTuple):
    """A document as it is stored; `place` is the one that it has in an order.

    `keys` are those of the columns that were asked for.
    """

    place: object
    id: str
    creation_time: float
    text: str
    keys: tuple[bytes | None, ...] = ()


Portion: TypeAlias = Sequence[tuple[Stored, JsonObject]]
"""Some documents, and their JSON values."""


def documents(
    catalog: Catalog,
    layout: Layout,
    *,
    order: Order | None = None,
    after: object = None,
    until: object = None,
    columns: Sequence[str] = (),
    portion: int = PORTION,
    for_update: bool = False,
) -> Iterator[list[Stored]]:
    """All documents after a place and up to another, or of the whole table, some at a time.

    The order is the dialect's `by_time` if no other is given.
    """
    place, before_all = order or catalog.dialect.by_time
    keys = "".join(f', "{column}"' for column in columns)
    sql = (
        f'SELECT {place}, _id, "_creationTime", _document{keys}'
        f" FROM {catalog.dialect.name(layout.table)}"
        f" WHERE {place} > ?{'' if until is None else f' AND {place} <= ?'}"
        f" ORDER BY {place} LIMIT {portion}"
    )
    if for_update:
        sql += catalog.dialect.for_update
    last = before_all if after is None else after
    end = () if until is None else (until,)
    while rows := catalog.connection.execute(sql, (last, *end)).fetchall():
        yield [Stored(row[0], row[1], row[2], row[3], row[4:]) for row in rows]
        last = rows[-1][0]


def read(table: TableRows, portion: Sequence[Stored]) -> Portion:
    """Documents with their values; a `CorruptDatabase` for what is no document."""
    return [(one, table.stored(one.text, one.id)) for one in portion]


def count(catalog: Catalog, layout: Layout) -> int:
    """How many documents a table has."""
    sql = f"SELECT count(*) FROM {catalog.dialect.name(layout.table)}"
    (number,) = catalog.connection.execute(sql).fetchone()
    return int(number)


def has_more_than(catalog: Catalog, layout: Layout, number: int) -> bool:
    """Whether a table has more documents than that."""
    name = catalog.dialect.name(layout.table)
    sql = f"SELECT 1 FROM {name} LIMIT 1 OFFSET ?"
    return catalog.connection.execute(sql, (number,)).fetchone() is not None


def last_place(catalog: Catalog, layout: Layout) -> object:
    """The place of the last document in the order `by_time`; of none, that before all."""
    place, before_all = catalog.dialect.by_time
    sql = (
        f"SELECT {place} FROM {catalog.dialect.name(layout.table)}"
        f" ORDER BY {place} DESC LIMIT 1"
    )
    row = catalog.connection.execute(sql).fetchone()
    return row[0] if row else before_all


class Faults:
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
        """Raises a `SchemaMismatch` that names them."""
        if self._count:
            raise SchemaMismatch(self._table, self._reason, self._ids, self._count)
