"""Database indexes, and the names of all indexes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from codegen.diagnostics import Fault, Path

from ..model import Index, Schema, Table
from ..nodes import Nodes
from .identifiers import shown
from .index_fields import check_field, split
from .index_names import check_index_names, is_index_name
from .reach import Reach

MAX_INDEX_FIELDS: Final = 15
"""The server allows 16, and appends `_creationTime` as the last."""


def check_indexes(schema: Schema, nodes: Nodes) -> Iterator[Fault]:
    """Names of indexes of every kind, then the fields of the database indexes."""
    for table in schema.tables.values():
        yield from check_index_names(table)
        if table.indexes:
            yield from _database_indexes(table, schema)


def _database_indexes(table: Table, schema: Schema) -> Iterator[Fault]:
    reach = Reach(table.document, schema) if schema.schema_validation else None
    first: dict[tuple[str, ...], Path] = {}
    for i, index in enumerate(table.indexes):
        path: Path = ("tables", table.name, "indexes", i)
        yield from _index(path, index, reach)
        if not is_index_name(index.name):
            continue  # it is refused, so that nothing is the same as it
        fields = tuple(".".join(split(field)) for field in index.fields)
        other = first.setdefault(fields, path)
        if fields and other != path:
            message = f"another index has the same fields as {shown(index.name)}"
            related = ((other, "it is defined here"),)
            yield Fault("E311", path, message, "one of the two is enough", related)


def _index(path: Path, index: Index, reach: Reach | None) -> Iterator[Fault]:
    if not index.fields:
        yield Fault("E305", path, f"index {shown(index.name)} has no field")
    if len(index.fields) > MAX_INDEX_FIELDS:
        count = f"{len(index.fields)} fields, but {MAX_INDEX_FIELDS} are allowed"
        message = f"index {shown(index.name)} has {count}"
        yield Fault("E306", (*path, "fields", MAX_INDEX_FIELDS), message)
    if index.unique and index.staged:
        message = f"index {shown(index.name)} is both staged and unique"
        hint = "a staged index is not kept up yet, so it can't refuse anything"
        yield Fault("E314", path, message, hint)
    first: dict[str, Path] = {}
    for k, field in enumerate(index.fields):
        place: Path = (*path, "fields", k)
        plain = ".".join(split(field))
        if plain in first:
            message = f"index field {shown(field)} is there twice"
            related = ((first[plain], "first used here"),)
            yield Fault("E307", place, message, "", related)
        first.setdefault(plain, place)
        yield from _system_field(place, plain) or check_field(place, field, reach)


def _system_field(path: Path, field: str) -> list[Fault]:
    if field == "_id":
        message = "`_id` can't be an index field"
        return [Fault("E308", path, message, "to load a document by id, use get(id)")]
    if field == "_creationTime":
        message = "`_creationTime` can't be an index field"
        hint = "leave it out: Convex appends it to every index"
        return [Fault("E309", path, message, hint)]
    if field.startswith("_") or "._" in field:
        message = (
            f"index field {shown(field)} has a name that starts with an underscore"
        )
        return [Fault("E310", path, message, "Convex does not index such fields")]
    return []
