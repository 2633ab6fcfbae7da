"""From search and vector queries to what is asked of a storage."""

from __future__ import annotations

from typing import Any, Final, cast

from codegen.ir.model import SearchIndex
from codegen.runtime.errors import InvalidQuery
from codegen.runtime.filters import AnyOf
from codegen.runtime.queries import SearchQuery
from codegen.runtime.vectors import VectorQuery

from .commands import Nearest, Search
from .entries import StoredEntries
from .table_rows import TableRows
from .unit_vectors import packed
from .words import terms_of

MAX_FOUND: Final = 1024
"""How many documents are read of a search at most, as on the server."""
MAX_EQUAL: Final = 8
"""How many fields a search filters by at most, as on the server."""
MAX_VALUES: Final = 64
"""How many values the filters of a vector query have at most, as on the server."""


def search_of(table: TableRows, query: SearchQuery[Any]) -> Search:
    """What a search asks for; an `InvalidQuery` where it does not fit its index."""
    index = index_of(table, query)
    if len(query.equal) > MAX_EQUAL:
        raise InvalidQuery(
            f"a search filters by {MAX_EQUAL} fields at most, not by {len(query.equal)}"
        )
    marks = tuple(index.marks.of_value(path, value) for path, value in query.equal)
    return Search(table.name, index.name, terms_of(query.text), marks, MAX_FOUND + 1)


def nearest_of(table: TableRows, query: VectorQuery[Any]) -> Nearest:
    """What a vector query asks for; an `InvalidQuery` where it does not fit its index."""
    index = index_of(table, query)
    dimensions = getattr(index.definition, "dimensions", 0)
    if len(query.vector) != dimensions:
        raise InvalidQuery(
            f"vector index `{index.name}` of table `{table.name}` has {dimensions}"
            f" dimensions, and got a vector of {len(query.vector)}"
        )
    vector = packed(query.vector)
    if vector is None:
        raise InvalidQuery("the vector has no direction: it is zero, or not finite")
    marks = tuple(
        tuple(index.marks.of_value(path, one) for one in values_of(value))
        for path, value in query.filters
    )
    count = sum(map(len, marks))
    if count > MAX_VALUES:
        raise InvalidQuery(
            f"the filters of a vector query have {MAX_VALUES} values at most, not {count}"
        )
    return Nearest(table.name, index.name, vector, marks, query.limit)


def index_of(
    table: TableRows, query: SearchQuery[Any] | VectorQuery[Any]
) -> StoredEntries:
    """The index of a query; an `InvalidQuery` where there is none, or a staged one."""
    name = query.index
    searches = isinstance(query, SearchQuery)
    for index in table.entered:
        if index.name == name and searches == isinstance(index.definition, SearchIndex):
            if index.definition.staged:
                raise InvalidQuery(f"index `{name}` of table `{table.name}` is staged")
            return index
    what = "search" if searches else "vector"
    raise InvalidQuery(f"table `{table.name}` has no {what} index `{name}`")


def values_of(value: object) -> tuple[object, ...]:
    """The values of a filter of a vector query: one, or those of an `AnyOf`."""
    if isinstance(value, AnyOf):
        return cast("AnyOf[object]", value).values
    return (value,)
