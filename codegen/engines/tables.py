"""The tables of a package in one database: how a model becomes a row, and a row a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic

from pydantic import ValidationError
from pydantic_core import from_json

from codegen.ir.fitting import misfit_at
from codegen.ir.model import Schema, Table
from codegen.ir.types import JsonValue
from codegen.runtime.arms import Arms
from codegen.runtime.documents import TableModel
from codegen.runtime.errors import (
    CorruptDatabase,
    InvalidId,
    SchemaMismatch,
    ValidationFailed,
)
from codegen.runtime.ids import D, Id
from codegen.runtime.schema import TableModels

from .commands import Row
from .field_keys import CREATION_TIME, SYSTEM_FIELDS, FieldKey, JsonObject
from .ids import new_id
from .indexes import BY_CREATION_TIME, StoredIndex
from .keys import float_key, string_key
from .limits import check_limits
from .references import Check, References, id_fault
from .validation import json_validator


@dataclass(frozen=True)
class StoredTable(Generic[D]):
    """A table: its number in the ids of the database, its models and its indexes."""

    definition: Table
    schema: Schema
    number: int
    id: type[Id[D]]
    arms: Arms[D]
    classes: frozenset[type]
    by_creation_time: StoredIndex
    indexes: tuple[StoredIndex, ...]
    check_ids: Check | None
    table_names: Mapping[int, str]
    ids_in_keys: bool

    @cached_property
    def name(self) -> str:
        return self.definition.name

    @cached_property
    def by_name(self) -> Mapping[str, StoredIndex]:
        return {index.name: index for index in (self.by_creation_time, *self.indexes)}

    @cached_property
    def unique(self) -> tuple[StoredIndex, ...]:
        return tuple(index for index in self.indexes if index.definition.unique)

    @cached_property
    def parse(self) -> Callable[[str], D]:
        """A document from its JSON; a `ValidationError` where it does not fit."""
        return self.arms.parser()

    @cached_property
    def _validate(self) -> Callable[[str], JsonObject]:
        return json_validator(self.arms)

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

    def new_row(
        self, creation_time: float, model: TableModel
    ) -> tuple[Row, JsonObject]:
        """The row of a new document, and the document's JSON values; see `row`."""
        id = new_id(self.number, creation_time)
        return self.row(id, creation_time, self.text(id, creation_time, model))

    def text(self, id: str, creation_time: float, model: TableModel) -> str:
        """The JSON of a document, with the fields of a model."""
        fields = self.fields(model)
        start = f'{{"_id":"{id}","_creationTime":{creation_time!r}'
        return f"{start}}}" if fields == "{}" else f"{start},{fields[1:]}"

    def fields(self, model: TableModel) -> str:
        """The encoded JSON of a model; a `ValidationFailed` where it holds no such values."""
        try:
            return model.to_wire_json().decode()
        except (OverflowError, RecursionError, ValueError) as error:
            raise ValidationFailed(self.name, "", str(error)) from error

    def row(self, id: str, creation_time: float, text: str) -> tuple[Row, JsonObject]:
        """The row of a document from its JSON, and the JSON's values.

        Models may have been changed since they were made, or made without validation.

        Raises:
            ValidationFailed: It does not fit the table.
            LimitExceeded: It is larger or deeper than Convex allows.
        """
        try:
            document = self._validate(text)
        except ValidationError as error:
            reason = error.errors(include_url=False)[0]["msg"]
            raise self._failed(text, reason) from error
        if document["_id"] != id or document[CREATION_TIME] != creation_time:
            reason = "`_id` and `_creationTime` are the database's to give"
            raise ValidationFailed(self.name, "", reason)
        check_limits(self.name, text, document)
        if self.check_ids and (fault := self.check_ids(document)):
            raise ValidationFailed(self.name, *fault)
        keys = self.keys(id, creation_time, document)
        return (id, creation_time, text, *keys), document

    def keys(self, id: str, creation_time: float, document: JsonObject) -> list[bytes]:
        """The keys of a document in the indexes that the schema has, in their order.

        No two are equal: each document has a creation time or, with that, an id of its own.
        """
        end = float_key(creation_time)
        if self.ids_in_keys:
            end += string_key(id)
        return [prefix(document) + end for prefix in self._prefixes]

    @cached_property
    def _prefixes(self) -> list[FieldKey]:
        return [index.prefix for index in self.indexes]

    def check_id(self, id: str) -> None:
        """Raises an `InvalidId` unless a text is the id of a document of this table."""
        if fault := id_fault(id, self.table_names, (self.name,)):
            raise InvalidId(self.name, id, fault)

    def _failed(self, text: str, reason: str) -> ValidationFailed:
        """Where a document does not fit, in the words of the schema where they tell."""
        try:
            document: JsonObject = from_json(text)
        except ValueError:
            return ValidationFailed(self.name, "", reason)
        fields: JsonValue = {
            name: value for name, value in document.items() if name not in SYSTEM_FIELDS
        }
        fault = misfit_at(fields, self.definition.document, self.schema)
        return ValidationFailed(self.name, *(fault or ("", reason)))


class Tables(Mapping[str, StoredTable[Any]]):
    """The tables of a package in one database; a table's module is imported on first use."""

    def __init__(
        self,
        schema: Schema,
        models: Mapping[str, TableModels],
        names: Mapping[int, str],
        *,
        ids_in_keys: bool,
    ) -> None:
        """`names` are those of the database's tables, by their numbers.

        `ids_in_keys` is for a database where two documents of a table may have one creation time.
        """
        self._schema = schema
        self._models = models
        self._names = names
        self._ids_in_keys = ids_in_keys
        self._numbers = {name: number for number, name in names.items()}
        self._made: dict[str, StoredTable[Any]] = {}
        self._by_class: dict[type, StoredTable[Any]] = {}

    def of(self, thing: object) -> StoredTable[Any] | None:
        """The table of a model or an id; None for what is of another package, or of none."""
        return self.of_class(type(thing))

    def of_class(self, cls: type) -> StoredTable[Any] | None:
        """The table that a class of models or of ids belongs to."""
        found = self._by_class.get(cls)
        if found is None:
            name: str = getattr(cls, "__table__", "")
            if name not in self._schema.tables or cls not in self[name].classes:
                return None
            found = self._by_class[cls] = self[name]
        return found

    def of_documents(self, arms: Arms[D]) -> StoredTable[D] | None:
        """The table of a query; None for one of another package."""
        table = self.of_class(arms.classes[0])
        return table if table and table.arms.classes == arms.classes else None

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
        by_creation_time, *indexes = (
            StoredIndex.of(index, table, self._schema)
            for index in (BY_CREATION_TIME, *table.indexes)
        )
        return StoredTable(
            table,
            self._schema,
            self._numbers[table.name],
            models.id,
            models.arms,
            frozenset((models.id, *models.documents, *models.news, *models.patches)),
            by_creation_time,
            tuple(indexes),
            References(self._schema, self._names).document_check(table.document),
            self._names,
            self._ids_in_keys,
        )
