"""Plans of what is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeVar, cast

from codegen.runtime.arms import Arms
from codegen.runtime.errors import InvalidQuery, NotUnique
from codegen.runtime.ids import D, Id
from codegen.runtime.operations import Operation, Page, Read
from codegen.runtime.queries import First, Paginate, Query, Take, Unique

from .bounds import key_range
from .commands import Fetch, Found, Plan, Scan
from .cursors import cursor_after, rest_of, resume, until
from .tables import StoredTable, Tables

R = TypeVar("R")

_Asked = Query[Any] | Take[Any] | First[Any] | Unique[Any] | Paginate[Any]

# Rows read at a time where it is not known how many will be needed.
_PORTION: Final = 256


def get(tables: Tables, id: Id[D]) -> Plan[D | None]:
    """The document with an id, or None."""
    table = table_of(tables, id)
    text: str | None = yield Fetch(table.name, sent(id))
    if text is None:
        table.check_id(id)
        return None
    return table.documents((text,))[0]


def run(tables: Tables, operation: Operation[R]) -> Plan[R]:
    """The answer of a query or of what is made of one."""
    asked = cast(_Asked, operation)
    match asked:
        case Query():
            plan: Plan[Any] = _collect(tables, asked, None)
        case Take(query, count):
            plan = _collect(tables, query, count)
        case First(query):
            plan = _first(tables, query)
        case Unique(query):
            plan = _unique(tables, query)
        case Paginate():
            plan = _page(tables, asked)
        case _:
            raise TypeError(f"{type(operation).__name__} does not run on this database")
    return cast(R, (yield from plan))


def portion(
    tables: Tables, query: Query[D], place: bytes | None
) -> Plan[tuple[list[D], bytes | None]]:
    """Some documents of a query after a place, and the place after them, or None."""
    table, scan = scan_of(tables, query)
    if place is not None:
        scan = rest_of(scan, place)
    rows: list[Found] = yield scan._replace(limit=_PORTION)
    documents = _kept(table, query, [text for text, _ in rows])
    return documents, rows[-1][1] if len(rows) == _PORTION else None


def is_filtered(operation: Operation[Any]) -> bool:
    """Whether the answer may take several commands, because filters drop some documents."""
    query = cast("Query[Any] | None", getattr(operation, "query", None))
    return query is not None and bool(query.filters)


def statement_of(tables: Tables, read: Read[Any]) -> Scan:
    """The first command of a read, to be explained."""
    query: Query[Any] = getattr(read, "query", cast("Query[Any]", read))
    return scan_of(tables, query)[1]


def table_of(tables: Tables, id: Id[D]) -> StoredTable[D]:
    """The table of an id; a `TypeError` for a plain text, or an id of another package."""
    table = tables.of(id)
    if table is None or table.id is not type(id):
        raise TypeError(
            f"{type(id).__name__} is no class of ids of this package: make a text an id,"
            " as in `WorkflowId(text)`"
        )
    return table


def sent(id: str) -> str:
    """An id as it is asked for: what can't be sent to every database is in no id."""
    return id if id.isascii() and "\0" not in id else ""


def scan_of(tables: Tables, query: Query[D]) -> tuple[StoredTable[D], Scan]:
    """The table and the stretch of its index that a query reads."""
    arms: Arms[D] | None = getattr(query, "arms", None)
    table = tables.of_documents(arms) if arms else None
    if table is None:
        raise TypeError(f"this {type(query).__name__} is no query of this package")
    index = table.by_name.get(query.index)
    if index is None:
        raise InvalidQuery(f"table `{table.name}` has no index `{query.index}`")
    if index.definition.staged:
        raise InvalidQuery(f"index `{query.index}` of table `{table.name}` is staged")
    lower, upper = key_range(query.index, index.fields, query.bounds)
    descending = query.direction == "desc"
    return table, Scan(table.name, query.index, lower, upper, descending)


def _collect(tables: Tables, query: Query[D], count: int | None) -> Plan[list[D]]:
    table, scan = scan_of(tables, query)
    if count == 0:
        return []
    if count is None or not query.filters:
        rows: list[Found] = yield scan._replace(limit=count, keys=False)
        return _kept(table, query, [row[0] for row in rows])
    documents, _ = yield from _matching(table, scan, query, count)
    return documents


def _first(tables: Tables, query: Query[D]) -> Plan[D | None]:
    documents = yield from _collect(tables, query, 1)
    return documents[0] if documents else None


def _unique(tables: Tables, query: Query[D]) -> Plan[D | None]:
    documents = yield from _collect(tables, query, 2)
    if len(documents) > 1:
        ids = [cast(Any, document).id for document in documents]
        raise NotUnique(query.arms.table, query.index, ids)
    return documents[0] if documents else None


def _page(tables: Tables, asked: Paginate[D]) -> Plan[Page[D]]:
    query = asked.query
    table, scan = scan_of(tables, query)
    fields = ",".join(table.by_name[query.index].definition.fields)
    rest = resume(scan, fields, asked.cursor)
    end = asked.end_cursor
    if end is not None:
        rest = until(scan, rest, fields, end)
        rows: list[Found] = yield rest._replace(keys=False)
        return Page(_kept(table, query, [row[0] for row in rows]), end)
    documents, last = yield from _matching(
        table, rest, query, asked.size, asked.maximum_rows_read
    )
    # As on the server, only reading past the last document shows that it was the last: a
    # page that is just full has a next one, which may be empty.
    return Page(documents, None if last is None else cursor_after(scan, fields, last))


def _matching(
    table: StoredTable[D],
    scan: Scan,
    query: Query[D],
    count: int,
    most_read: int | None = None,
) -> Plan[tuple[list[D], bytes | None]]:
    """Documents that the filters keep, and the last key read: None when the end was met."""
    documents: list[D] = []
    portion = max(_PORTION, count) if query.filters else count
    read = 0
    while True:
        limit = portion if most_read is None else min(portion, most_read - read)
        rows: list[Found] = yield scan._replace(limit=limit)
        for row in rows:
            documents += _kept(table, query, (row[0],))
            if len(documents) == count:
                return documents, row[1]
        if len(rows) < limit:
            return documents, None
        read += len(rows)
        last = rows[-1][1]
        if read == most_read:
            return documents, last
        scan = rest_of(scan, last)


def _kept(table: StoredTable[D], query: Query[D], texts: Sequence[str]) -> list[D]:
    """The documents that the filters keep."""
    filters = query.filters
    documents = table.documents(texts)
    if not filters:
        return documents
    return [found for found in documents if all(keep(found) for keep in filters)]
