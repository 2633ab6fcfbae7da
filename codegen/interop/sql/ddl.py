"""Writes the DDL of a relational database for a schema, as a person would.

A document is a row: `_id` and `_creationTime` are `id` and `creation_time`, an id of another
table is a reference, and what has parts of its own is JSON, with values in their encoded form.
Absent is NULL.
"""

from __future__ import annotations

from collections.abc import Iterator

from codegen.diagnostics import Fault
from codegen.ir.model import Schema

from .columns import Column
from .dialects import DIALECTS, Dialect
from .tables import SqlTable, TableWriter, table_names
from .text import comment, lines_of, name, string

_WIDTH = 88


def dumps(schema: Schema, dialect: str) -> tuple[str, list[Fault]]:
    """The statements for a schema that has passed its checks, and what they can't say.

    `dialect` is `sqlite` or `postgresql`.
    """
    speaks = DIALECTS[dialect]
    names, faults = table_names(schema, speaks)
    taken = {called.lower() for called in names.values()}
    taken |= {f"{called.lower()}_pkey" for called in names.values()}
    tables: dict[str, SqlTable] = {}
    for key, table in schema.tables.items():
        writer = TableWriter(table, names[key], schema, speaks)
        tables[key] = writer.table(taken)
        faults += writer.faults
    made = _Script(tables, speaks)
    parts = ["\n".join(made.table(table)) for table in tables.values()]
    parts += ["\n".join(made.later)] if made.later else []
    return "\n\n".join(parts) + "\n" if parts else "", faults + made.faults


class _Script:
    """`later` are statements for the end, when all tables are there."""

    def __init__(self, tables: dict[str, SqlTable], dialect: Dialect) -> None:
        self.later: list[str] = []
        self.faults: list[Fault] = []
        self._tables = tables
        self._dialect = dialect
        self._made: set[str] = set()

    def table(self, table: SqlTable) -> Iterator[str]:
        self._made.add(table.table.name)
        columns = list(table.columns.values())
        before = len(self.faults)
        references = [self._reference(table, column) for column in columns]
        remarks = (*table.remarks, *(fault.message for fault in self.faults[before:]))
        yield from comment(f"Not kept: {remark}" for remark in remarks)
        about = lines_of(table.table.description)
        aside = [] if self._dialect.is_postgresql else about
        head = f"CREATE TABLE {name(table.name)} ("
        yield f"{head} -- {aside[0]}" if aside else head
        yield from (f"  {line}" for line in comment(aside[1:]))
        for column, reference in zip(columns, references, strict=True):
            comma = "," if column is not columns[-1] else ""
            yield from self._column(column, reference + comma)
        yield ");"
        yield from table.indexes
        if self._dialect.is_postgresql:
            yield from _comments(table)

    def _column(self, column: Column, end: str) -> Iterator[str]:
        line = f"  {column.text}{end}"
        about = (
            [] if self._dialect.is_postgresql else lines_of(column.field.description)
        )
        if len(about) == 1 and len(line) + len(about[0]) + 4 <= _WIDTH:
            yield f"{line} -- {about[0]}"
            return
        yield from (f"  {one}" for one in comment(about))
        yield line

    def _reference(self, table: SqlTable, column: Column) -> str:
        if column.shape.reference is None:
            return ""
        other = self._tables.get(column.shape.reference)
        if other is None:
            message = f"`{column.field.name}` refers to {column.shape.reference}, which is no table here"
            path = ("tables", table.table.name, "document", "field", column.field.name)
            self.faults.append(Fault("W432", path, message))
            return ""
        target = f"{name(other.name)} ({name(other.id)})"
        if other.table.name in self._made or not self._dialect.is_postgresql:
            return f" REFERENCES {target}"
        self.later.append(
            f"ALTER TABLE {name(table.name)} "
            f"ADD FOREIGN KEY ({name(column.name)}) REFERENCES {target};"
        )
        return ""


def _comments(table: SqlTable) -> Iterator[str]:
    """The descriptions, which PostgreSQL keeps."""
    if text := _described(table.table.description):
        yield f"COMMENT ON TABLE {name(table.name)} IS {text};"
    for column in table.columns.values():
        if text := _described(column.field.description):
            place = f"{name(table.name)}.{name(column.name)}"
            yield f"COMMENT ON COLUMN {place} IS {text};"


def _described(text: str) -> str:
    lines = lines_of(text)
    return string("\n".join(lines)) if any(lines) else ""
