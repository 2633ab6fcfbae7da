"""The tables of a schema as engines see them: how a document becomes a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Generic

from pydantic import ValidationError
from pydantic_core import from_json

from codegen.ir.model import Index, Schema, Table
from codegen.ir.types import JsonValue
from codegen.runtime.arms import Arms
from codegen.runtime.errors import (
    CorruptDatabase,
    InvalidId,
    SchemaMismatch,
    ValidationFailed,
)
from codegen.runtime.ids import D, Id
from codegen.runtime.schema import TableModels

from .bounds import IndexField
from .commands import Row
from .field_keys import FieldKey, JsonObject, field_key
from .ids import new_id
from .keys import ABSENT_KEY, float_key, key
from .limits import check_limits
from .references import Check, References, id_fault

CREATION_TIME: Final = "_creationTime"
BY_CREATION_TIME: Final = Index("by_creation_time", ())


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

    def prefix(self, document: JsonObject) -> bytes:
        """The key of a document's fields, to which its creation time and id are added."""
        return b"".join([field_key(document) for field_key in self._keys])

    def unique_prefix(self, document: JsonObject) -> bytes | None:
        """The key that no other document may have: None when a field is absent."""
        keys = [field_key(document) for field_key in self._keys]
        return None if ABSENT_KEY in keys else b"".join(keys)


@dataclass(frozen=True)
class StoredTable(Generic[D]):
    """A table: its number in the ids of the database, its models and its indexes."""

    name: str
    number: int
    id: type[Id[D]]
    arms: Arms[D]
    writes: frozenset[type]
    indexes: tuple[StoredIndex, ...]
    check_ids: Check | None
    tables: Mapping[int, str]

    @cached_property
    def by_name(self) -> Mapping[str, StoredIndex]:
        return {index.name: index for index in self.indexes}

    @cached_property
    def unique(self) -> tuple[StoredIndex, ...]:
        return tuple(index for index in self.indexes if index.definition.unique)

    @cached_property
    def parse(self) -> Callable[[str], D]:
        """A document from its JSON; a `ValidationError` where it does not fit."""
        return self.arms.parser()

    def owns(self, model: type) -> bool:
        """Whether a class is one of those that write this table."""
        return model in self.writes

    def new_id(self, creation_time: float) -> str:
        return new_id(self.number, creation_time)

    def documents(self, texts: Sequence[str]) -> list[D]:
        """Stored documents; a `SchemaMismatch` for one that another program changed."""
        parse = self.parse
        try:
            return [parse(text) for text in texts]
        except (TypeError, ValidationError) as error:
            # One of them fails again, and says its id.
            for text in texts:
                try:
                    parse(text)
                except (TypeError, ValidationError):
                    id = str(text).partition('"_id":"')[2].partition('"')[0]
                    raise SchemaMismatch(self.name, str(error), [id]) from error
            raise

    def stored(self, text: str, id: str) -> JsonObject:
        """The JSON values of a stored document; a `CorruptDatabase` for what is none."""
        try:
            document: JsonValue = from_json(text)
        except (TypeError, ValueError) as error:
            raise CorruptDatabase(f"document {id} is not JSON: {error}") from None
        if not isinstance(document, dict) or not isinstance(
            document.get(CREATION_TIME), float
        ):
            raise CorruptDatabase(f"document {id} is no document")
        return document

    def row_text(self, id: str, creation_time: float, fields: bytes) -> str:
        """The JSON of a document, from that of its fields."""
        start = f'{{"_id":"{id}","_creationTime":{creation_time!r}'
        rest = fields.decode()
        return f"{start}}}" if rest == "{}" else f"{start},{rest[1:]}"

    def row(self, id: str, creation_time: float, text: str) -> tuple[Row, JsonObject]:
        """The row of a document from its JSON, and the JSON's values.

        Raises a `ValidationFailed` when it does not fit the table.
        """
        try:
            self.parse(text)
        except ValidationError as error:
            raise _failed(self.name, error) from error
        document = from_json(text)
        check_limits(self.name, text, document)
        if self.check_ids and (fault := self.check_ids(document)):
            raise ValidationFailed(self.name, *fault)
        return (
            Row(id, creation_time, text, self.keys(id, creation_time, document)),
            document,
        )

    def keys(self, id: str, creation_time: float, document: JsonObject) -> list[bytes]:
        """The keys of a document in the table's indexes, in their order."""
        end = float_key(creation_time) + key(id)
        return [index.prefix(document) + end for index in self.indexes]

    def check_id(self, id: str) -> None:
        """Raises an `InvalidId` unless a text is the id of a document of this table."""
        if fault := id_fault(id, self.tables, (self.name,)):
            raise InvalidId(self.name, id, fault)


class Tables(Mapping[str, StoredTable[Any]]):
    """The tables of a package in one database; a table's module is imported on first use."""

    def __init__(
        self,
        schema: Schema,
        models: Mapping[str, TableModels],
        numbers: Mapping[int, str],
    ) -> None:
        self._schema = schema
        self._models = models
        self._numbers = numbers
        self._own = {name: number for number, name in numbers.items()}
        self._made: dict[str, StoredTable[Any]] = {}

    def find(self, name: str) -> StoredTable[Any] | None:
        """The table, or None when the schema has no such table."""
        return self._made.get(name) or (
            self[name] if name in self._schema.tables else None
        )

    def __getitem__(self, name: str) -> StoredTable[Any]:
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = self._make(self._schema.tables[name])
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._schema.tables)

    def __len__(self) -> int:
        return len(self._schema.tables)

    def __contains__(self, name: object) -> bool:
        return name in self._schema.tables

    def _make(self, table: Table) -> StoredTable[Any]:
        models = self._models[table.name]
        indexes = (BY_CREATION_TIME, *table.indexes)
        return StoredTable(
            table.name,
            self._own[table.name],
            models.id,
            models.arms,
            frozenset((*models.news, *models.patches)),
            tuple(StoredIndex.of(index, table, self._schema) for index in indexes),
            References(self._schema, self._numbers).check(table.document),
            self._numbers,
        )


def _failed(table: str, error: ValidationError) -> ValidationFailed:
    first = error.errors(include_url=False, include_context=False)[0]
    path = "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in first["loc"]
    )
    others = error.error_count() - 1
    more = f" (and {others} more)" if others else ""
    return ValidationFailed(table, path, f"{first['msg']}{more}")
