"""Runs functions that change documents on all of a table, in batches beside running programs.

Each batch is a transaction, which notes how far the migration is: whoever goes on after a kill meets
no document twice.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Final, TypeAlias, cast

from codegen.ir.bounds import opened
from codegen.ir.values import Value, decode, encode
from codegen.migrations import DELETE, Document, Function
from codegen.runtime.errors import SchemaChanged, UniqueViolation, ValidationFailed
from codegen.runtime.scalars import Int64
from codegen.runtime.wire import writable

from .bare import Run
from .clock import now_ms
from .commands import Delete, Found, Plan, Scan
from .cursors import rest_of
from .entering import move_entries
from .field_keys import SYSTEM_FIELDS, JsonObject
from .indexes import BY_CREATION_TIME
from .keys import AFTER
from .python_values import stored_value
from .sql.catalog import Catalog, Migrated, Recorded
from .table_rows import TableRows
from .writes import same, store

_PORTION: Final = 100

Watch: TypeAlias = Callable[[Migrated], None]
"""Is told after each batch."""


class UpgradeFailed(Exception):
    """A function of a migration raised an exception, or gave a document that can't be stored.

    The exception is the cause; `id` is that of the document.
    """

    def __init__(
        self, table: str, id: str, cause: BaseException, kind: str = ""
    ) -> None:
        reason = ": ".join(filter(None, (kind, str(cause))))
        super().__init__(f"document {id} of table `{table}`: {reason}")
        self.table = table
        self.id = id
        self.__cause__ = cause


def migrate(
    catalog: Catalog,
    run: Run,
    applied: Recorded,
    table: TableRows,
    migration: str,
    function: Function,
    *,
    batch: int,
    watch: Watch,
) -> Migrated:
    """Runs a function on all documents of a table that it did not meet before.

    `run` runs plans on the tables of the catalogue.

    Raises:
        UpgradeFailed: Its batch is undone, those before are not.
        SchemaChanged: Another program applied another schema meanwhile.
    """

    def next_batch() -> Migrated:
        latest = catalog.latest_record()
        if latest is None or latest[0] != applied.number:
            raise SchemaChanged(
                "another program has applied another schema meanwhile: what was migrated is"
                " kept; run it again to go on"
            )
        before = catalog.migrated(migration, table.number)
        if before.done_at is not None:
            return before
        after = run(_batch(table, function, before, batch))
        if (after.changed, after.deleted) != (before.changed, before.deleted):
            catalog.announce(table.name)
        catalog.record_migrated(migration, table.number, after)
        return after

    while True:
        migrated = catalog.dialect.beside(next_batch, serial=True)
        watch(migrated)
        if migrated.done_at is not None:
            return migrated


def upgraded(
    table: TableRows, function: Function, stored: JsonObject
) -> JsonObject | None:
    """The document that a function makes of another, or the same; None if it is to be deleted.

    Raises an `UpgradeFailed`. Whether it fits the table is not looked at.
    """
    id = str(stored["_id"])
    try:
        document = cast(Document, _python(decode(stored)))
        given = deepcopy(document)
        result = function(given)
    except KeyboardInterrupt:
        raise
    # Among it what ends a program: a function that exits would do so without a word.
    except BaseException as error:
        raise UpgradeFailed(table.name, id, error, type(error).__name__) from error
    if result is DELETE:
        return None
    if result is None:
        if given != document:
            reason = "the function changed it and returned None: return the document"
            raise _failed(table, id, reason)
        return stored
    return _changed(table, id, stored, result)


def _changed(
    table: TableRows, id: str, stored: JsonObject, result: object
) -> JsonObject:
    if not isinstance(result, dict):
        kind = type(result).__name__
        raise _failed(table, id, f"the function returned no document, but {kind}")
    fields = dict(cast("dict[object, object]", result))
    system: JsonObject = {name: stored[name] for name in SYSTEM_FIELDS}
    for name, value in system.items():
        if name in fields and fields.pop(name) != value:
            raise _failed(table, id, f"the function changed `{name}`")
    types = tuple(opened((table.definition.document,), table.schema))
    try:
        encoded = encode(stored_value(fields, types, table.schema))
    except (ValueError, OverflowError) as error:
        raise UpgradeFailed(table.name, id, error) from error
    changed = system | cast(JsonObject, encoded)
    return stored if same(changed, stored) else changed


def _batch(
    table: TableRows, function: Function, before: Migrated, size: int
) -> Plan[Migrated]:
    scan = Scan(table.name, BY_CREATION_TIME.name, b"", AFTER)
    place = bytes.fromhex(before.place)
    _, documents, changed, deleted, _ = before
    while size > 0:
        limit = min(size, _PORTION)
        rest = rest_of(scan, place) if place else scan
        rows: list[Found] = yield rest._replace(limit=limit)
        for text, key in rows:
            stored = table.stored(text)
            new = upgraded(table, function, stored)
            if new is None:
                yield from move_entries(table, stored, None)
                yield Delete(table.name, str(stored["_id"]))
                deleted += 1
            elif new is not stored:
                yield from _store(table, stored, new)
                changed += 1
            place = key
        documents += len(rows)
        size -= len(rows)
        if len(rows) < limit:
            return Migrated(place.hex(), documents, changed, deleted, now_ms())
    return Migrated(place.hex(), documents, changed, deleted)


def _store(table: TableRows, stored: JsonObject, new: JsonObject) -> Plan[None]:
    id = str(stored["_id"])
    try:
        yield from store(table, id, stored, writable(new).decode())
    except (ValidationFailed, UniqueViolation) as error:
        raise UpgradeFailed(table.name, id, error) from error


def _python(value: Value) -> object:
    """A value with its int64s marked."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Int64(value)
    if isinstance(value, list):
        return [_python(item) for item in value]
    if isinstance(value, dict):
        return {name: _python(item) for name, item in value.items()}
    return value


def _failed(table: TableRows, id: str, reason: str) -> UpgradeFailed:
    return UpgradeFailed(table.name, id, ValueError(reason))
