"""The indexes of a table: what of a document is in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from codegen.ir.model import Index, Schema, Table

from .bounds import IndexField
from .field_keys import CREATION_TIME, FieldKey, JsonObject, field_key, joined
from .keys import ABSENT_KEY

BY_CREATION_TIME: Final = Index("by_creation_time", ())
"""The index that every table has."""


@dataclass(frozen=True)
class StoredIndex:
    """An index of a table: its fields, and the creation time that ends them all."""

    definition: Index
    fields: tuple[IndexField, ...]

    @classmethod
    def of(cls, index: Index, table: Table, schema: Schema) -> StoredIndex:
        paths = (*index.fields, CREATION_TIME)
        fields = [IndexField.of(path, table.document, schema) for path in paths]
        return cls(index, tuple(fields))

    @property
    def name(self) -> str:
        return self.definition.name

    @cached_property
    def _keys(self) -> list[FieldKey]:
        return [field_key(field.path) for field in self.fields[:-1]]

    @cached_property
    def prefix(self) -> FieldKey:
        """The key of a document's fields, to which its creation time is added."""
        return joined(self._keys)

    def unique_prefix(self, document: JsonObject) -> bytes | None:
        """The key that no other document may have: None when a field is absent."""
        keys = [field_key(document) for field_key in self._keys]
        return None if ABSENT_KEY in keys else b"".join(keys)
