"""A store of tickets per library, each written as the library's own documentation would.

All of them start from Python values and give back what their users work with: a document, a
row's object or a dict. All but TinyDB make a commit durable in the same way, have ids as random
and the same two indexes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, Protocol, cast

from ..tickets import Values

TAKEN: Final = 10
"""How many tickets a query takes."""
SYNCHRONOUS: Final = "full"
"""When SQLite waits for the disk: here, at each commit."""
PRAGMAS: Final = {"journal_mode": "wal", "synchronous": SYNCHRONOUS}
"""How a commit is made durable."""


class Store(Protocol):
    """Tickets in a file."""

    def insert_all(self, many: Sequence[Values]) -> Sequence[Any]:
        """Stores many in one transaction, by the way that is meant for it; gives their keys."""
        ...

    def insert(self, values: Values) -> Any:
        """Stores one, durably when the call returns; gives its key."""
        ...

    def insert_each(self, some: Sequence[Values]) -> None:
        """Stores some in one transaction, by a call for each where there is one."""
        ...

    def get(self, key: Any) -> Any: ...

    def take(self, owner: str, priority: float) -> Sequence[Any]:
        """An owner's first ten tickets from a priority upwards."""
        ...

    def values(self, found: Any) -> Values:
        """What was stored, from what `get` and `take` give; None says missing."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Library:
    """What a store is made with; `needs` is a module that may not be installed."""

    name: str
    module: str
    needs: str
    reads_all: bool = False
    """Whether each operation reads or writes the whole file."""

    @property
    def installed(self) -> bool:
        return find_spec(self.needs) is not None

    @property
    def open(self) -> Callable[[str], Store]:
        """Opens an empty store in a new file, or in an empty database of a server by its URL."""
        module = import_module(f".{self.module}", __name__)
        return cast(Callable[[str], Store], module.Tickets)


OURS: Final = Library("ours", "ours", "codegen")
BY_HAND: Final = Library("sqlite3 and json by hand", "by_hand", "sqlite3")
SQLMODEL: Final = Library("SQLModel", "with_sqlmodel", "sqlmodel")
PEEWEE: Final = Library("Peewee", "with_peewee", "peewee")
BY_HAND_ON_SERVER: Final = Library("psycopg by hand", "by_hand_on_server", "psycopg")
OTHERS: Final = (
    BY_HAND,
    SQLMODEL,
    PEEWEE,
    Library("TinyDB", "with_tinydb", "tinydb", reads_all=True),
)
SQLMODEL_ROWS: Final = Library("SQLModel's rows", "with_sqlmodel_rows", "sqlmodel")
FILLING: Final = (*OTHERS, SQLMODEL_ROWS)
"""Those that insert many at once, one of them in a way of its own."""
