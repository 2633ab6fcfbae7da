"""Changes that a deployment makes together."""

from __future__ import annotations

from typing import Any

from codegen.ir.types import JsonValue
from codegen.runtime.documents import I, New, Patch
from codegen.runtime.ids import D, Id

from ..reads import table_of
from ..tables import Tables
from ..writes import table_of_model
from . import questions
from .checks import checked_changes, checked_document, checked_id


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
        fields = checked_document(table, self._tables, new)
        self.changes.append(questions.insertion(table, fields))
        self._classes.append(table.id)

    def patch(self, id: Id[D], patch: Patch[D], /) -> None:
        """Changes the given fields of a document."""
        table = table_of(self._tables, id)
        fields, removed = checked_changes(table, self._tables, patch)
        text = checked_id(table, id)
        self.changes.append(questions.patching(table, text, fields, removed))

    def replace(self, id: I, new: New[I], /) -> None:
        """Puts a whole document in the place of another."""
        table = table_of(self._tables, id)
        fields = checked_document(table, self._tables, new)
        text = checked_id(table, id)
        self.changes.append(questions.replacement(table, text, fields))

    def delete(self, id: Id[Any], /) -> None:
        """Deletes a document."""
        table = table_of(self._tables, id)
        self.changes.append(questions.deletion(table, checked_id(table, id)))

    def answered(self, answer: JsonValue) -> bool:
        """Takes the ids of the new documents; whether it is the answer to these changes."""
        if not isinstance(answer, list) or len(answer) != len(self.changes):
            return False
        new = [id for id in answer if isinstance(id, str)]
        if len(new) != len(self._classes):
            return False
        self.ids = [made(id) for made, id in zip(self._classes, new, strict=True)]
        return True
