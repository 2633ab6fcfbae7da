"""The SQL tables that hold the documents: names, columns and statements.

A table has a row for each document: its number, its id, its creation time, the document as
JSON, and for each index of the schema a column of keys. The columns have the names of the indexes,
unless SQLite, which does not tell `a` from `A`, has that name already.

SQLite finds a row by its number. That number is the creation time, and is read off the id: a get by
id is one descent in the table, a new row is put at its end, and the table itself is the index
`by_creation_time`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

from ..commands import Scan
from ..ids import leading_number
from ..indexes import BY_CREATION_TIME
from ..sql.layout import Layout

# Two ids may give one number: of another table, of a document that was deleted, malformed ones.
_ROW: Final = "WHERE _row = ? AND _id = ?"


class Statements:
    """The statements of a table; each is made once."""

    def __init__(self, layout: Layout) -> None:
        self.number = layout.number
        self.table = layout.table
        self.columns = layout.columns

    @cached_property
    def row(self) -> Callable[[str], int | None]:
        """The number of the row that an id has; None, which no row has, where it has none."""
        return leading_number(self.number)

    @cached_property
    def fetch(self) -> str:
        return f'SELECT _document FROM "{self.table}" {_ROW}'

    @cached_property
    def insert(self) -> str:
        names = [f'"{column.name}"' for column in self.columns.values()]
        marks = ", ".join("?" * (4 + len(names)))
        columns = ", ".join(("_row", "_id", "_creationTime", "_document", *names))
        return f'INSERT INTO "{self.table}" ({columns}) VALUES ({marks})'

    @cached_property
    def delete(self) -> str:
        return f'DELETE FROM "{self.table}" {_ROW}'

    @cached_property
    def _updates(self) -> dict[tuple[str, ...], str]:
        return {}

    def update(self, indexes: tuple[str, ...]) -> str:
        """Sets the document and the keys of some indexes; others need not be written."""
        known = self._updates.get(indexes)
        if known is None:
            names = [f', "{self.columns[index].name}" = ?' for index in indexes]
            known = f'UPDATE "{self.table}" SET _document = ?{"".join(names)} {_ROW}'
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
            if command.index_name == BY_CREATION_TIME.name:
                place, used = "_row", "NOT INDEXED"
            else:
                column = self.columns[command.index_name].name
                place, used = (
                    f'"{column}"',
                    f'INDEXED BY "{index_name(self.table, column)}"',
                )
            wanted = f"_document, {place}" if command.keys else "_document"
            known = (
                f'SELECT {wanted} FROM "{self.table}" {used}'
                f" WHERE {place} >= ? AND {place} < ?"
                f" ORDER BY {place} {'DESC' if command.descending else 'ASC'} LIMIT ?"
            )
            self._scans[kind] = known
        return known

    @cached_property
    def latest(self) -> str:
        return f'SELECT _creationTime FROM "{self.table}" ORDER BY _row DESC LIMIT 1'


def index_name(table: str, column: str) -> str:
    return f"{table}.{column}"
