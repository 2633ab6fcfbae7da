"""The calls that define the indexes of a table in `schema.ts`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codegen.ir.checks.index_fields import split
from codegen.ir.checks.reach import Reach
from codegen.ir.model import Index, Schema, SearchIndex, Table, VectorIndex

from .syntax import Array, Atom, Call, Expression, Object, Property
from .text import string


def index_calls(table: Table, schema: Schema) -> Iterator[Call]:
    """A call for each index: database indexes, then search indexes, then vector indexes."""
    paths = _Paths(Reach(table.document, schema))
    for index in table.indexes:
        yield _index(index, paths)
    for search in table.search_indexes:
        yield _search_index(search, paths)
    for vector in table.vector_indexes:
        yield _vector_index(vector, paths)


def _index(index: Index, paths: _Paths) -> Call:
    fields: Expression = paths.list(index.fields)
    if index.staged:
        fields = Object((Property("fields", fields), _STAGED))
    comments = ("// Not enforced by Convex: unique",) if index.unique else ()
    return Call("index", (Atom(string(index.name)), fields), comments)


def _search_index(index: SearchIndex, paths: _Paths) -> Call:
    field = Property("searchField", paths.one(index.field))
    return Call("searchIndex", _config(index, paths, field))


def _vector_index(index: VectorIndex, paths: _Paths) -> Call:
    field = Property("vectorField", paths.one(index.field))
    dimensions = Property("dimensions", Atom(str(index.dimensions)))
    return Call("vectorIndex", _config(index, paths, field, dimensions))


def _config(
    index: SearchIndex | VectorIndex, paths: _Paths, *properties: Property
) -> tuple[Expression, ...]:
    if index.filters:
        properties += (Property("filterFields", paths.list(index.filters)),)
    if index.staged:
        properties += (_STAGED,)
    return Atom(string(index.name)), Object(properties)


_STAGED = Property("staged", Atom("true"))


class _Paths:
    """Writes the paths of fields in the documents of one table."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    def one(self, path: str) -> Atom:
        """A path; one that is not in the types of the documents is not checked by them."""
        return Atom(string(path) if self._is_typed(path) else f"{string(path)} as any")

    def list(self, paths: Iterable[str]) -> Array:
        return Array(tuple(map(self.one, paths)))

    def _is_typed(self, path: str) -> bool:
        if path.startswith("_"):
            return path == "_creationTime"
        names = split(path)
        return path == ".".join(names) and self._reach.can_contain(names)
