"""Indexes of tables as indexes of documents."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from codegen.ir.checks.index_names import MAX_INDEXES
from codegen.ir.checks.indexes import MAX_INDEX_FIELDS
from codegen.ir.model import Index

from .catalogue import IndexPart, Table, TableIndex
from .keys import own_id, own_time
from .names import plain_names
from .report import INDEX, RENAMED, Report

_RESERVED: Final = ("by_id", "by_creation_time")
_ORDERED: Final = ("btree", "hash")
_SAYS_NOTHING: Final = re.compile(
    "|idx|ix|ifk|fk|index|key|by|on|and|uq|uk|unique|uniq|like|[0-9a-f]{8}"
)
"""The words of a name that a tool makes, besides those of the table and its columns."""


def indexes(
    table: Table,
    names: Mapping[str, str],
    nullable: Collection[str],
    report: Report,
) -> tuple[Index, ...]:
    """The indexes of a table, that of its primary key first.

    `names` are those of the fields by column, `nullable` the columns that may be null.
    """
    making = _Making(table, names, nullable, report)
    given = list(table.indexes)
    if table.primary_key and own_id(table) is None:
        parts = tuple(IndexPart(column) for column in table.primary_key)
        given.insert(0, TableIndex("", parts, unique=True))
    made: dict[tuple[str, ...], tuple[str, Index]] = {}
    for index in given:
        one = making.index(index)
        if one is None:
            continue
        other = made.get(one.fields)
        if other is None:
            made[one.fields] = (index.name, one)
            continue
        first = other[0] or "another index"
        report.lost(
            INDEX,
            making.place(index),
            f"it has the same columns as {first}, and is written once",
        )
        unique = one.unique or other[1].unique
        made[one.fields] = (other[0], replace(other[1], unique=unique))
    found = [*made.values()]
    for name, _ in found[MAX_INDEXES:]:
        message = f"left out: a table has {MAX_INDEXES} indexes at most"
        report.lost(INDEX, f"{table.name}: {name}", message)
    return _named(table, [one for _, one in found[:MAX_INDEXES]], report)


@dataclass(frozen=True, slots=True)
class _Making:
    table: Table
    names: Mapping[str, str]
    nullable: Collection[str]
    report: Report

    def place(self, index: TableIndex) -> str:
        columns = ", ".join(part.column or "…" for part in index.parts)
        return f"{self.table.name}: {index.name or f'index of {columns}'}"

    def index(self, index: TableIndex) -> Index | None:
        """The index; None if there is none of the kind, or its fields are none of ours."""
        place, own = self.place(index), (own_id(self.table), own_time(self.table))
        parts = [
            part for part in index.parts if part.column not in own or not part.column
        ]
        reason = self._why_not(index, parts)
        if reason:
            self.report.lost(INDEX, place, f"left out: {reason}")
            return None
        if not parts:
            return None  # every table has it
        unique = index.unique and len(parts) == len(index.parts)
        if index.where:
            unique = False
            said = "unique and " if index.unique else ""
            message = f"{said}partial: WHERE {index.where} is left out"
            hint = "the index is of all documents, and not unique" if said else ""
            self.report.lost(INDEX, place, message, hint)
        columns = [part.column for part in parts if part.column is not None]
        self._tell_of_order(parts, place)
        if unique and not index.nulls_are_one:
            self._tell_of_null(columns, place)
        fields = tuple(dict.fromkeys(self.names[column] for column in columns))
        return Index("" if not index.name else index.name, fields, unique)

    def _why_not(self, index: TableIndex, parts: list[IndexPart]) -> str:
        if index.method not in _ORDERED:
            return f"an index by {index.method} has no equal"
        if any(part.column is None for part in parts):
            return "it is on an expression"
        gone = [p.column for p in parts if p.column and p.column not in self.names]
        if gone:
            return f"the column {gone[0]} is left out"
        if len(parts) > MAX_INDEX_FIELDS:
            return f"{len(parts)} columns, but {MAX_INDEX_FIELDS} fields are allowed"
        return ""

    def _tell_of_order(self, parts: list[IndexPart], place: str) -> None:
        falling = [part.column or "" for part in parts if part.descending]
        if falling:
            message = f"DESC of {', '.join(falling)} is left out"
            hint = "a query reads the whole index in either direction"
            self.report.lost(INDEX, place, message, hint)
        for part in parts:
            if part.collation:
                message = f"COLLATE {part.collation} of {part.column} is left out"
                self.report.lost(INDEX, place, message)

    def _tell_of_null(self, columns: list[str], place: str) -> None:
        null = [column for column in columns if column in self.nullable]
        if null:
            message = f"unique, though many rows may have NULL as {', '.join(null)}"
            hint = "here null is a value: leave the field out of documents instead"
            self.report.lost(INDEX, place, message, hint)


def _named(table: Table, made: list[Index], report: Report) -> tuple[Index, ...]:
    """The indexes with names: their own without the table's, or one after their fields."""
    wanted: list[str] = []
    for one in made:
        own = re.sub(
            rf"^{re.escape(table.name)}_(?=[a-z])", "", one.name, flags=re.IGNORECASE
        )
        if not own.startswith("by_") and _is_made_up(own, table, one):
            own = ""
        name = own or f"by_{'_'.join(one.fields)}"
        wanted.append(name if name not in wanted else f"{name}_{len(wanted)}")
    names = plain_names(wanted, _RESERVED)
    for was in wanted:
        if names[was] != was and any(one.name == was for one in made):
            report.lost(RENAMED, f"{table.name}: {was}", f"written `{names[was]}`")
    return tuple(
        replace(one, name=names[name]) for one, name in zip(made, wanted, strict=True)
    )


def _is_made_up(name: str, table: Table, index: Index) -> bool:
    """Whether a name says no more than the table and the columns do: `ix_users_email`."""
    rest = name.lower()
    for part in (table.name, *index.fields):
        rest = rest.replace(part.lower(), "_", 1)
    return all(map(_SAYS_NOTHING.fullmatch, rest.split("_")))
