"""What the catalogue and the evolution ask of a database, and what is said in its own words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from codegen.runtime.errors import CorruptDatabase

from ..commands import Entered
from ..entries import Entry
from .layout import Layout, SideTable

R = TypeVar("R")

CATALOGUE: Final = (
    "_tablewright_tables",
    "_tablewright_indexes",
    "_tablewright_side_tables",
    "_tablewright_schemas",
    "_tablewright_migrations",
)
"""The tables of the catalogue."""


def gone(tables: Collection[str], *, of_indexes: bool = False) -> CorruptDatabase:
    """The error for tables of ours that are not there any more.

    Those `of_indexes` for searches and vectors have nothing that the documents don't have.
    """
    made = ", or apply a schema without its index, and then with it again"
    return CorruptDatabase(
        f"the table {min(tables)} is gone, another program dropped it: restore a backup"
        f"{made if of_indexes else ''}"
    )


class Cursor(Protocol):
    """The answer to a statement."""

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """A connection, whose statements have `?` where values go."""

    def execute(self, sql: str, values: Sequence[Any] = ..., /) -> Cursor: ...

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> object: ...


class Order(NamedTuple):
    """An order of rows: what they are sorted by, whose values differ, and what is before the first."""

    column: str
    before_all: object


class Dialect(Protocol):
    """A connection, and what is said there in the database's own words."""

    @property
    def connection(self) -> Connection: ...

    @property
    def by_row(self) -> Order:
        """The order that no other program can have spoilt: that of the table's own key."""
        ...

    @property
    def by_time(self) -> Order:
        """The order of creation times, but of rows in tables of SQLite that are not timed."""
        ...

    def by_creation(self, layout: Layout) -> Order:
        """The order of `by_creation_time`: of creation times, and then of ids."""
        ...

    @property
    def creation_key(self) -> str:
        """The column with the keys of `by_creation_time`, which timed tables do not have."""
        ...

    @property
    def timed(self) -> bool:
        """Whether new tables are timed ones; see `Layout`."""
        ...

    @property
    def identity(self) -> object:
        """What tells the database from all others, whatever it is called."""
        ...

    def faults(self) -> Iterable[str]:
        """What the database itself finds wrong with its pages and indexes."""
        ...

    def unreadable(self, layout: Layout) -> Iterable[str]:
        """The ids of the documents with texts that are not UTF-8, which no SELECT can read."""
        ...

    def row_faults(
        self, layout: Layout, row: object, id: str, creation_time: float
    ) -> Iterable[str]:
        """What is wrong with the place of a document whose id is one of its table."""
        ...

    def create_catalogue(self) -> Iterable[str]:
        """Makes the tables of the catalogue."""
        ...

    def is_empty(self) -> bool:
        """Whether there is no catalogue yet; raises where it, or its place, is not ours.

        Of one that is there nothing is missing.
        """
        ...

    def snapshot(self) -> AbstractContextManager[None]:
        """What is read inside is read at one moment."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """A transaction: no other process writes documents or schemas meanwhile."""
        ...

    def beside(self, work: Callable[[], R], /, *, serial: bool = False) -> R:
        """Does work in a transaction among others, again where they were in its way.

        No schema is applied meanwhile. A `serial` one is as if it were before or after others.
        """
        ...

    def unhurried(self) -> AbstractContextManager[None]:
        """What is done inside a transaction may take as long as it takes; others may not."""
        ...

    def hold_entries(self) -> None:
        """Has those who enter documents in indexes that are being built wait until the end of a
        transaction; those who began before are waited for."""
        ...

    @property
    def for_update(self) -> str:
        """Ends a SELECT whose rows nobody else is to change before the transaction ends."""
        ...

    def announce(self, text: str) -> None:
        """Sends changes, as a text, to those who listen, when the transaction is committed."""
        ...

    def dropped(self, tables: Collection[str]) -> Collection[str]:
        """Which of some tables are not there."""
        ...

    def tables_of(self, layout: Layout) -> Iterable[str]:
        """The table of a layout, and those of its search and vector indexes."""
        ...

    def name(self, table: str) -> str:
        """A table as statements name it."""
        ...

    def free_name(self, wanted: str, taken: Collection[str]) -> str:
        """A name for a table or a column, which the database tells from those taken."""
        ...

    def create(self, layout: Layout) -> Iterable[str]:
        """Makes a table with its indexes."""
        ...

    def create_index(self, layout: Layout, column: str) -> str: ...

    def add_column(self, layout: Layout, column: str) -> str: ...

    def drop_column(self, layout: Layout, column: str) -> Iterable[str]:
        """Drops a column with its index, if that was built."""
        ...

    def vector_form(self, dimensions: int) -> str:
        """How vectors of so many numbers are kept; see `SideTable`."""
        ...

    def create_side(self, layout: Layout, side: SideTable) -> Iterable[str]: ...

    def drop_side(self, layout: Layout, side: SideTable) -> str: ...

    def enter(self, layout: Layout, side: SideTable, rows: Sequence[Entered]) -> None:
        """Puts documents, which are stored, into a search or vector index."""
        ...

    def unlike(
        self, layout: Layout, side: SideTable, rows: Sequence[Entered]
    ) -> Iterable[str]:
        """The ids of those that are not in an index as they should be."""
        ...

    def size_of(self, side: SideTable, entry: Entry) -> int:
        """How much an entry counts in the size of an index."""
        ...

    def size(self, layout: Layout, side: SideTable) -> int:
        """How much there is in an index."""
        ...
