"""The SQL tables that hold the documents: names, columns and statements.

A table has a row for each document: its number, its id, its creation time, the document as
JSON, and for each index of the schema a column of keys. The columns have the names of the indexes,
unless SQLite, which does not tell `a` from `A`, has that name already.

SQLite finds a row by its number. In a timed table that is the creation time, and is read off the id:
a get by id is one descent in the table, a new row is put at its end, and the table itself is the
index `by_creation_time`. In any other the number says nothing: ids and creation times, which may be
those of another database, have indexes of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

from ..commands import Row, Scan
from ..ids import leading_number
from ..indexes import BY_CREATION_TIME
from ..keys import float_key, string_key
from ..sql.layout import Layout, SideTable
from .row_numbers import number_of
from .side_tables import Beside, Owner, side_table

CREATION_KEY: Final = "_by_creation_time"
"""The column of the keys of `by_creation_time` in a table that is not timed."""

# Two ids may give one number: of another table, of a document that was deleted, malformed ones.
_BY_ROW: Final = "WHERE _row = ? AND _id = ?"
# Here no id gives one.
_BY_ID: Final = "WHERE ? IS NULL AND _id = ?"


class Statements:
    """The statements of a table; each is made once."""

    def __init__(self, layout: Layout) -> None:
        self.number = layout.number
        self.table = layout.table
        self.columns = layout.columns
        self.timed = layout.timed
        self._where = _BY_ROW if layout.timed else _BY_ID
        self._sides = layout.sides

    @cached_property
    def row(self) -> Callable[[str], int | None]:
        """The number of the row that an id has; None, which no row has, where it has none."""
        return leading_number(self.number) if self.timed else _no_number

    @cached_property
    def sides(self) -> dict[str, Beside]:
        """The tables of search and vector indexes, as those who write documents keep them.

        What belongs in one that was not built yet may be left to the batches that fill it.
        """
        return {
            index: self.beside(side, "" if side.is_built else self._unless_left(index))
            for index, side in self._sides.items()
        }

    def beside(self, side: SideTable, condition: str = "") -> Beside:
        where = self._where + condition
        return side_table(Owner(self.table, where, self.row, self.timed), side)

    def _unless_left(self, index: str) -> str:
        """Ends a condition that finds a row: not if its document is left to the batches."""
        return (
            " AND (SELECT filled_to IS NULL OR _row <= filled_to OR _row > until"
            f" FROM _tablewright_side_tables WHERE number = {self.number} AND name = '{index}')"
        )

    @cached_property
    def fetch(self) -> str:
        return f'SELECT _document FROM "{self.table}" {self._where}'

    @cached_property
    def insert(self) -> str:
        """Takes what a row has, after its number; in a table that is not timed the last is the
        key of its creation time."""
        names = ["_row", "_id", "_creationTime", "_document"]
        names += [column.name for column in self.columns.values()]
        if not self.timed:
            names.append(CREATION_KEY)
        columns = ", ".join(f'"{name}"' for name in names)
        marks = ", ".join("?" * len(names))
        return f'INSERT INTO "{self.table}" ({columns}) VALUES ({marks})'

    def values(self, row: Row) -> tuple[object, ...]:
        """What a new row is inserted with."""
        if self.timed:
            return number_of(row[1]), *row
        return None, *row, float_key(row[1]) + string_key(row[0])

    @cached_property
    def delete(self) -> str:
        return f'DELETE FROM "{self.table}" {self._where}'

    @cached_property
    def _updates(self) -> dict[tuple[str, ...], str]:
        return {}

    def update(self, indexes: tuple[str, ...]) -> str:
        """Sets the document and the keys of some indexes; others need not be written."""
        known = self._updates.get(indexes)
        if known is None:
            names = [f', "{self.columns[index].name}" = ?' for index in indexes]
            sets = "".join(names)
            known = f'UPDATE "{self.table}" SET _document = ?{sets} {self._where}'
            self._updates[indexes] = known
        return known

    @cached_property
    def _scans(self) -> dict[tuple[str, bool, bool], str]:
        return {}

    def scan(self, command: Scan) -> str:
        """A stretch of an index; SQLite refuses the statement if it can't use the index."""
        kind = (command.index_name, command.descending, command.keys)
        known = self._scans.get(kind)
        if known is None:
            place, used = self._place(command.index_name)
            wanted = f"_document, {place}" if command.keys else "_document"
            known = (
                f'SELECT {wanted} FROM "{self.table}" {used}'
                f" WHERE {place} >= ? AND {place} < ?"
                f" ORDER BY {place} {'DESC' if command.descending else 'ASC'} LIMIT ?"
            )
            self._scans[kind] = known
        return known

    def _place(self, index: str) -> tuple[str, str]:
        """The column that a scan of an index is about, and what has SQLite use it."""
        if index != BY_CREATION_TIME.name:
            column = self.columns[index].name
        elif self.timed:
            return "_row", "NOT INDEXED"
        else:
            column = CREATION_KEY
        return f'"{column}"', f'INDEXED BY "{index_name(self.table, column)}"'

    @cached_property
    def latest(self) -> str:
        place, used = self._place(BY_CREATION_TIME.name)
        return (
            f'SELECT _creationTime FROM "{self.table}" {used}'
            f" ORDER BY {place} DESC LIMIT 1"
        )


def _no_number(_: str) -> None:
    return None


def index_name(table: str, column: str) -> str:
    return f"{table}.{column}"
