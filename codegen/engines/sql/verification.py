"""Counts the documents of a database that do not fit a schema, which need not be its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing
from typing import Final, NamedTuple

from codegen.ir.model import Schema
from codegen.runtime.errors import ValidationFailed

from ..table_rows import TableRows, defined_tables
from .catalog import Catalog
from .documents import count, documents
from .evolution import planned
from .layout import Layout
from .repeated import Seen

NAMED: Final = 20
"""So many documents of each table are named; all are counted."""


class Misfit(NamedTuple):
    """A document that does not fit; `path` leads to the place, as in `.a[0].b`."""

    id: str
    path: str
    reason: str


class Verified(NamedTuple):
    """A table: how many documents it has, how many do not fit, and the first of those.

    `known` is False for a table that the schema does not have.
    """

    table: str
    documents: int
    misfits: int = 0
    named: tuple[Misfit, ...] = ()
    known: bool = True


def verify(
    catalog: Catalog, schema: Schema, wanted: Collection[str] | None = None
) -> Iterator[Verified]:
    """The tables that the database has, or the wanted ones, by their names in the schema."""
    numbers = {layout.number for layout in catalog.layouts().values()}
    layouts = planned(catalog, schema)
    tables = defined_tables(schema, layouts)
    for name, layout in sorted(layouts.items()):
        if wanted is not None and name not in wanted:
            continue
        if name not in tables:
            yield Verified(name, count(catalog, layout), known=False)
        elif layout.number in numbers:
            yield _verified(catalog, layout, tables[name])


class Tally:
    """Counts the documents of a table; it is to be closed."""

    def __init__(self, table: TableRows) -> None:
        self._table = table
        self._seen = {index.name: Seen() for index in table.unique}
        self._documents = 0
        self._misfits = 0
        self._named: list[Misfit] = []

    def add(self, id: str, creation_time: float, text: str) -> None:
        self._documents += 1
        found = self._misfit(id, creation_time, text)
        if found:
            self._misfits += 1
            if len(self._named) < NAMED:
                self._named.append(found)

    @property
    def verified(self) -> Verified:
        """What was found until now."""
        named = tuple(self._named)
        return Verified(self._table.name, self._documents, self._misfits, named)

    def close(self) -> None:
        for seen in self._seen.values():
            seen.close()

    def _misfit(self, id: str, creation_time: float, text: str) -> Misfit | None:
        """Why a document does not fit, or has the values of one that was counted."""
        try:
            _, document = self._table.row(id, creation_time, text)
        except ValidationFailed as fault:
            return Misfit(id, fault.path, fault.reason)
        for index in self._table.unique:
            prefix = index.unique_prefix(document)
            if prefix is not None and not self._seen[index.name].add(prefix):
                reason = f"its values in unique index `{index.name}` are another's too"
                return Misfit(id, "", reason)
        return None


def _verified(catalog: Catalog, layout: Layout, table: TableRows) -> Verified:
    with closing(Tally(table)) as tally:
        for portion in documents(catalog, layout):
            for _, id, creation_time, text, _ in portion:
                tally.add(id, creation_time, text)
        return tally.verified
