"""How the tables of a schema lie in a database: their names there, and their columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    filled_to: object = None

    @property
    def is_built(self) -> bool:
        return self.filled_to is None


@dataclass(frozen=True)
class SideTable:
    """The table of a search or vector index, beside that of the documents.

    `definition` is what it was made for; it says nothing of staging. `form` is how the database
    keeps vectors, in its own words.
    """

    name: str
    definition: SearchIndex | VectorIndex
    form: str = ""


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


def numbers(layouts: Mapping[str, Layout]) -> dict[int, str]:
    """The names of tables by their numbers."""
    return {layout.number: name for name, layout in layouts.items()}
