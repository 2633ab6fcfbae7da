"""Looks whether search and vector indexes have what the documents say, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from codegen.ir.model import Schema, Table

from ..entries import StoredEntries
from ..field_keys import JsonObject
from .catalog import Catalog
from .documents import Stored
from .layout import Layout

_DIFFERS: Final = "search or vector index `%s` does not have what it says"
_MORE: Final = (
    "search or vector index `%s` has what no document says: a schema without it, and then with it"
    " again, makes it anew"
)


class EntryExamination:
    """The indexes of a table, of whose documents some are looked at after the other."""

    def __init__(
        self, catalog: Catalog, layout: Layout, table: Table, schema: Schema
    ) -> None:
        self._dialect = catalog.dialect
        self._layout = layout
        self._indexes = [
            StoredEntries.of(index, table, schema)
            for index in table.side_indexes
            if index.name in layout.sides and layout.sides[index.name].is_built
        ]
        self._sizes = {index.name: 0 for index in self._indexes}

    def faults(
        self, documents: Mapping[Stored, JsonObject]
    ) -> Iterator[tuple[str, str]]:
        """Ids of documents with what is wrong."""
        for index in self._indexes:
            side = self._layout.sides[index.name]
            entered = [
                (one.id, one.creation_time, entry)
                for one, document in documents.items()
                if (entry := index.entry(document))
            ]
            sizes = (self._dialect.size_of(side, entry) for *_, entry in entered)
            self._sizes[index.name] += sum(sizes)
            for id in self._dialect.unlike(self._layout, side, entered):
                yield id, _DIFFERS % index.name

    def faults_at_end(self) -> Iterator[str]:
        """What is wrong with whole indexes, after all documents of the table were looked at."""
        for index in self._indexes:
            side = self._layout.sides[index.name]
            if self._dialect.size(self._layout, side) > self._sizes[index.name]:
                yield _MORE % index.name
