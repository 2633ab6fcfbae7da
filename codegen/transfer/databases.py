"""The documents of a database, read at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic_core import from_json

from codegen.engines.access import applied_schema
from codegen.engines.bare import BareDatabase, Run
from codegen.engines.commands import Command, Found, Plan, Scan
from codegen.engines.field_keys import CREATION_TIME
from codegen.engines.indexes import BY_CREATION_TIME
from codegen.engines.keys import AFTER
from codegen.engines.sql.documents import Stored, count, documents
from codegen.engines.sqlite.faults import FAULTS, is_of_text, typed
from codegen.ir.model import Schema

from .faults import TransferError
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

    def is_from(self, database: BareDatabase) -> bool:
        """Whether that is the database of these documents."""
        return self._catalog.dialect.identity == database.catalog.dialect.identity

    def counts(self) -> dict[str, int]:
        """How many documents each table has."""
        return {
            table: count(self._catalog, self._layouts[table]) for table in self.numbers
        }

    def texts(self, table: str) -> Iterator[str]:
        """The texts of a table's documents, in the order of their creation, each in one line.

        Raises a `TransferError` for what nobody could read back as the document that it was.
        """
        for stored in self._stored(table):
            if damage := _damage(stored):
                raise self._damaged(table, stored.id, damage)
            # Only others have stored line ends, which are between the parts of JSON.
            yield stored.text.replace("\n", " ")

    def _stored(self, table: str) -> Iterator[Stored]:
        layout = self._layouts[table]
        try:
            order = self._catalog.dialect.by_creation(layout)
            for some in documents(self._catalog, layout, order=order, portion=PORTION):
                yield from some
        except FAULTS as error:
            if is_of_text(error):
                for id in self._catalog.dialect.unreadable(layout):
                    raise self._damaged(table, id, "its text is not UTF-8") from None
            # It may be read while another database is written, which is not the one that failed.
            fault = typed(error)
            raise type(fault)(f"{self._name}: {fault}") from error

    def _damaged(self, table: str, id: str, damage: str) -> TransferError:
        return TransferError(
            f"{self._name}: document {id} of table `{table}` is damaged: {damage}",
            "`codegen doctor` names all documents that are: mend them, or restore"
            " a backup",
        )

    def documents(self, table: str) -> Documents:
        lines = (text.encode() for text in self.texts(table))
        return Documents(f"{self._name}, {table}", lines, read_encoded)


def _damage(stored: Stored) -> str:
    """What is wrong with the text of a document by itself; nothing if it can be read."""
    try:
        document = from_json(stored.text, allow_inf_nan=False)
    except (TypeError, ValueError) as error:
        return f"it is not JSON: {error}"
    if stored.text.__class__ is not str or not isinstance(document, dict):
        return "it is not a JSON object"
    for name, value in (("_id", stored.id), (CREATION_TIME, stored.creation_time)):
        if name not in document:
            return f"`{name}` is missing"
        if document[name] != value:
            return f"`{name}` is not that of its row"
    return ""


def portion(run: Run, table: str, place: bytes, limit: int) -> list[Found]:
    """Documents of a table and their places in the order of creation, which come after one."""
    lower = place + b"\x00" if place else place
    scan = Scan(table, BY_CREATION_TIME.name, lower, AFTER, limit=limit)
    return run(only(scan))


def only(command: Command) -> Plan[Any]:
    """The plan of one command, and its answer."""
    return (yield command)
