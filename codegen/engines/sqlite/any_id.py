"""Lays a timed table out anew, so that it keeps any id and any creation time."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from ..keys import float_key, string_key
from ..sql.catalog import Catalog
from ..sql.layout import Layout
from ..sql.whole_tables import drop_table
from .statements import CREATION_KEY, Statements


def keep_any_id(
    catalog: Catalog, connection: sqlite3.Connection, name: str, old: Layout
) -> Layout:
    """The new layout of a table, whose rows go over with the numbers that they have.

    It belongs into a transaction that records the schema again.
    """
    new = replace(old, table=catalog.new_table_name(name), timed=False)
    table = new.table
    for statement in catalog.dialect.create(new):
        connection.execute(statement)
    connection.create_function("_end", 2, _end, deterministic=True)
    connection.create_function("_with_id", 2, _with_id, deterministic=True)
    columns = [f'"{column.name}"' for column in old.columns.values()]
    kept = ["_row", "_id", "_creationTime", "_document"]
    names = ", ".join([*kept, f'"{CREATION_KEY}"', *columns])
    keys = [f"_with_id({column}, _id)" for column in columns]
    values = ", ".join([*kept, "_end(_creationTime, _id)", *keys])
    connection.execute(
        f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{old.table}" ORDER BY _row'
    )
    for side in old.sides.values():
        before, after = (Statements(one).beside(side).name for one in (old, new))
        connection.execute(f'ALTER TABLE "{before}" RENAME TO "{after}"')
    drop_table(catalog, replace(old, sides={}))
    catalog.record_table(name, new)
    return new


def _end(creation_time: float, id: str) -> bytes:
    return float_key(creation_time) + string_key(id)


def _with_id(key: bytes | None, id: str) -> bytes | None:
    return None if key is None else key + string_key(id)
