"""The SQL tables that hold the documents: names, columns and statements.

A table has a row for each document: its id, its creation time, the document as JSON, whose text
PostgreSQL keeps as it is, and a column of keys for each index of the schema and for
`by_creation_time`.

What an index of PostgreSQL holds must be shorter than a third of a page. So it holds the beginnings
of keys, and where two begin alike, which are long ones, they are sorted by the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Final

from ..commands import Scan
from ..sql.layout import Layout, SideTable
from .names import quoted, short
from .side_tables import Beside, Owner, side_table

CUT: Final = 2000
"""How many bytes of a key are in the index: another key that begins with them has as many."""
BY_CREATION_TIME: Final = "by_creation_time"


class Statements:
    """The statements of a table; each is made once."""

    def __init__(self, layout: Layout, name: str, schema: str, catalog: str) -> None:
        """`name` is the table's, as statements have it, `schema` that of the server's, and
        `catalog` the table that says how far search and vector indexes are built."""
        self._name = name
        self._owner = Owner(layout.table, name, schema)
        self._sides = layout.sides
        self._number = layout.number
        self._catalog = catalog
        self._columns = {
            index: column.name for index, column in layout.columns.items()
        } | {BY_CREATION_TIME: BY_CREATION_TIME}
        self._indexes = [*layout.columns]

    @cached_property
    def sides(self) -> dict[str, Beside]:
        """The tables of search and vector indexes."""
        return {index: self.beside(side) for index, side in self._sides.items()}

    def beside(self, side: SideTable) -> Beside:
        return side_table(self._owner, side)

    @cached_property
    def to_enter(self) -> dict[str, bytes]:
        """Which of some documents are to be entered in a search or vector index.

        The others are left to the batches that fill it. There is a statement for each index
        that was not built yet when the table was looked at.
        """
        place = cut(BY_CREATION_TIME)
        return {
            index: (
                f"SELECT _id FROM {self._name} WHERE _id = ANY($1::text::text[]) AND"
                f" (SELECT filled_to IS NULL OR {place} <= filled_to OR {place} > until"
                f" FROM {self._catalog} WHERE number = {self._number} AND name = '{index}')"
            ).encode()
            for index, side in self._sides.items()
            if not side.is_built
        }

    @cached_property
    def fetch(self) -> bytes:
        return f"SELECT _document FROM {self._name} WHERE _id = $1".encode()

    @cached_property
    def types(self) -> Sequence[str]:
        """The types of a row's values; the text of JSON is sent as it is."""
        return "text", "float8", "text", *("bytea" for _ in self._keys)

    @cached_property
    def insert(self) -> bytes:
        marks = ", ".join(f"${number}" for number in range(1, len(self.types) + 1))
        return f"INSERT INTO {self._row} VALUES ({marks})".encode()

    @cached_property
    def copy(self) -> bytes:
        return f"COPY {self._row} FROM STDIN (FORMAT BINARY)".encode()

    @cached_property
    def _row(self) -> str:
        columns = ("_id", "_creationTime", "_document", *self._keys)
        return f"{self._name} ({', '.join(map(quoted, columns))})"

    @cached_property
    def _keys(self) -> list[str]:
        return [self._columns[index] for index in (BY_CREATION_TIME, *self._indexes)]

    @cached_property
    def delete(self) -> bytes:
        return f"DELETE FROM {self._name} WHERE _id = $1".encode()

    @cached_property
    def _updates(self) -> dict[tuple[str, ...], bytes]:
        return {}

    def update(self, indexes: tuple[str, ...]) -> bytes:
        """Sets the document and the keys of some indexes; others need not be written."""
        known = self._updates.get(indexes)
        if known is None:
            sets = [
                f", {quoted(self._columns[index])} = ${number}"
                for number, index in enumerate(indexes, start=3)
            ]
            known = (
                f"UPDATE {self._name} SET _document = $2{''.join(sets)} WHERE _id = $1"
            ).encode()
            self._updates[indexes] = known
        return known

    @cached_property
    def _scans(self) -> dict[tuple[str, bool, bool], bytes]:
        return {}

    def scan(self, command: Scan, *, exact: bool) -> bytes:
        """A stretch of an index: documents and keys.

        It takes the bounds of the beginnings of keys and a limit. The `exact` one takes those of
        whole keys besides, by which it sorts.
        """
        kind = (command.index_name, command.descending, exact)
        known = self._scans.get(kind)
        if known is None:
            column = self._columns[command.index_name]
            begin, whole = cut(column), quoted(column)
            direction = "DESC" if command.descending else "ASC"
            if exact:
                where = f"{begin} >= $1 AND {begin} <= $2 AND {whole} >= $4 AND {whole} < $5"
                order = f"{begin} {direction}, {whole} {direction}"
            else:
                where = f"{begin} >= $1 AND {begin} < $2"
                order = f"{begin} {direction}"
            known = (
                f"SELECT _document, {whole} FROM {self._name} WHERE {where}"
                f" ORDER BY {order} LIMIT $3"
            ).encode()
            self._scans[kind] = known
        return known


def cut(column: str) -> str:
    """What an index has of a column."""
    return f"substring({quoted(column)} from 1 for {CUT})"


def create_index(name: str, table: str, column: str) -> str:
    """Makes the index of a column; `name` is the table's, as statements have it."""
    index = quoted(short(f"{table}.{column}"))
    # PostgreSQL would take that for granted; YugabyteDB would hash the keys.
    return f"CREATE INDEX {index} ON {name} (({cut(column)}) ASC)"
