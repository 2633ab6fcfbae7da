"""From the values of Convex JSON to the IR, with a note of everything that does not fit.

What the server ignores is ignored: unknown keys, and fields at the top of a document that
begin with an underscore. What it fills in is filled in: missing lists, and
`schemaValidation`, whose absence means false.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias, TypeVar, cast

from codegen.diagnostics import Diagnostic, Note, Span
from codegen.ir.model import Index, Schema, SearchIndex, Table, VectorIndex
from codegen.ir.types import (
    ANY,
    SCALARS,
    Array,
    Field,
    Id,
    Literal,
    Object,
    Record,
    Scalar,
    Type,
    Union,
)
from codegen.ir.values import decode

from .json_positions import JsonPositions

At: TypeAlias = "tuple[At | None, str | int]"
"""A place in the JSON: the place around it (None is the whole), and the step inside."""
Json: TypeAlias = "dict[str, Any]"
T = TypeVar("T")

# "map" and "set" are old names that the server still takes for "any".
_SCALARS: Final[dict[str | None, Scalar]] = dict(
    [*SCALARS.items(), ("map", ANY), ("set", ANY)]
)
_WITH_PARTS: Final = ("id", "literal", "array", "object", "record", "union")
_OBJECT: Final = cast("type[Json]", dict)
_LIST: Final = cast("type[list[Any]]", list)
_KINDS: Final[dict[type[Any], str]] = {
    str: "a string",
    bool: "true or false",
    int: "a whole number",
    list: "a list",
    dict: "an object",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of the JSON at a place of the JSON."""

    code: str
    at: At | None
    message: str
    hint: str = ""
    first: At | None = None
    """Of something that is defined twice, the first definition."""

    def diagnostic(self, positions: JsonPositions) -> Diagnostic:
        """The problem at its place in the text."""
        notes: tuple[Note, ...] = ()
        if self.first is not None:
            notes = (Note("first defined here", _span(self.first, positions)),)
        span = _span(self.at, positions)
        return Diagnostic(self.code, self.message, span, self.hint, notes)


def _span(at: At | None, positions: JsonPositions) -> Span:
    steps: list[str | int] = []
    while at is not None:
        at, step = at
        steps.append(step)
    return positions.value(reversed(steps))


class Reader:
    """Reads one schema; `problems` gets a line for each thing that has the wrong shape."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self._names: dict[str, At] = {}

    def schema(self, data: object) -> Schema:
        """The schema, which counts only if there are no problems."""
        tables: dict[str, Table] = {}
        validation = False
        whole = self._expect(_OBJECT, data, None)
        if whole is not None:
            validation = self._get(whole, "schemaValidation", bool, None) or False
            if "tables" not in whole:
                self._missing("tables", None)
            place: At = (None, "tables")
            for i, item in enumerate(self._get(whole, "tables", _LIST, None) or ()):
                self._add_table(item, (place, i), tables)
        return Schema(_without_creation_time(tables), {}, validation)

    def _add_table(self, data: object, at: At, tables: dict[str, Table]) -> None:
        json_ = self._expect(_OBJECT, data, at)
        if json_ is None:
            return
        name = self._need(json_, "tableName", str, at)
        if name is None:
            return
        place: At = (at, "tableName")
        first = self._names.setdefault(name, place)
        if first is not place:
            message = f'table "{name}" is defined twice'
            self._problems.append(Problem("E405", place, message, first=first))
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
        document = self._type(data, (at, key))
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
        for i, item in enumerate(self._expect(_LIST, data, place) or ()):
            index = self._expect(_OBJECT, item, (place, i))
            if index is None:
                continue
            name = self._need(index, "indexDescriptor", str, (place, i))
            result = read(index, name or "", staged, (place, i))
            if result is not None:
                found.append(result)
        return found

    def _index(self, json_: Json, name: str, staged: bool, at: At) -> Index:
        return Index(name, tuple(self._fields(json_, "fields", at)), staged=staged)

    def _search(self, json_: Json, name: str, staged: bool, at: At) -> SearchIndex:
        field = self._need(json_, "searchField", str, at) or ""
        # The server keeps a set of filters.
        filters = dict.fromkeys(self._fields(json_, "filterFields", at))
        return SearchIndex(name, field.strip("."), tuple(filters), staged)

    def _vector(self, json_: Json, name: str, staged: bool, at: At) -> VectorIndex:
        field = self._need(json_, "vectorField", str, at) or ""
        # An old exporter wrote `dimension`; the server writes both, one of them null.
        dimensions = self._get(json_, "dimensions", int, at)
        if dimensions is None and json_.get("dimension") is not None:
            dimensions = self._get(json_, "dimension", int, at)
        elif dimensions is None and json_.get("dimensions") is None:
            self._missing("dimensions", at)
        filters = dict.fromkeys(self._fields(json_, "filterFields", at))
        return VectorIndex(
            name, field.strip("."), dimensions or 0, tuple(filters), staged
        )

    def _fields(self, json_: Json, key: str, at: At) -> list[str]:
        """Dotted paths; the server ignores dots at their ends."""
        found: list[str] = []
        for i, item in enumerate(self._get(json_, key, _LIST, at) or ()):
            field = self._expect(str, item, ((at, key), i))
            if field is not None:
                found.append(field.strip("."))
        return found

    def _type(self, data: object, at: At) -> Type:
        json_ = self._expect(_OBJECT, data, at)
        if json_ is None:
            return ANY
        kind = self._need(json_, "type", str, at)
        scalar = _SCALARS.get(kind)
        if scalar is not None:
            return scalar
        if kind == "object":
            return self._object(json_, at)
        if kind == "literal":
            return self._literal(json_, at)
        if kind == "union":
            arms = self._need(json_, "value", _LIST, at) or ()
            place: At = (at, "value")
            return Union(
                tuple([self._type(arm, (place, i)) for i, arm in enumerate(arms)])
            )
        if kind == "id":
            return Id(self._need(json_, "tableName", str, at) or "")
        if kind == "array":
            return Array(self._type(json_.get("value"), (at, "value")))
        if kind == "record":
            return self._record(json_, at)
        if kind is not None:
            message = f'there is no validator of type "{kind}"'
            known = ", ".join(sorted([*SCALARS, *_WITH_PARTS]))
            problem = Problem("E404", (at, "type"), message, f"one of: {known}")
            self._problems.append(problem)
        return ANY

    def _object(self, json_: Json, at: At) -> Object:
        place: At = (at, "value")
        parts = self._need(json_, "value", _OBJECT, at) or {}
        fields: list[Field] = []
        for name, data in parts.items():
            part = self._expect(_OBJECT, data, (place, name))
            if part is None:
                continue
            optional = part.get("optional")
            if not isinstance(optional, bool):
                optional = self._need(part, "optional", bool, (place, name)) or False
            node = self._type(part.get("fieldType"), ((place, name), "fieldType"))
            fields.append(Field(name, node, optional))
        return Object(tuple(fields))

    def _literal(self, json_: Json, at: At) -> Type:
        if "value" not in json_:
            self._missing("value", at)
            return ANY
        place: At = (at, "value")
        try:
            value = decode(json_["value"])
        except ValueError as error:
            self._problems.append(Problem("E406", place, f"no literal: {error}"))
            return ANY
        if isinstance(value, (str, int, float)):
            return Literal.of(value)
        message = "a literal is a string, a number, a bigint or a boolean"
        self._problems.append(Problem("E406", place, message))
        return ANY

    def _record(self, json_: Json, at: At) -> Record:
        place: At = (at, "values")
        values = self._need(json_, "values", _OBJECT, at) or {
            "fieldType": {"type": "any"}
        }
        if values.get("optional"):
            message = "the values of a record can't be optional"
            self._problems.append(Problem("E407", (place, "optional"), message))
        return Record(
            self._type(json_.get("keys"), (at, "keys")),
            self._type(values.get("fieldType"), (place, "fieldType")),
        )

    def _need(self, json_: Json, key: str, kind: type[T], at: At | None) -> T | None:
        """The value of a key that has to be there."""
        if key not in json_:
            self._missing(key, at)
            return None
        return self._expect(kind, json_[key], (at, key))

    def _get(self, json_: Json, key: str, kind: type[T], at: At | None) -> T | None:
        """The value of a key that may be absent or null."""
        value = json_.get(key)
        return None if value is None else self._expect(kind, value, (at, key))

    def _expect(self, kind: type[T], value: object, at: At | None) -> T | None:
        # Exact types, for True is no whole number here.
        if type(value) is kind:
            return value
        message = f"expected {_KINDS[kind]}"
        self._problems.append(Problem("E403", at, message))
        return None

    def _missing(self, key: str, at: At | None) -> None:
        self._problems.append(Problem("E403", at, f'the key "{key}" is missing'))


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
