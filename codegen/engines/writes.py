"""Plans of what is written. Each runs inside a transaction, and does all or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Final, TypeAlias, cast

from codegen.ir.types import JsonValue
from codegen.runtime.documents import I, New, Patch, TableModel
from codegen.runtime.errors import NotFound, UniqueViolation
from codegen.runtime.ids import D, Id
from codegen.runtime.presence import REMOVE_FORM
from codegen.runtime.wire import writable

from .clock import Clock
from .commands import Delete, Fetch, Found, Insert, Plan, Scan, Update
from .entering import enter_rows, insert_rows, move_entries
from .field_keys import CREATION_TIME, JsonObject
from .indexes import StoredIndex
from .keys import AFTER
from .reads import sent, table_of
from .table_rows import TableRows
from .tables import StoredTable, Tables

Draft: TypeAlias = tuple[StoredTable[Any], str]
"""The table of a new document, and the JSON of its fields."""

# Documents that are stored at a time: more of them only fill the memory.
_PORTION: Final = 100


def draft(tables: Tables, new: New[I]) -> Draft:
    """What is to be stored of a new document."""
    table = table_of_model(tables, new, New)
    return table, table.fields(new)


def insert(clock: Clock, draft: Draft) -> Plan[Id[Any]]:
    """Stores a new document; the answer is its id."""
    table, fields = draft
    latest: float = yield table.latest
    row, document = table.new_row(clock.tick(latest), fields)
    for index in table.unique:
        yield from _check_unique(table, index, row[0], document)
    yield Insert(table.name, (row,))
    if table.entered:
        yield from enter_rows(table, ((row, document),))
    return table.id(row[0])


def insert_many(clock: Clock, drafts: Iterable[Draft]) -> Plan[list[Id[Any]]]:
    """Stores new documents; the answer is their ids, in order."""
    ids: list[Id[Any]] = []
    for table, neighbours in groupby(drafts, itemgetter(0)):
        if table.unique:
            # Each has to be there when the next is compared with it.
            for draft in neighbours:
                ids.append((yield from insert(clock, draft)))
            continue
        latest: float = yield table.latest
        while fields := [text for _, text in islice(neighbours, _PORTION)]:
            times = [clock.tick(latest) for _ in fields]
            rows = table.new_rows(times, fields)
            yield from insert_rows(table, rows)
            ids += [table.id(row[0]) for row, _ in rows]
    return ids


def patch(tables: Tables, id: Id[D], patch: Patch[D]) -> Plan[None]:
    """Changes the fields of a document that the patch gives."""
    table = table_of(tables, id)
    changes: JsonObject = json.loads(fields_of(table, tables, patch, Patch))
    stored = yield from _stored(table, id)
    changed = dict(stored)
    for name, value in changes.items():
        if value == REMOVE_FORM:
            changed.pop(name, None)
        else:
            changed[name] = value
    if not same(changed, stored):
        yield from store(table, id, stored, writable(changed).decode())


def replace(tables: Tables, id: I, new: New[I]) -> Plan[None]:
    """Puts another document in the place of one; its id and creation time stay."""
    table = table_of(tables, id)
    fields: JsonObject = json.loads(fields_of(table, tables, new, New))
    stored = yield from _stored(table, id)
    system = {"_id": stored["_id"], CREATION_TIME: stored[CREATION_TIME]}
    changed = {**system, **fields}
    if not same(changed, stored):
        yield from store(table, id, stored, writable(changed).decode())


def delete(tables: Tables, id: Id[Any]) -> Plan[None]:
    """Removes a document."""
    table = table_of(tables, id)
    if table.entered:
        yield from move_entries(table, (yield from _stored(table, id)), None)
    existed: bool = yield Delete(table.name, sent(id))
    if not existed:
        table.check_id(id)
        raise NotFound(table.name, id)


def table_of_model(
    tables: Tables, model: TableModel, kind: type[TableModel]
) -> StoredTable[Any]:
    table = tables.of_class(type(model))
    if table is None or not isinstance(model, kind):
        raise TypeError(
            f"{type(model).__name__} is not a {kind.__name__} of this package"
        )
    return table


def fields_of(
    table: StoredTable[Any], tables: Tables, model: TableModel, kind: type[TableModel]
) -> str:
    """The JSON of a model that writes to a table."""
    if table_of_model(tables, model, kind) is not table:
        raise TypeError(f"{type(model).__name__} does not write to `{table.name}`")
    return table.fields(model)


def _stored(table: StoredTable[Any], id: str) -> Plan[JsonObject]:
    text: str | None = yield Fetch(table.name, sent(id))
    if text is None:
        table.check_id(id)
        raise NotFound(table.name, id)
    return table.stored(text, id)


def same(changed: JsonObject, stored: JsonObject) -> bool:
    """Whether nothing changes: then nothing is checked, and nothing is written."""
    # To Python 1, 1.0 and True are equal, and so are 0.0 and -0.0.
    return changed == stored and _sorted(changed) == _sorted(stored)


def _sorted(value: JsonValue) -> str:
    return json.dumps(value, sort_keys=True)


def store(table: TableRows, id: str, stored: JsonObject, text: str) -> Plan[None]:
    """Stores a changed document, and the keys that are different."""
    created = cast(float, stored[CREATION_TIME])
    (_, _, _, *new_keys), document = table.row(id, created, text)
    old_keys = table.keys(id, created, stored)
    keys = {
        index.name: new
        for index, old, new in zip(table.indexes, old_keys, new_keys, strict=True)
        if old != new
    }
    for index in table.unique:
        if index.name in keys:
            yield from _check_unique(table, index, id, document)
    yield Update(table.name, id, text, keys)
    if table.entered:
        yield from move_entries(table, stored, document)


def _check_unique(
    table: TableRows, index: StoredIndex, id: str, document: JsonObject
) -> Plan[None]:
    prefix = index.unique_prefix(document)
    if prefix is None:
        return
    scan = Scan(table.name, index.name, prefix, prefix + AFTER, limit=2)
    others: list[Found] = yield scan
    for other, _ in others:
        found = str(table.stored(other).get("_id"))
        if found != id:
            raise UniqueViolation(table.name, index.name, found)
