"""How the tables of a schema lie in a database: their names there, and their columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from codegen.ir.model import SearchIndex, VectorIndex


@dataclass(frozen=True)
class Column:
    """The column of an index: the fields and the uniqueness that it was made for.

    While the index is being built, `filled_to` is the place, in the order of
    creation times, up to which the documents have keys.
    """

    name: str
    fields: tuple[str, ...]
    unique: bool
    filled_to: Any = None

    @property
    def is_built(self) -> bool:
        return self.filled_to is None


@dataclass(frozen=True)
class SideTable:
    """The table of a search or vector index, beside that of the documents.

    `definition` is what it was made for; it says nothing of staging. `form` is how the database
    keeps vectors, in its own words.

    While the index is being built, a document is in it if its place, in the order of creation
    times, is not after `filled_to`, or if it is after `until`, the last one at the beginning.
    """

    name: str
    definition: SearchIndex | VectorIndex
    form: str = ""
    filled_to: Any = None
    until: Any = None

    @property
    def is_built(self) -> bool:
        return self.filled_to is None

    def lacks(self, place: Any) -> bool:
        """Whether a document at a place is not in the index, while that is being built."""
        return bool(self.filled_to < place <= self.until)


@dataclass(frozen=True)
class Layout:
    """A table as it is in the database; columns and side tables by the names of indexes.

    In a `timed` one each id begins with the creation time of its document, which no other has:
    rows are in the order of these times, and keys end with them. Any other table keeps all ids
    and times, so its keys end with the id too.
    """

    number: int
    table: str
    columns: Mapping[str, Column] = field(default_factory=dict[str, Column])
    timed: bool = False
    sides: Mapping[str, SideTable] = field(default_factory=dict[str, SideTable])

    @property
    def unbuilt(self) -> set[str]:
        """The names of indexes that are being built."""
        columns = {n for n, column in self.columns.items() if not column.is_built}
        return columns | {n for n, side in self.sides.items() if not side.is_built}

    def built(self, indexes: Collection[str]) -> Layout:
        """The same when some indexes are built."""
        columns = {
            name: replace(column, filled_to=None) if name in indexes else column
            for name, column in self.columns.items()
        }
        sides = {
            name: replace(side, filled_to=None) if name in indexes else side
            for name, side in self.sides.items()
        }
        return replace(self, columns=columns, sides=sides)


def numbers(layouts: Mapping[str, Layout]) -> dict[int, str]:
    """The names of tables by their numbers."""
    return {layout.number: name for name, layout in layouts.items()}
