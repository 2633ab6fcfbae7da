"""Parts of plans that keep search and vector indexes to the documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from .commands import Enter, Insert, Leave, Plan, Row
from .field_keys import CREATION_TIME, JsonObject
from .table_rows import TableRows


def insert_rows(table: TableRows, rows: Sequence[tuple[Row, JsonObject]]) -> Plan[None]:
    """Stores new rows, whose documents are known to be unique, and enters them."""
    yield Insert(table.name, [row for row, _ in rows])
    if table.entered:
        yield from enter_rows(table, rows)


def enter_rows(table: TableRows, rows: Sequence[tuple[Row, JsonObject]]) -> Plan[None]:
    """Enters rows that were just stored."""
    for index in table.entered:
        entries = [
            (row[0], row[1], entry)
            for row, document in rows
            if (entry := index.entry(document))
        ]
        if entries:
            yield Enter(table.name, index.name, entries)


def move_entries(
    table: TableRows, stored: JsonObject, changed: JsonObject | None
) -> Plan[None]:
    """Enters a changed document anew where that makes a difference; None is a deleted one."""
    id, created = cast("tuple[str, float]", (stored["_id"], stored[CREATION_TIME]))
    for index in table.entered:
        old = index.entry(stored)
        new = index.entry(changed) if changed is not None else None
        if old == new:
            continue
        if old:
            yield Leave(table.name, index.name, id, old)
        if new:
            yield Enter(table.name, index.name, ((id, created, new),))
