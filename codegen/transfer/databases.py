"""The documents of a database, read at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from codegen.engines.access import applied_schema
from codegen.engines.bare import BareDatabase, Run
from codegen.engines.commands import Command, Found, Plan, Scan
from codegen.engines.indexes import BY_CREATION_TIME
from codegen.engines.keys import AFTER
from codegen.engines.sql.documents import count
from codegen.ir.model import Schema

from .forms import read_encoded
from .sources import Documents

PORTION: Final = 500
"""How many documents are in memory at a time."""


class DatabaseSource:
    """A database inside a transaction, as its latest schema has it."""

    def __init__(self, name: str, database: BareDatabase) -> None:
        """`name` is the database's, for people."""
        catalog = database.catalog
        self.schema: Schema = applied_schema(catalog).schema
        layouts = catalog.layouts()
        self.numbers: Mapping[str, int] = {
            table: layouts[table].number for table in sorted(self.schema.tables)
        }
        self.notes: Sequence[str] = [
            f"table `{table}` is left out: the schema of {name} has it no more"
            for table in sorted(set(layouts) - set(self.schema.tables))
        ]
        self._name = name
        self._catalog = catalog
        self._layouts = layouts
        self._run = database.runner(layouts)

    def is_from(self, database: BareDatabase) -> bool:
        """Whether that is the database of these documents."""
        return self._catalog.dialect.identity == database.catalog.dialect.identity

    def counts(self) -> dict[str, int]:
        """How many documents each table has."""
        return {
            table: count(self._catalog, self._layouts[table]) for table in self.numbers
        }

    def texts(self, table: str) -> Iterator[str]:
        """The texts of a table's documents, in the order of their creation."""
        return stored_texts(self._run, table)

    def documents(self, table: str) -> Documents:
        lines = (text.encode() for text in self.texts(table))
        return Documents(f"{self._name}, {table}", lines, read_encoded)


def stored_texts(run: Run, table: str) -> Iterator[str]:
    """The texts of a table's documents, a portion at a time."""
    place = b""
    while rows := portion(run, table, place, PORTION):
        for text, _ in rows:
            yield text
        place = rows[-1][1]


def portion(run: Run, table: str, place: bytes, limit: int) -> list[Found]:
    """Documents of a table and their places in the order of creation, which come after one."""
    lower = place + b"\x00" if place else place
    scan = Scan(table, BY_CREATION_TIME.name, lower, AFTER, limit=limit)
    return run(only(scan))


def only(command: Command) -> Plan[Any]:
    """The plan of one command, and its answer."""
    return (yield command)
