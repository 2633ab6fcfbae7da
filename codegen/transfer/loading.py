"""Puts documents into the tables of a database, each of which has to fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from codegen.engines.bare import BareDatabase
from codegen.engines.broken_texts import broken_text
from codegen.engines.clock import Clock
from codegen.engines.commands import Found, Row, Scan
from codegen.engines.entering import insert_rows
from codegen.engines.field_keys import CREATION_TIME
from codegen.engines.indexes import StoredIndex
from codegen.engines.keys import AFTER
from codegen.engines.sql.layout import Layout
from codegen.engines.table_rows import DefinedTable, defined_tables
from codegen.ir.model import Schema
from codegen.runtime.errors import InvalidId, ValidationFailed

from .databases import only
from .faults import Faults
from .forms import JsonObject, encoded_text
from .sources import Documents

Progress = Callable[[str, int], None]
"""Is told the name of a table, and how many of its documents are done."""

_BATCH: Final = 500


class _Incoming(NamedTuple):
    """A document on its way: where it is from, its row, and its values."""

    place: str
    row: Row
    document: JsonObject


class Loader:
    """Loads tables one after the other, inside a transaction that nobody writes beside.

    After a fault nothing is written any more: what follows is only looked at, to count all faults.
    """

    def __init__(
        self,
        database: BareDatabase,
        schema: Schema,
        layouts: Mapping[str, Layout],
        progress: Progress,
    ) -> None:
        self._database = database
        self._schema = schema
        self.layouts = dict(layouts)
        self._progress = progress
        self._clock = Clock()
        self.faults = Faults()
        self._begin()

    def _begin(self) -> None:
        self._tables = defined_tables(self._schema, self.layouts)
        self._run = self._database.runner(self.layouts)

    def load(self, name: str, documents: Documents) -> int:
        """Loads the documents of a table; the answer is how many there are."""
        self._latest: float = self._run(only(self._tables[name].latest))
        count = 0
        batch: list[_Incoming] = []
        for at, line in enumerate(documents.lines, start=1):
            if not line.strip():
                continue
            place = f"{documents.file}:{at}"
            try:
                batch.append(self._incoming(name, place, documents.parse(line)))
            except ValidationFailed as fault:
                reason = f"at {fault.path}: {fault.reason}"
                self.faults.add(place, reason if fault.path else fault.reason)
            except (ValueError, InvalidId) as error:
                self.faults.add(place, str(error))
            count += 1
            if len(batch) == _BATCH:
                self._store(name, batch)
                batch = []
                self._progress(name, count)
        if batch:
            self._store(name, batch)
        self._progress(name, count)
        return count

    def _incoming(self, name: str, place: str, document: JsonObject) -> _Incoming:
        table = self._tables[name]
        created = document.get(CREATION_TIME)
        if created is None:
            created = self._clock.tick(self._latest)
        if not isinstance(created, float) or not 0 <= created < math.inf:
            raise ValueError("`_creationTime` is no time: a float64 in ms since 1970")
        id = document.get("_id")
        if id is None:
            id = table.new_id(created)
        if not isinstance(id, str):
            raise ValueError("`_id` is no text")
        table.check_id(id)
        try:
            text = encoded_text({"_id": id, CREATION_TIME: created, **document})
        except ValueError:
            if found := broken_text(document):
                raise ValidationFailed(name, *found) from None
            raise
        row, values = table.row(id, created, text)
        self._latest = max(self._latest, created)
        return _Incoming(place, row, values)

    def _store(self, name: str, batch: list[_Incoming]) -> None:
        self._check_unique(self._tables[name], self._with_new_ids(name, batch))
        if self.faults.count:
            return
        rows = [(one.row, one.document) for one in batch]
        layout = self._database.make_room(
            name, self.layouts[name], [row for row, _ in rows]
        )
        if layout != self.layouts[name]:
            self.layouts[name] = layout
            self._begin()
            rows = [self._tables[name].row(*row[:3]) for row, _ in rows]
        self._run(insert_rows(self._tables[name], rows))

    def _with_new_ids(self, name: str, batch: list[_Incoming]) -> Iterator[_Incoming]:
        """Those whose ids no document has; the others are faults."""
        ids = [one.row[0] for one in batch]
        seen = self._database.stored(self.layouts[name], ids)
        for one in batch:
            if one.row[0] in seen:
                reason = f"there is a document with the id {one.row[0]} already"
                self.faults.add(one.place, reason)
            else:
                yield one
            seen.add(one.row[0])

    def _check_unique(self, table: DefinedTable, batch: Iterable[_Incoming]) -> None:
        seen: set[tuple[str, bytes]] = set()
        for one in batch:
            for index in table.unique:
                key = index.unique_prefix(one.document)
                if key is not None and self._is_taken(table, index, key, seen):
                    reason = (
                        f"its values in unique index `{index.name}` are another's too"
                    )
                    self.faults.add(one.place, reason)
                    break

    def _is_taken(
        self,
        table: DefinedTable,
        index: StoredIndex,
        key: bytes,
        seen: set[tuple[str, bytes]],
    ) -> bool:
        """Whether a document has these values, or one that was seen before."""
        if (index.name, key) in seen:
            return True
        seen.add((index.name, key))
        scan = Scan(table.name, index.name, key, key + AFTER, limit=1)
        others: list[Found] = self._run(only(scan))
        return bool(others)
