"""What the functions of `convex/tablewright.ts` are asked: queries and changes as arguments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal, NamedTuple, TypeAlias, cast

from codegen.convex.errors import Unsupported
from codegen.ir.types import JsonValue
from codegen.ir.values import encode
from codegen.runtime.presence import Absent
from codegen.runtime.queries import Query, SearchQuery, Selection
from codegen.runtime.ranges import Bound, Range
from codegen.runtime.vectors import VectorQuery

from ..bounds import IndexField, check_bounds
from ..field_keys import JsonObject
from ..indexes import StoredIndex
from ..searches import index_of, values_of
from ..tables import StoredTable

MODULE: Final = "tablewright"
"""The module of the deployment whose functions these are."""

Arguments: TypeAlias = dict[str, JsonValue]
Operator: TypeAlias = Literal["eq", "gt", "gte", "lt", "lte"]


class Question(NamedTuple):
    """A call of one of the functions."""

    kind: Literal["query", "mutation", "action"]
    name: str
    arguments: Arguments

    @property
    def function(self) -> str:
        return f"{MODULE}:{self.name}"

    def of_part(self, **part: JsonValue) -> Question:
        """The same of a part of what is found: its `limit`, or a `page`."""
        return self._replace(arguments={**self.arguments, **part})


def stretch(table: StoredTable[Any], query: Query[Any]) -> Question:
    """What is in a part of an index."""
    index = table.by_name[query.index]
    check_bounds(query.index, index.fields, query.bounds)
    conditions: list[JsonValue] = [*_conditions(index, query.bounds)]
    asked: Arguments = {"bounds": conditions, "order": query.direction}
    return Question("query", "query", {**_index(table, query), **asked})


def search(table: StoredTable[Any], query: SearchQuery[Any]) -> Question:
    """What has words of a text."""
    index = index_of(table, query)
    filters: list[JsonValue] = [
        _equal(index.marks.field(path), value) for path, value in query.equal
    ]
    asked: Arguments = {"field": index.definition.field, "text": query.text}
    return Question(
        "query", "search", {**_index(table, query), **asked, "filters": filters}
    )


def nearest(table: StoredTable[Any], query: VectorQuery[Any]) -> Question:
    """What is nearest to a vector; raises `Unsupported` where filters are about several fields."""
    index = index_of(table, query)
    if len(query.filters) > 1:
        raise Unsupported(
            "a vector query on a deployment filters by one field: filter by the others"
            " what it finds, or keep both values in one field"
        )
    filters: list[JsonValue] = [
        _equal(index.marks.field(path), value)
        for path, values in query.filters
        for value in values_of(values)
    ]
    asked: Arguments = {"vector": [*query.vector], "limit": float(query.limit)}
    return Question(
        "action", "nearest", {**_index(table, query), **asked, "filters": filters}
    )


def insertion(table: StoredTable[Any], fields: JsonObject) -> Arguments:
    """A change that stores a new document."""
    return _change("insert", table, fields=fields, unique=_unique(table))


def patching(
    table: StoredTable[Any], id: str, fields: JsonObject, removed: Sequence[str]
) -> Arguments:
    """A change of some fields, and the removal of others."""
    return _change(
        "patch",
        table,
        id=id,
        fields=fields,
        removed=[*removed],
        unique=_unique(table),
    )


def replacement(table: StoredTable[Any], id: str, fields: JsonObject) -> Arguments:
    """A change that puts another document in the place of one."""
    return _change("replace", table, id=id, fields=fields, unique=_unique(table))


def deletion(table: StoredTable[Any], id: str) -> Arguments:
    return _change("delete", table, id=id)


def _index(
    table: StoredTable[Any], query: Selection[Any] | VectorQuery[Any]
) -> Arguments:
    return {"table": table.name, "index": query.index}


def _change(op: str, table: StoredTable[Any], **rest: Any) -> Arguments:
    return {"op": op, "table": table.name, **rest}


def _unique(table: StoredTable[Any]) -> list[JsonValue]:
    """The indexes whose values a deployment does not keep apart by itself."""
    return [
        {"index": index.name, "fields": [*index.definition.fields]}
        for index in table.unique
    ]


def _conditions(index: StoredIndex, bounds: Sequence[object]) -> Iterator[Arguments]:
    for field, bound in zip(index.fields, bounds, strict=False):
        if isinstance(bound, Range):
            range_ = cast("Range[object]", bound)
            if range_.lower is not None:
                yield _end(field, range_.lower, "gte", "gt")
            if range_.upper is not None:
                yield _end(field, range_.upper, "lte", "lt")
        else:
            yield _condition("eq", field, bound)


def _end(
    field: IndexField, end: Bound[object], inclusive: Operator, exclusive: Operator
) -> Arguments:
    return _condition(inclusive if end.inclusive else exclusive, field, end.value)


def _condition(operator: Operator, field: IndexField, bound: object) -> Arguments:
    return {"op": operator, **_equal(field, bound)}


def _equal(field: IndexField, bound: object) -> Arguments:
    """What is absent is said by having no value."""
    value = field.value(bound)
    equal: Arguments = {"field": ".".join(field.path)}
    if not isinstance(value, Absent):
        equal["value"] = encode(value)
    return equal
