"""Plans of what is written. Each runs inside a transaction, and does all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, cast

from codegen.runtime.documents import I, New, Patch, TableModel
from codegen.runtime.errors import NotFound, UniqueViolation
from codegen.runtime.ids import D, Id
from codegen.runtime.presence import REMOVE_FORM
from codegen.runtime.wire import writable

from .clock import Clock
from .commands import Delete, Fetch, Found, Insert, Latest, Plan, Row, Scan, Update
from .field_keys import JsonObject
from .keys import AFTER
from .reads import table_of
from .tables import CREATION_TIME, StoredIndex, StoredTable, Tables


def insert(tables: Tables, clock: Clock, new: New[I]) -> Plan[I]:
    """Stores a new document; the answer is its id."""
    table = _table_for(tables, new, New)
    latest: float = yield Latest(table.name)
    row, document = _new_row(table, clock.tick(latest), new)
    for index in table.unique:
        yield from _check_unique(table, index, row.id, document)
    yield Insert(table.name, (row,))
    return cast(I, table.id(row.id))


def insert_many(tables: Tables, clock: Clock, news: Sequence[New[I]]) -> Plan[list[I]]:
    """Stores new documents; the answer is their ids, in order."""
    ids: list[I] = []
    for name, group in groupby(news, lambda new: _table_for(tables, new, New).name):
        table = tables[name]
        if table.unique:
            for new in group:
                ids.append((yield from insert(tables, clock, new)))
            continue
        latest: float = yield Latest(name)
        rows = [_new_row(table, clock.tick(latest), new)[0] for new in group]
        yield Insert(name, rows)
        ids += [cast(I, table.id(row.id)) for row in rows]
    return ids


def patch(tables: Tables, id: Id[D], patch: Patch[D]) -> Plan[None]:
    """Changes the fields of a document that the patch gives."""
    table = table_of(tables, id)
    if _table_for(tables, patch, Patch) is not table:
        raise TypeError(f"{type(patch).__name__} is no patch of `{table.name}`")
    stored = yield from _stored(table, id)
    changed = dict(stored)
    for name, value in patch.to_wire().items():
        if value == REMOVE_FORM:
            changed.pop(name, None)
        else:
            changed[name] = value
    yield from _store(table, id, stored, writable(changed).decode())


def replace(tables: Tables, id: I, new: New[I]) -> Plan[None]:
    """Puts another document in the place of one; its id and creation time stay."""
    table = table_of(tables, id)
    if _table_for(tables, new, New) is not table:
        raise TypeError(f"{type(new).__name__} is no document of `{table.name}`")
    stored = yield from _stored(table, id)
    created = cast(float, stored[CREATION_TIME])
    text = table.row_text(id, created, new.to_wire_json())
    yield from _store(table, id, stored, text)


def delete(tables: Tables, id: Id[Any]) -> Plan[None]:
    """Removes a document."""
    table = table_of(tables, id)
    existed: bool = yield Delete(table.name, id)
    if not existed:
        table.check_id(id)
        raise NotFound(table.name, id)


def _table_for(tables: Tables, model: TableModel, kind: type) -> StoredTable[Any]:
    table = tables.find(getattr(model, "__table__", ""))
    if table is None or not isinstance(model, kind) or not table.owns(type(model)):
        raise TypeError(
            f"{type(model).__name__} is not a {kind.__name__} of this package"
        )
    return table


def _new_row(
    table: StoredTable[Any], created: float, new: New[Any]
) -> tuple[Row, JsonObject]:
    id = table.new_id(created)
    text = table.row_text(id, created, new.to_wire_json())
    return table.row(id, created, text)


def _stored(table: StoredTable[Any], id: str) -> Plan[JsonObject]:
    text: str | None = yield Fetch(table.name, id)
    if text is None:
        table.check_id(id)
        raise NotFound(table.name, id)
    return table.stored(text, id)


def _store(
    table: StoredTable[Any], id: str, stored: JsonObject, text: str
) -> Plan[None]:
    """Stores a changed document. One that is the same is neither checked nor written."""
    before = dict(stored)
    if text == writable(before).decode():
        return
    created = cast(float, stored[CREATION_TIME])
    row, document = table.row(id, created, text)
    keys = {
        index.name: new
        for index, old, new in zip(
            table.indexes, table.keys(id, created, before), row.keys, strict=True
        )
        if old != new
    }
    for index in table.unique:
        if index.name in keys:
            yield from _check_unique(table, index, id, document)
    yield Update(table.name, id, row.document, keys)


def _check_unique(
    table: StoredTable[Any], index: StoredIndex, id: str, document: JsonObject
) -> Plan[None]:
    prefix = index.unique_prefix(document)
    if prefix is None:
        return
    scan = Scan(table.name, index.name, prefix, prefix + AFTER, limit=2)
    others: list[Found] = yield scan
    for _, other in others:
        found = str(table.stored(other, "in a unique index").get("_id"))
        if found != id:
            raise UniqueViolation(table.name, index.name, found)
