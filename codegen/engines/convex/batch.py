"""Changes that a deployment makes together."""

from __future__ import annotations

from typing import Any

from codegen.ir.types import JsonValue
from codegen.runtime.documents import I, New, Patch
from codegen.runtime.ids import D, Id

from ..reads import sent, table_of
from ..tables import Tables
from ..writes import fields_of, table_of_model
from . import questions


class Batch:
    """Changes that are made in their order when the batch ends: all of them or none.

    `ids` are those of the new documents, in order, once it has ended.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._classes: list[type[Id[Any]]] = []
        self.changes: list[JsonValue] = []
        self.ids: list[Id[Any]] = []

    def insert(self, new: New[Any], /) -> None:
        """Stores a document."""
        table = table_of_model(self._tables, new, New)
        self.changes.append(questions.insertion(table, table.fields(new)))
        self._classes.append(table.id)

    def patch(self, id: Id[D], patch: Patch[D], /) -> None:
        """Changes the given fields of a document."""
        table = table_of(self._tables, id)
        fields = fields_of(table, self._tables, patch, Patch)
        self.changes.append(questions.patching(table, sent(id), fields))

    def replace(self, id: I, new: New[I], /) -> None:
        """Puts a whole document in the place of another."""
        table = table_of(self._tables, id)
        fields = fields_of(table, self._tables, new, New)
        self.changes.append(questions.replacement(table, sent(id), fields))

    def delete(self, id: Id[Any], /) -> None:
        """Deletes a document."""
        table = table_of(self._tables, id)
        self.changes.append(questions.deletion(table, sent(id)))

    def answered(self, ids: list[str | None]) -> None:
        """Takes the ids of the new documents; other changes have none."""
        new = [id for id in ids if id is not None]
        self.ids = [made(id) for made, id in zip(self._classes, new, strict=True)]
