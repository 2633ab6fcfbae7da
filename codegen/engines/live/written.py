"""What a transaction has written, for those who listen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeVar, cast

from codegen.runtime.errors import CorruptDatabase

from ..commands import Delete, Fetch, Insert, Plan, Update
from ..field_keys import CREATION_TIME
from ..indexes import BY_CREATION_TIME
from ..table_rows import TableRows
from .changes import CUT, Change

R = TypeVar("R")

MOST: Final = 200
"""How many documents are told of; where there are more, their tables are as a whole."""


class Written:
    """What the plans of a transaction have written; what was undone since may be among it."""

    def __init__(self, tables: Mapping[str, TableRows]) -> None:
        self._tables = tables
        self._documents: list[Change] = []
        self._whole: set[str] = set()

    def __iter__(self) -> Iterator[Change]:
        yield from map(Change, sorted(self._whole))
        yield from self._documents

    def recorded(self, plan: Plan[R]) -> Plan[R]:
        """A plan that does the same, and notes here what it writes.

        Of a document that is changed or deleted the old keys are needed: it is read first,
        unless the plan has just done so.
        """
        fetched: tuple[Fetch, str | None] | None = None
        try:
            command = next(plan)
            while True:
                if isinstance(command, Insert):
                    self._inserted(command)
                elif isinstance(command, (Update, Delete)):
                    if command.table not in self._whole:
                        wanted = Fetch(command.table, command.id)
                        if fetched is None or fetched[0] != wanted:
                            fetched = wanted, (yield wanted)
                        self._changed(command, fetched[1])
                    fetched = None
                answer = yield command
                if isinstance(command, Fetch):
                    fetched = command, answer
                command = plan.send(answer)
        except StopIteration as stop:
            result: R = stop.value
            return result

    def _inserted(self, command: Insert) -> None:
        table = self._tables[command.table]
        for id, created, _, *keys in command.rows:
            if table.name in self._whole:
                return
            named = zip(table.indexes, keys, strict=True)
            found = {index.name: _told(key) for index, key in named}
            found[BY_CREATION_TIME.name] = _told(table.key_end(id, created))
            self._add(Change(table.name, id, found))

    def _changed(self, command: Update | Delete, text: str | None) -> None:
        if text is None:
            return
        table, id = self._tables[command.table], command.id
        try:
            document = table.stored(text, id)
        except CorruptDatabase:
            self._make_whole(table.name)
            return
        created = cast(float, document[CREATION_TIME])
        old = table.keys(id, created, document)
        new: Mapping[str, bytes] = {}
        if isinstance(command, Update):
            new = command.keys
        found = {
            index.name: _told(key, new.get(index.name, key))
            for index, key in zip(table.indexes, old, strict=True)
        }
        found[BY_CREATION_TIME.name] = _told(table.key_end(id, created))
        self._add(Change(table.name, id, found))

    def _add(self, change: Change) -> None:
        self._documents.append(change)
        if len(self._documents) > MOST:
            for name in {one.table for one in self._documents}:
                self._make_whole(name)

    def _make_whole(self, name: str) -> None:
        self._whole.add(name)
        self._documents = [one for one in self._documents if one.table != name]


def _told(*keys: bytes) -> tuple[bytes, ...]:
    """What is told of keys, each once."""
    return tuple(dict.fromkeys(key[:CUT] for key in keys))
