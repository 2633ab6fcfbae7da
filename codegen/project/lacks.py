"""What the generated code of a project expects of a deployment, and the deployment lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from codegen.ir.model import Function, Index, Schema, SearchIndex, Table, VectorIndex


class Lack(NamedTuple):
    """A thing that is not there, or is there as something else; `text` says what."""

    kind: Literal["table", "index", "function"]
    name: str
    text: str


def lacks(
    schema: Schema, deployed: Schema, functions: Mapping[str, Function]
) -> Iterator[Lack]:
    """What is missing, in the project's order."""
    for name, table in schema.tables.items():
        there = deployed.tables.get(name)
        if there is None:
            yield Lack("table", name, "no such table was pushed")
        else:
            yield from _indexes(table, there)
    for path, function in schema.functions.items():
        found = functions.get(path)
        if found is None:
            yield Lack("function", path, f"no such {_kind(function)} was pushed")
        elif _kind(found) != _kind(function):
            text = f"it is of another kind there: {_kind(found)}"
            yield Lack("function", path, text)


def _indexes(ours: Table, theirs: Table) -> Iterator[Lack]:
    there = {index.name: index for index in _all(theirs)}
    for index in _all(ours):
        if index.staged:
            continue  # nobody asks it yet
        found = there.get(index.name)
        name = f"{ours.name}.{index.name}"
        if found is None:
            yield Lack("index", name, "no such index was pushed")
        elif found.staged:
            yield Lack("index", name, "it is staged there, and can't be asked")
        elif _covered(found) != _covered(index):
            yield Lack("index", name, "it is another one there")


def _all(table: Table) -> Iterator[Index | SearchIndex | VectorIndex]:
    yield from table.indexes
    yield from table.search_indexes
    yield from table.vector_indexes


def _covered(index: Index | SearchIndex | VectorIndex) -> tuple[object, ...]:
    """What an index is of, whatever else our side says of it."""
    if isinstance(index, Index):
        return index.fields
    filters = frozenset(index.filters)
    if isinstance(index, SearchIndex):
        return index.field, filters
    return index.field, filters, index.dimensions


def _kind(function: Function) -> str:
    return f"{function.visibility} {function.kind}"
