"""How the documents of a table become rows, whoever says whether they fit."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pydantic_core import from_json

from codegen.ir.fitting import Misfit, misfit_at
from codegen.ir.model import Schema, Table
from codegen.ir.types import JsonValue
from codegen.runtime.errors import CorruptDatabase, InvalidId, ValidationFailed

from .commands import Latest, Row
from .entries import StoredEntries
from .field_keys import CREATION_TIME, SYSTEM_FIELDS, FieldKey, JsonObject
from .id_batches import encode_all
from .ids import encoder, id_in, random_bytes, timed_bytes
from .indexes import BY_CREATION_TIME, StoredIndex
from .keys import float_key, string_key
from .limits import check_limits
from .references import Check, References, id_fault
from .sql.layout import Layout, numbers

_SYSTEM_KINDS: Final = dict(zip(SYSTEM_FIELDS, (str, float), strict=True))


@dataclass(frozen=True)
class TableRows(ABC):
    """A table: its number in the ids of the database, and its indexes.

    `table_names` are those of the database's tables, by their numbers. `ids_in_keys` is for a
    table where two documents may have one creation time.
    """

    definition: Table
    schema: Schema
    number: int
    table_names: Mapping[int, str]
    ids_in_keys: bool

    @abstractmethod
    def values(self, text: str) -> JsonObject:
        """The values of a document's JSON; a `ValidationFailed` where it does not fit."""

    @cached_property
    def name(self) -> str:
        return self.definition.name

    @cached_property
    def latest(self) -> Latest:
        """What each insert asks first."""
        return Latest(self.name)

    @cached_property
    def by_creation_time(self) -> StoredIndex:
        return StoredIndex.of(BY_CREATION_TIME, self.definition, self.schema)

    @cached_property
    def indexes(self) -> tuple[StoredIndex, ...]:
        return tuple(
            StoredIndex.of(index, self.definition, self.schema)
            for index in self.definition.indexes
        )

    @cached_property
    def by_name(self) -> Mapping[str, StoredIndex]:
        return {index.name: index for index in (self.by_creation_time, *self.indexes)}

    @cached_property
    def unique(self) -> tuple[StoredIndex, ...]:
        return tuple(index for index in self.indexes if index.definition.unique)

    @cached_property
    def entered(self) -> tuple[StoredEntries, ...]:
        """The search and vector indexes."""
        return tuple(
            StoredEntries.of(index, self.definition, self.schema)
            for index in self.definition.side_indexes
        )

    @cached_property
    def check_ids(self) -> Check | None:
        references = References(self.schema, self.table_names)
        return references.document_check(self.definition.document)

    @cached_property
    def new_id(self) -> Callable[[float], str]:
        """Makes an id for a new document, by the time of its creation."""
        own, encoded = self._own_bytes, encoder(self.number)
        return lambda created: encoded(own(created))

    def new_ids(self, times: Iterable[float]) -> list[str]:
        """Ids for new documents, by the times of their creation."""
        return encode_all(self.number, map(self._own_bytes, times))

    @cached_property
    def _own_bytes(self) -> Callable[[float], bytes]:
        return random_bytes if self.ids_in_keys else timed_bytes

    def stored(self, text: str, id: str = "") -> JsonObject:
        """The JSON values of a stored document.

        A `CorruptDatabase` for what is none names its id, or the one that its text begins with.
        """
        try:
            document: JsonValue = from_json(text)
        except (TypeError, ValueError) as error:
            raise self._corrupt(text, id, f"is not JSON: {error}") from None
        if not isinstance(document, dict) or not isinstance(
            document.get(CREATION_TIME), float
        ):
            raise self._corrupt(text, id, "has not the form of a document")
        return document

    def _corrupt(self, text: str, id: str, fault: str) -> CorruptDatabase:
        id = id or id_in(text)
        which = f"document {id}" if id else "a document"
        return CorruptDatabase(f"{which} of table `{self.name}` {fault}")

    def row(self, id: str, creation_time: float, text: str) -> tuple[Row, JsonObject]:
        """The row of a document from its JSON, and the JSON's values.

        Raises:
            ValidationFailed: It does not fit the table.
            LimitExceeded: It is larger or deeper than Convex allows.
        """
        document = self.checked(id, creation_time, text)
        if self.check_ids and (fault := self.check_ids(document)):
            raise ValidationFailed(self.name, *fault)
        keys = self.keys(id, creation_time, document)
        return (id, creation_time, text, *keys), document

    def checked(self, id: str, creation_time: float, text: str) -> JsonObject:
        """The values of a document's JSON; see `row`. The ids inside are not looked at."""
        document = self.values(text)
        if document["_id"] != id or document[CREATION_TIME] != creation_time:
            reason = "`_id` and `_creationTime` are the database's to give"
            raise ValidationFailed(self.name, "", reason)
        check_limits(self.name, text, document)
        return document

    def keys(self, id: str, creation_time: float, document: JsonObject) -> list[bytes]:
        """The keys of a document in the indexes that the schema has, in their order.

        No two are equal: each document has a creation time or, with that, an id of its own.
        """
        end = self.key_end(id, creation_time)
        return [prefix(document) + end for prefix in self._prefixes]

    def key_end(self, id: str, creation_time: float) -> bytes:
        """What ends all keys of a document; by itself it is that in `by_creation_time`."""
        end = float_key(creation_time)
        return end + string_key(id) if self.ids_in_keys else end

    @cached_property
    def _prefixes(self) -> list[FieldKey]:
        return [index.prefix for index in self.indexes]

    def check_id(self, id: str) -> None:
        """Raises an `InvalidId` unless a text is the id of a document of this table."""
        if fault := id_fault(id, self.table_names, (self.name,)):
            raise InvalidId(self.name, id, fault)

    def misfit(self, document: JsonObject) -> Misfit | None:
        """Where the fields of a document do not fit the table, and why, by its types."""
        fields: JsonValue = {
            name: value for name, value in document.items() if name not in SYSTEM_FIELDS
        }
        return misfit_at(fields, self.definition.document, self.schema)


class DefinedTable(TableRows):
    """A table that is known by its definition alone, without a generated package."""

    def values(self, text: str) -> JsonObject:
        try:
            document: JsonValue = from_json(text)
        except ValueError as error:
            raise ValidationFailed(self.name, "", f"it is not JSON: {error}") from None
        if not isinstance(document, dict):
            raise ValidationFailed(self.name, "", "it is not a JSON object")
        for name, kind in _SYSTEM_KINDS.items():
            if not isinstance(document.get(name), kind):
                raise ValidationFailed(self.name, f".{name}", "it is missing, or none")
        # A list that is too long is of no type either, and that is less to say.
        check_limits(self.name, text, document)
        fault = self.misfit(document)
        if fault:
            raise ValidationFailed(self.name, *fault)
        return document


def defined_tables(
    schema: Schema, layouts: Mapping[str, Layout]
) -> dict[str, DefinedTable]:
    """The tables of a schema in a database, where all tables lie like this."""
    names = numbers(layouts)
    return {
        name: DefinedTable(
            table, schema, layouts[name].number, names, not layouts[name].timed
        )
        for name, table in schema.tables.items()
    }
