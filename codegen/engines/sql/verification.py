"""Counts the documents of a database that do not fit a schema, which need not be its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack, closing
from typing import Final, NamedTuple

from codegen.ir.model import Schema
from codegen.runtime.errors import ValidationFailed

from ..table_rows import TableRows, defined_tables
from .catalog import Catalog
from .documents import Stored, count, documents
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


def _verified(catalog: Catalog, layout: Layout, table: TableRows) -> Verified:
    number = misfits = 0
    named: list[Misfit] = []
    with ExitStack() as stack:
        seen = {
            index.name: stack.enter_context(closing(Seen())) for index in table.unique
        }
        for portion in documents(catalog, layout):
            number += len(portion)
            for stored in portion:
                found = _misfit(table, stored, seen)
                if found:
                    misfits += 1
                    if len(named) < NAMED:
                        named.append(found)
    return Verified(table.name, number, misfits, tuple(named))


def _misfit(table: TableRows, stored: Stored, seen: dict[str, Seen]) -> Misfit | None:
    """Why a document does not fit, or has the values of one that was seen."""
    try:
        _, document = table.row(stored.id, stored.creation_time, stored.text)
    except ValidationFailed as fault:
        return Misfit(stored.id, fault.path, fault.reason)
    for index in table.unique:
        prefix = index.unique_prefix(document)
        if prefix is not None and not seen[index.name].add(prefix):
            reason = f"its values in unique index `{index.name}` are another's too"
            return Misfit(stored.id, "", reason)
    return None
