"""Looks at every document of a database, with nothing but the database: is all as it must be?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass

from codegen.ir.fitting import misfit
from codegen.ir.model import Index, Schema
from codegen.ir.types import JsonValue
from codegen.runtime.errors import LimitExceeded

from ..field_keys import CREATION_TIME, JsonObject
from ..ids import decode
from ..indexes import BY_CREATION_TIME, StoredIndex
from ..keys import float_key, string_key
from ..limits import check_limits
from ..references import Check, References
from .catalog import Catalog
from .documents import Stored, count, documents
from .entry_examination import EntryExamination
from .layout import Layout, numbers
from .repeated import Seen


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: with a document, or with the whole database where `id` is empty."""

    reason: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """A table: how many documents and indexes it has; `known` is False if no schema has it.

    Indexes that are not built are not looked at.
    """

    table: str
    documents: int
    indexes: int
    known: bool
    faults: tuple[Fault, ...]
    unbuilt: tuple[str, ...] = ()


def own_faults(catalog: Catalog) -> tuple[Fault, ...]:
    """What the database itself finds wrong with its pages and indexes."""
    return tuple(map(Fault, catalog.dialect.faults()))


def examine(catalog: Catalog, schema: Schema) -> Iterator[Examined]:
    """Every table of a database that has a schema, and all faults of its documents."""
    layouts = catalog.layouts()
    references = References(schema, numbers(layouts))
    for name, layout in sorted(layouts.items()):
        indexes = len(layout.columns) + len(layout.sides) + 1  # by_creation_time
        if name in schema.tables:
            table = _Table(catalog, name, layout, schema, references)
            faults = tuple(table.faults())
            unbuilt = tuple(sorted(layout.unbuilt))
            yield Examined(name, table.count, indexes, True, faults, unbuilt)
        else:
            yield Examined(name, count(catalog, layout), indexes, False, ())


class _Table:
    """What the documents of a table are held against."""

    def __init__(
        self,
        catalog: Catalog,
        name: str,
        layout: Layout,
        schema: Schema,
        references: References,
    ) -> None:
        table = schema.tables[name]
        definitions = {index.name: index for index in table.indexes}
        built = {n: column for n, column in layout.columns.items() if column.is_built}
        self.count = 0
        self._catalog = catalog
        self._layout = layout
        self._columns = {
            column.name: StoredIndex.of(
                definitions.get(index) or Index(index, column.fields), table, schema
            )
            for index, column in built.items()
        }
        if not layout.timed:
            by_creation_time = StoredIndex.of(BY_CREATION_TIME, table, schema)
            self._columns[catalog.dialect.creation_key] = by_creation_time
        self._name = name
        self._schema = schema
        self._table = table
        self._check_ids: Check | None = references.document_check(table.document)

    def faults(self) -> Iterator[Fault]:
        if unreadable := [*self._catalog.dialect.unreadable(self._layout)]:
            self.count = count(self._catalog, self._layout)
            reason = "its text is not UTF-8: no others of the table were looked at"
            yield from (Fault(reason, id) for id in unreadable)
            return
        with ExitStack() as stack:
            seen = {
                index.name: stack.enter_context(closing(Seen()))
                for index in self._columns.values()
                if index.definition.unique
            }
            entries = EntryExamination(
                self._catalog, self._layout, self._table, self._schema
            )
            columns = [*self._columns]
            order = self._catalog.dialect.by_row
            for portion in documents(
                self._catalog, self._layout, order=order, columns=columns
            ):
                self.count += len(portion)
                found: dict[Stored, JsonObject] = {}
                for stored in portion:
                    document = _object(stored.text)
                    for reason in self._faults(stored, document, seen):
                        yield Fault(reason, stored.id)
                    if document is not None:
                        found[stored] = document
                for id, reason in entries.faults(found):
                    yield Fault(reason, id)
            yield from map(Fault, entries.faults_at_end())

    def _faults(
        self, stored: Stored, document: JsonObject | None, seen: Mapping[str, Seen]
    ) -> Iterator[str]:
        if not isinstance(stored.creation_time, float):
            yield "its creation time is not a number"
            return
        yield from self._misnumbered(stored)
        if document is None:
            yield "its document is not a JSON object"
            return
        if (document.get("_id"), document.get(CREATION_TIME)) != stored[1:3]:
            yield "its id or creation time is another in the document"
        yield from self._misfits(stored.text, document)
        end = float_key(stored.creation_time)
        if not self._layout.timed:
            end += string_key(stored.id)
        for index, key in zip(self._columns.values(), stored.keys, strict=True):
            if index.prefix(document) + end != key:
                yield f"index `{index.name}` does not have its values"
            if index.name in seen:
                prefix = index.unique_prefix(document)
                if prefix is not None and not seen[index.name].add(prefix):
                    yield f"unique index `{index.name}`: another document has its values"

    def _misnumbered(self, stored: Stored) -> Iterator[str]:
        try:
            number, _ = decode(stored.id)
        except ValueError as error:
            yield f"its id is malformed: {error}"
            return
        if number != self._layout.number:
            yield f"its id is of table number {number}, not {self._layout.number}"
        else:
            yield from self._catalog.dialect.row_faults(self._layout, *stored[:3])

    def _misfits(self, text: str, document: JsonObject) -> Iterator[str]:
        fields: JsonValue = {
            name: value for name, value in document.items() if name[:1] != "_"
        }
        reason = misfit(fields, self._table.document, self._schema)
        if reason:
            yield f"it does not fit the schema: {reason}"
        elif self._check_ids and (fault := self._check_ids(document)):
            yield f"it does not fit the schema: {fault[0]}: {fault[1]}"
        try:
            check_limits(self._name, text, document)
        except LimitExceeded as error:
            yield error.reason


def _object(text: str) -> JsonObject | None:
    if text.__class__ is not str:  # SQLite keeps bytes, which others store, as they are
        return None
    try:
        document: JsonValue = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None
