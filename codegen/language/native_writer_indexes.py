"""Indexes of a table, each in its shortest form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from codegen.ir.model import Index, SearchIndex, Table, VectorIndex

from .native_writer_text import WIDTH, scalar

_Value: TypeAlias = "str | Sequence[str]"
"""What is written as it is, or a list of texts."""


def index_lines(table: Table, indent: int) -> list[str]:
    """The indexes of all three kinds, each kind under its key."""
    kinds = (
        ("indexes", [_index(index, indent + 2) for index in table.indexes]),
        ("searchIndexes", [_search(i, indent + 2) for i in table.search_indexes]),
        ("vectorIndexes", [_vector(i, indent + 2) for i in table.vector_indexes]),
    )
    lines: list[str] = []
    for key, indexes in kinds:
        if indexes:
            lines.append(f"{' ' * indent}{key}:")
            lines += (line for index in indexes for line in index)
    return lines


def list_lines(key: str, items: Iterable[str], indent: int) -> list[str]:
    """A key with a list of texts."""
    texts = [scalar(item, inside=True) for item in items]
    margin = " " * indent
    line = f"{margin}{key}: [{', '.join(texts)}]"
    if len(line) <= WIDTH:
        return [line]
    return [f"{margin}{key}:", *(f"{margin}  - {text}" for text in texts)]


def _index(index: Index, indent: int) -> list[str]:
    if not (index.unique or index.staged):
        return list_lines(scalar(index.name), index.fields, indent)
    flags = {"unique": index.unique, "staged": index.staged}
    return _mapping(index.name, {"fields": index.fields}, flags, indent)


def _search(index: SearchIndex, indent: int) -> list[str]:
    values: dict[str, _Value] = {"field": scalar(index.field, inside=True)}
    if index.filters:
        values["filters"] = index.filters
    return _mapping(index.name, values, {"staged": index.staged}, indent)


def _vector(index: VectorIndex, indent: int) -> list[str]:
    values: dict[str, _Value] = {
        "field": scalar(index.field, inside=True),
        "dimensions": str(index.dimensions),
    }
    if index.filters:
        values["filters"] = index.filters
    return _mapping(index.name, values, {"staged": index.staged}, indent)


def _mapping(
    name: str, values: dict[str, _Value], flags: dict[str, bool], indent: int
) -> list[str]:
    """A name with its settings, in braces if they fit on the line."""
    given = values | {flag: "true" for flag, is_set in flags.items() if is_set}
    parts = [f"{key}: {_inline(value)}" for key, value in given.items()]
    margin = " " * indent
    line = f"{margin}{scalar(name)}: {{{', '.join(parts)}}}"
    if len(line) <= WIDTH:
        return [line]
    lines = [f"{margin}{scalar(name)}:"]
    for key, value in given.items():
        if isinstance(value, str):
            lines.append(f"{margin}  {key}: {value}")
        else:
            lines += list_lines(key, value, indent + 2)
    return lines


def _inline(value: _Value) -> str:
    if isinstance(value, str):
        return value
    return f"[{', '.join(scalar(item, inside=True) for item in value)}]"
