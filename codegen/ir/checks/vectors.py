"""Vector indexes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from codegen.diagnostics import Fault, Path

from ..model import Schema, Table
from ..nodes import Nodes
from .identifiers import shown
from .index_fields import check_field, split
from .reach import Reach
from .search import check_filters

DIMENSIONS: Final = range(2, 4097)


def check_vector_indexes(schema: Schema, nodes: Nodes) -> Iterator[Fault]:
    """Dimensions, the type of the field, and indexes that are there twice."""
    for table in schema.tables.values():
        if table.vector_indexes:
            yield from _vector_indexes(table, schema)


def _vector_indexes(table: Table, schema: Schema) -> Iterator[Fault]:
    reach = Reach(table.document, schema) if schema.schema_validation else None
    first: dict[tuple[str, int], Path] = {}
    for i, index in enumerate(table.vector_indexes):
        path: Path = ("tables", table.name, "vectorIndexes", i)
        yield from _field((*path, "field"), index.field, reach)
        if index.dimensions not in DIMENSIONS:
            bounds = f"{DIMENSIONS[0]} to {DIMENSIONS[-1]}"
            message = f"{index.dimensions} dimensions, but {bounds} are allowed"
            yield Fault("E317", (*path, "dimensions"), message)
        yield from check_filters(path, index)
        for k, field in enumerate(index.filters):
            # The server takes filters on fields that do not exist, so this is a warning.
            yield from check_field((*path, "filters", k), field, reach, missing="W301")
        other = first.setdefault((".".join(split(index.field)), index.dimensions), path)
        if other != path:
            message = (
                f"another vector index has the field and dimensions of "
                f"{shown(index.name)}"
            )
            related = ((other, "it is defined here"),)
            yield Fault("E318", path, message, "one of the two is enough", related)


def _field(path: Path, field: str, reach: Reach | None) -> Iterator[Fault]:
    faults = list(check_field(path, field, reach))
    yield from faults
    if not faults and reach is not None and not reach.can_be_vector(split(field)):
        message = f"field {shown(field)} can't hold a vector"
        yield Fault("E319", path, message, "the type of a vector is list[float]")
