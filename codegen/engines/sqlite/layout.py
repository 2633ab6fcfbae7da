"""The SQL tables that hold the documents: names, columns and statements.

A table has a row for each document: its number, its id, its creation time, the document as
JSON, and for each index of the schema a column of keys. The columns have the names of the indexes,
unless SQLite, which does not tell `a` from `A`, has that name already.

SQLite finds a row by its number. That number is the creation time, and is read off the id: a get by
id is one descent in the table, a new row is put at its end, and the table itself is the index
`by_creation_time`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from ..commands import Scan
from ..ids import leading_number
from ..indexes import BY_CREATION_TIME

# Two ids may give one number: of another table, of a document that was deleted, malformed ones.
_ROW: Final = "WHERE _row = ? AND _id = ?"


@dataclass(frozen=True)
class Column:
    """The column of an index: the fields and the uniqueness that it was made for."""

    name: str
    fields: tuple[str, ...]
    unique: bool


@dataclass(frozen=True)
class Layout:
    """A table as it is in the database; columns by the names of indexes."""

    number: int
    table: str
    columns: Mapping[str, Column] = field(default_factory=dict[str, Column])

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
                place, used = f'"{column}"', f'INDEXED BY "{self.index(column)}"'
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

    def create(self) -> list[str]:
        """Makes the table with its indexes."""
        columns = "".join(f', "{column.name}" BLOB' for column in self.columns.values())
        table = (
            f'CREATE TABLE "{self.table}" (_row INTEGER PRIMARY KEY,'
            f" _id TEXT NOT NULL, _creationTime REAL NOT NULL, _document TEXT NOT NULL{columns})"
        )
        return [table, *(self.create_index(c.name) for c in self.columns.values())]

    def create_index(self, column: str) -> str:
        return f'CREATE INDEX "{self.index(column)}" ON "{self.table}" ("{column}")'

    def index(self, column: str) -> str:
        return f"{self.table}.{column}"


def free_name(wanted: str, taken: Collection[str]) -> str:
    """A name for SQLite, which does not tell cases apart and keeps names for itself."""
    base = f"_{wanted}" if wanted.lower().startswith("sqlite_") else wanted
    name = base
    folded = {other.lower() for other in taken}
    number = 1
    while name.lower() in folded:
        number += 1
        name = f"{base}_{number}"
    return name
