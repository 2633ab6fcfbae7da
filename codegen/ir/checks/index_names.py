"""The names of a table's indexes of all three kinds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from codegen.diagnostics import Fault, Path

from ..model import Index, SearchIndex, Table, VectorIndex
from .identifiers import is_identifier, shown, why_not

MAX_INDEXES: Final = 64
_AnyIndex: TypeAlias = Index | SearchIndex | VectorIndex
_RESERVED: Final = ("by_id", "by_creation_time")


def check_index_names(table: Table) -> Iterator[Fault]:
    """Shape, reserved names, names used twice, and too many of them."""
    kinds: tuple[tuple[str, Sequence[_AnyIndex]], ...] = (
        ("indexes", table.indexes),
        ("searchIndexes", table.search_indexes),
        ("vectorIndexes", table.vector_indexes),
    )
    first: dict[str, Path] = {}
    count = 0
    for kind, indexes in kinds:
        for i, index in enumerate(indexes):
            path: Path = ("tables", table.name, kind, i)
            yield from _name(path, index.name)
            if index.name in first:
                message = f"two indexes have the name {shown(index.name)}"
                related = ((first[index.name], "first defined here"),)
                yield Fault("E303", path, message, "", related)
            first.setdefault(index.name, path)
            count += 1
            if count == MAX_INDEXES + 1:
                message = f"a table has {MAX_INDEXES} indexes at most, of all kinds"
                yield Fault("E304", path, message)


def is_index_name(name: str) -> bool:
    """Whether an index may have this name."""
    return not any(_name((), name))


def _name(path: Path, name: str) -> Iterator[Fault]:
    if not is_identifier(name):
        yield Fault("E301", path, f"index name {shown(name)} {why_not(name)}")
    elif name in _RESERVED:
        hint = "it is there already: every table has it"
        yield Fault("E302", path, f"index name {shown(name)} is Convex's own", hint)
    elif name.startswith("_") and not name.startswith("_fivetran"):
        message = f"index name {shown(name)} starts with an underscore"
        yield Fault("E302", path, message, "Convex keeps such names for itself")
