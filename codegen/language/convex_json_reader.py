"""From the values of Convex JSON to the IR, with a note of everything that does not fit.

What the server ignores is ignored: unknown keys, and fields at the top of a document that
begin with an underscore. What it fills in is filled in: missing lists, and
`schemaValidation`, whose absence means false.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from codegen.ir.model import Index, Schema, SearchIndex, Table, VectorIndex
from codegen.ir.types import ANY, Object, Type, Union

from .validator_reader import LIST, OBJECT, At, Json, Problem, ValidatorReader

T = TypeVar("T")


class Reader(ValidatorReader):
    """Reads one schema."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self._names: dict[str, At] = {}

    def schema(self, data: object) -> Schema:
        """The schema, which counts only if there are no problems."""
        tables: dict[str, Table] = {}
        validation = False
        whole = self.expect(OBJECT, data, None)
        if whole is not None:
            validation = self.get(whole, "schemaValidation", bool, None) or False
            if "tables" not in whole:
                self.missing("tables", None)
            place: At = (None, "tables")
            for i, item in enumerate(self.get(whole, "tables", LIST, None) or ()):
                self._add_table(item, (place, i), tables)
        return Schema(_without_creation_time(tables), {}, validation)

    def _add_table(self, data: object, at: At, tables: dict[str, Table]) -> None:
        json_ = self.expect(OBJECT, data, at)
        if json_ is None:
            return
        name = self.need(json_, "tableName", str, at)
        if name is None:
            return
        place: At = (at, "tableName")
        first = self._names.setdefault(name, place)
        if first is not place:
            message = f'table "{name}" is defined twice'
            self.problems.append(Problem("E405", place, message, first=first))
            return
        indexes = (
            *self._indexes(json_, "indexes", at, self._index, False),
            *self._indexes(json_, "stagedDbIndexes", at, self._index, True),
        )
        search = (
            *self._indexes(json_, "searchIndexes", at, self._search, False),
            *self._indexes(json_, "stagedSearchIndexes", at, self._search, True),
        )
        vector = (
            *self._indexes(json_, "vectorIndexes", at, self._vector, False),
            *self._indexes(json_, "stagedVectorIndexes", at, self._vector, True),
        )
        document = self._document(json_, "documentType", at)
        staged = self._document(json_, "stagedDocumentType", at)
        tables[name] = Table(
            name, document or ANY, indexes, search, vector, staged_document=staged
        )

    def _document(self, json_: Json, key: str, at: At) -> Type | None:
        data = json_.get(key)
        if data is None:
            return None
        document = self.validator(data, (at, key))
        if isinstance(document, Union):
            arms = tuple(map(_without_system_fields, document.arms))
            return document if arms == document.arms else Union(arms)
        return _without_system_fields(document)

    def _indexes(
        self,
        json_: Json,
        key: str,
        at: At,
        read: Callable[[Json, str, bool, At], T | None],
        staged: bool,
    ) -> list[T]:
        data = json_.get(key)
        if not data and isinstance(data, list | None):
            return []
        found: list[T] = []
        place: At = (at, key)
        for i, item in enumerate(self.expect(LIST, data, place) or ()):
            index = self.expect(OBJECT, item, (place, i))
            if index is None:
                continue
            name = self.need(index, "indexDescriptor", str, (place, i))
            result = read(index, name or "", staged, (place, i))
            if result is not None:
                found.append(result)
        return found

    def _index(self, json_: Json, name: str, staged: bool, at: At) -> Index:
        return Index(name, tuple(self._fields(json_, "fields", at)), staged=staged)

    def _search(self, json_: Json, name: str, staged: bool, at: At) -> SearchIndex:
        field = self.need(json_, "searchField", str, at) or ""
        # The server keeps a set of filters.
        filters = dict.fromkeys(self._fields(json_, "filterFields", at))
        return SearchIndex(name, field.strip("."), tuple(filters), staged)

    def _vector(self, json_: Json, name: str, staged: bool, at: At) -> VectorIndex:
        field = self.need(json_, "vectorField", str, at) or ""
        # An old exporter wrote `dimension`; the server writes both, one of them null.
        dimensions = self.get(json_, "dimensions", int, at)
        if dimensions is None and json_.get("dimension") is not None:
            dimensions = self.get(json_, "dimension", int, at)
        elif dimensions is None and json_.get("dimensions") is None:
            self.missing("dimensions", at)
        filters = dict.fromkeys(self._fields(json_, "filterFields", at))
        return VectorIndex(
            name, field.strip("."), dimensions or 0, tuple(filters), staged
        )

    def _fields(self, json_: Json, key: str, at: At) -> list[str]:
        """Dotted paths; the server ignores dots at their ends."""
        found: list[str] = []
        for i, item in enumerate(self.get(json_, key, LIST, at) or ()):
            field = self.expect(str, item, ((at, key), i))
            if field is not None:
                found.append(field.strip("."))
        return found


def _without_system_fields(node: Type) -> Type:
    if isinstance(node, Object) and any(f.name.startswith("_") for f in node.fields):
        kept = tuple(f for f in node.fields if not f.name.startswith("_"))
        return Object(kept)
    return node


def _without_creation_time(tables: dict[str, Table]) -> dict[str, Table]:
    """A schema as a deployment tells it, but for the field that it appends to every index."""
    indexes = [index for table in tables.values() for index in table.indexes]
    if not indexes or any(i.fields[-1:] != ("_creationTime",) for i in indexes):
        return tables
    return {
        name: replace(
            table,
            indexes=tuple(replace(i, fields=i.fields[:-1]) for i in table.indexes),
        )
        for name, table in tables.items()
    }
