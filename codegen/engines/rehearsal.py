"""What a migration would do, found out without writing anything."""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import NamedTuple

from codegen.migrations import Function
from codegen.runtime.wire import writable

from .keys import float_key, string_key
from .migration import upgraded
from .sql.catalog import Catalog, Migrated
from .sql.documents import Stored, documents
from .sql.layout import Layout
from .sql.verification import Tally, Verified
from .table_rows import TableRows


class Rehearsed(NamedTuple):
    """A table as it would be: how it fits the schema that the database has, and a later one.

    `migrated` counts what is left to do of the migration.
    """

    migrated: Migrated
    applied: Verified
    later: Verified | None


def rehearse(
    catalog: Catalog,
    layout: Layout,
    table: TableRows,
    later: TableRows | None,
    function: Function,
    before: Migrated,
) -> Rehearsed:
    """Runs a function on the documents of a table that it did not meet before.

    Raises an `UpgradeFailed` for the first document that it can't cope with.
    """
    number = changed = deleted = 0
    place = bytes.fromhex(before.place)
    with ExitStack() as stack:
        now = stack.enter_context(closing(Tally(table)))
        then = stack.enter_context(closing(Tally(later))) if later else None
        for portion in documents(catalog, layout):
            for stored in portion:
                text = stored.text
                if before.done_at is None and _key(layout, stored) > place:
                    document = table.stored(text, stored.id)
                    new = upgraded(table, function, document)
                    number += 1
                    deleted += new is None
                    if new is None:
                        continue
                    if new is not document:
                        changed += 1
                        text = writable(new).decode()
                for tally in (now, then):
                    if tally:
                        tally.add(stored.id, stored.creation_time, text)
        found = Migrated(documents=number, changed=changed, deleted=deleted)
        return Rehearsed(found, now.verified, then.verified if then else None)


def _key(layout: Layout, stored: Stored) -> bytes:
    """The key of a document in `by_creation_time`."""
    key = float_key(stored.creation_time)
    return key if layout.timed else key + string_key(stored.id)
