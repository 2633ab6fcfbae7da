"""What of a document is in a search or vector index: its entry, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Final, NamedTuple, TypeAlias

from codegen.ir.model import Schema, SearchIndex, Table, VectorIndex
from codegen.ir.types import JsonValue
from codegen.runtime.errors import InvalidQuery

from .bounds import IndexField
from .field_keys import FieldKey, JsonObject, field_key
from .unit_vectors import unit_vector
from .words import words_of

_MARK_BYTES: Final = 16


class TextEntry(NamedTuple):
    """The words of a text, and the marks of the fields that searches filter by."""

    words: tuple[str, ...]
    marks: tuple[str, ...]


class VectorEntry(NamedTuple):
    """A vector of length 1 as its float32 numbers, and marks."""

    vector: bytes
    marks: tuple[str, ...]


Entry: TypeAlias = TextEntry | VectorEntry


@dataclass(frozen=True)
class Marks:
    """The fields that an index filters by.

    A mark stands for a value in one of them: it is short, whatever the value is, and a text of
    hexadecimal digits.
    """

    index: str
    fields: tuple[IndexField, ...]

    @cached_property
    def _keys(self) -> list[FieldKey]:
        return [field_key(field.path) for field in self.fields]

    def of_document(self, document: JsonObject) -> tuple[str, ...]:
        return tuple(
            _mark(position, key(document)) for position, key in enumerate(self._keys)
        )

    def of_value(self, path: str, value: object) -> str:
        """The mark of a value in a query; an `InvalidQuery` where there is no such filter."""
        field = self.field(path)
        return _mark(self.fields.index(field), field.key(value))

    def field(self, path: str) -> IndexField:
        """The field with a path; an `InvalidQuery` where there is no such filter."""
        wanted = tuple(path.strip(".").split("."))
        for field in self.fields:
            if field.path == wanted:
                return field
        raise InvalidQuery(f"index `{self.index}` has no filter `{path}`")


@dataclass(frozen=True)
class StoredEntries:
    """A search or vector index of a table."""

    definition: SearchIndex | VectorIndex
    marks: Marks

    @classmethod
    def of(
        cls, index: SearchIndex | VectorIndex, table: Table, schema: Schema
    ) -> StoredEntries:
        fields = [IndexField.of(path, table.document, schema) for path in index.filters]
        return cls(index, Marks(index.name, tuple(fields)))

    @property
    def name(self) -> str:
        return self.definition.name

    def entry(self, document: JsonObject) -> Entry | None:
        """None for a document that no query can find."""
        return self._entry(document)

    @cached_property
    def _entry(self) -> Callable[[JsonObject], Entry | None]:
        path = self.definition.field.strip(".").split(".")
        marks = self.marks.of_document
        if isinstance(self.definition, SearchIndex):

            def text_entry(document: JsonObject) -> TextEntry | None:
                text = _value_at(path, document)
                words = words_of(text) if isinstance(text, str) else ()
                return TextEntry(tuple(words), marks(document)) if words else None

            return text_entry
        dimensions = self.definition.dimensions

        def vector_entry(document: JsonObject) -> VectorEntry | None:
            vector = unit_vector(_value_at(path, document), dimensions)
            return VectorEntry(vector, marks(document)) if vector else None

        return vector_entry


def _mark(position: int, key: bytes) -> str:
    digest = blake2b(bytes((position,)) + key, digest_size=_MARK_BYTES)
    return digest.hexdigest()


def _value_at(path: Sequence[str], document: JsonObject) -> JsonValue:
    """The value at a path; None where there is none."""
    value: JsonValue = document
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value
