"""The tables of a package in one database: models become documents, and documents models."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic

from pydantic import ValidationError
from pydantic_core import from_json

from codegen.ir.model import Schema, Table
from codegen.runtime.arms import Arms
from codegen.runtime.documents import TableModel
from codegen.runtime.errors import SchemaMismatch, ValidationFailed
from codegen.runtime.ids import D, Id
from codegen.runtime.schema import TableModels

from .broken_texts import broken_text
from .commands import Row
from .field_keys import JsonObject
from .ids import id_in
from .sql.layout import Layout, numbers
from .table_rows import TableRows
from .validation import json_validator


@dataclass(frozen=True)
class StoredTable(TableRows, Generic[D]):
    """A table whose documents are models."""

    id: type[Id[D]]
    arms: Arms[D]
    classes: frozenset[type]

    @cached_property
    def parse(self) -> Callable[[str], D]:
        """A document from its JSON; a `ValidationError` where it does not fit."""
        return self.arms.parser()

    @cached_property
    def _validate(self) -> Callable[[str], JsonObject]:
        return json_validator(self.arms)

    def documents(self, texts: Sequence[str], id: str = "") -> list[D]:
        """Stored documents; `id` is that of a single one, where it is known.

        Where another program changed one, a `SchemaMismatch` says what does not fit, a
        `CorruptDatabase` that it is no document.
        """
        parse = self.parse
        try:
            return [parse(text) for text in texts]
        except (TypeError, ValidationError) as error:
            for text in texts:
                try:
                    parse(text)
                except (TypeError, ValidationError):
                    raise self._mismatch(text, id, str(error)) from error
            raise

    def _mismatch(self, text: str, id: str, reason: str) -> SchemaMismatch:
        id = id or id_in(text)
        self.stored(text, id)
        fault = self._failed(text, reason)
        place = f"{fault.path}: " if fault.path else ""
        return SchemaMismatch(self.name, f"{place}{fault.reason}", [id])

    def new_row(self, creation_time: float, fields: str) -> tuple[Row, JsonObject]:
        """The row of a new document from its fields, and its JSON values; see `row`."""
        id = self.new_id(creation_time)
        return self.row(id, creation_time, self.text(id, creation_time, fields))

    def new_rows(
        self, creation_times: Sequence[float], fields: Sequence[str]
    ) -> list[tuple[Row, JsonObject]]:
        """The rows of new documents, of each its time and its fields; see `new_row`."""
        ids = self.new_ids(creation_times)
        return [
            self.row(id, at, self.text(id, at, each))
            for id, at, each in zip(ids, creation_times, fields, strict=True)
        ]

    def text(self, id: str, creation_time: float, fields: str) -> str:
        """The JSON of a document, of which `fields` are a part."""
        start = f'{{"_id":"{id}","_creationTime":{creation_time!r}'
        return f"{start}}}" if fields == "{}" else f"{start},{fields[1:]}"

    def fields(self, model: TableModel) -> str:
        """The encoded JSON of a model; a `ValidationFailed` where it holds no such values."""
        try:
            return model.to_wire_json().decode()
        except (OverflowError, RecursionError) as error:
            raise ValidationFailed(self.name, "", str(error)) from error
        except ValueError as error:
            found = broken_text(model) or ("", str(error))
            raise ValidationFailed(self.name, *found) from error

    def values(self, text: str) -> JsonObject:
        # Models may have been changed since they were made, or made without validation.
        try:
            return self._validate(text)
        except ValidationError as error:
            reason = error.errors(include_url=False)[0]["msg"]
            raise self._failed(text, reason) from error

    def _failed(self, text: str, reason: str) -> ValidationFailed:
        """Where a document does not fit, in the words of the schema where they tell."""
        try:
            document: JsonObject = from_json(text)
        except ValueError:
            return ValidationFailed(self.name, "", reason)
        return ValidationFailed(self.name, *(self.misfit(document) or ("", reason)))


class Tables(Mapping[str, StoredTable[Any]]):
    """The tables of a package in one database; a table's module is imported on first use."""

    def __init__(
        self,
        schema: Schema,
        models: Mapping[str, TableModels],
        layouts: Mapping[str, Layout],
    ) -> None:
        """`layouts` are those of all tables of the database, by their names."""
        self._schema = schema
        self._models = models
        self._layouts = layouts
        self._names = numbers(layouts)
        self._made: dict[str, StoredTable[Any]] = {}
        self._by_class: dict[type, StoredTable[Any]] = {}

    def of_class(self, cls: type) -> StoredTable[Any] | None:
        """The table that a class of models or of ids belongs to; None for one of another package."""
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
        layout = self._layouts[table.name]
        return StoredTable(
            table,
            self._schema,
            layout.number,
            self._names,
            not layout.timed,
            models.id,
            models.arms,
            frozenset((models.id, *models.documents, *models.news, *models.patches)),
        )
