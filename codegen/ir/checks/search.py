"""Search indexes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from codegen.diagnostics import Fault, Path

from ..model import Schema, SearchIndex, Table, VectorIndex
from ..nodes import Nodes
from .identifiers import shown
from .index_fields import check_field, split
from .reach import Reach

MAX_FILTERS: Final = 16


def check_search_indexes(schema: Schema, nodes: Nodes) -> Iterator[Fault]:
    """The fields exist, and no two indexes search and filter by the same."""
    for table in schema.tables.values():
        if table.search_indexes:
            yield from _search_indexes(table, schema)


def _search_indexes(table: Table, schema: Schema) -> Iterator[Fault]:
    reach = Reach(table.document, schema) if schema.schema_validation else None
    first: dict[tuple[str, frozenset[str]], Path] = {}
    for i, index in enumerate(table.search_indexes):
        path: Path = ("tables", table.name, "searchIndexes", i)
        yield from check_field((*path, "field"), index.field, reach)
        yield from check_filters(path, index)
        for k, field in enumerate(index.filters):
            yield from check_field((*path, "filters", k), field, reach)
        filters = frozenset(".".join(split(field)) for field in index.filters)
        other = first.setdefault((".".join(split(index.field)), filters), path)
        if other != path:
            message = (
                f"another search index has the field and filters of {shown(index.name)}"
            )
            related = ((other, "it is defined here"),)
            yield Fault("E316", path, message, "one of the two is enough", related)


def check_filters(path: Path, index: SearchIndex | VectorIndex) -> Iterator[Fault]:
    """The number of filters, and filters that are there twice."""
    if len(set(index.filters)) > MAX_FILTERS:
        message = f"{len(index.filters)} filters, but {MAX_FILTERS} are allowed"
        yield Fault("E315", (*path, "filters", MAX_FILTERS), message)
    first: dict[str, Path] = {}
    for k, field in enumerate(index.filters):
        place: Path = (*path, "filters", k)
        other = first.setdefault(field, place)
        if other != place:
            message = f"filter {shown(field)} is there twice"
            yield Fault("E320", place, message, "", ((other, "first used here"),))
