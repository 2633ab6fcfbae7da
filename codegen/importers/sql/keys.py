"""Which columns are what every document has by itself: its id, and when it was made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from .catalogue import Column, Table

_IDS: Final = ("id", "uuid", "guid", "pk")
_CREATION_TIMES: Final = ("_creation_time", "creation_time")


def own_id(table: Table) -> str | None:
    """The primary key if it is one column that only numbers the rows: a document's `_id`.

    A key that says something, such as a code or a reference, stays a field.
    """
    if len(table.primary_key) != 1:
        return None
    (name,) = table.primary_key
    column = _column(table, name)
    if column is None or any(name in key.columns for key in table.foreign_keys):
        return None
    plain = name.lower().strip("_")
    if plain in _IDS or column.numbered:
        return name
    is_number = column.type.kind in ("int", "whole", "uuid", "decimal")
    return name if is_number and _says_id(plain) else None


def own_time(table: Table) -> str | None:
    """The column of `_creationTime`, as `codegen export` writes it."""
    if own_id(table) is None:
        return None
    for name in _CREATION_TIMES:
        column = _column(table, name)
        if column and column.type.kind == "float" and column.not_null:
            return name
    return None


def _says_id(name: str) -> bool:
    return any(name.endswith(word) for word in _IDS)


def _column(table: Table, name: str) -> Column | None:
    return next((c for c in table.columns if c.name == name), None)


def notes_of_keys(tables: Iterable[Table]) -> list[str]:
    """One sentence on the columns that become `_id`, and one on those of the creation time."""
    ids = [f"{table.name}.{name}" for table in tables if (name := own_id(table))]
    times = [f"{table.name}.{name}" for table in tables if (name := own_time(table))]
    notes: list[str] = []
    if ids:
        notes.append(f"every document has an `_id`, which stands for {some(ids)}")
    if times:
        notes.append(
            f"every document has a `_creationTime`, which stands for {some(times)}"
        )
    return notes


def some(names: list[str], most: int = 5) -> str:
    """The first names, and how many more there are."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most:,} more" if len(names) > most else shown
