"""Plans of what is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeVar, cast

from codegen.runtime.arms import Arms
from codegen.runtime.errors import InvalidQuery, NotUnique, TooManyResults
from codegen.runtime.ids import D, Id
from codegen.runtime.operations import Operation, Page, Read
from codegen.runtime.queries import (
    First,
    Paginate,
    Query,
    SearchQuery,
    Selection,
    Take,
    Unique,
)
from codegen.runtime.vectors import Scored, VectorQuery

from .bounds import key_range
from .commands import Explained, Fetch, Found, Near, Plan, Scan, Search
from .cursors import cursor_after, place_after, rest_of, rest_of_scan, resume, until
from .searches import MAX_FOUND, nearest_of, search_of
from .tables import StoredTable, Tables

R = TypeVar("R")

Asked = (
    Selection[Any]
    | Take[Any]
    | First[Any]
    | Unique[Any]
    | Paginate[Any]
    | VectorQuery[Any]
)

# Rows read at a time where it is not known how many will be needed.
_PORTION: Final = 256
# As a limit no database takes more, and no table has as many documents.
_MOST: Final = 2**63 - 1


def get(tables: Tables, id: Id[D]) -> Plan[D | None]:
    """The document with an id, or None."""
    table = table_of(tables, id)
    text: str | None = yield Fetch(table.name, sent(id))
    if text is None:
        table.check_id(id)
        return None
    return table.documents((text,), id)[0]


def run(tables: Tables, operation: Operation[R]) -> Plan[R]:
    """The answer of a query or of what is made of one."""
    asked = cast(Asked, operation)
    match asked:
        case Selection():
            plan: Plan[Any] = _collect(tables, asked, None)
        case Take(query, count):
            plan = _collect(tables, query, count)
        case First(query):
            plan = _first(tables, query)
        case Unique(query):
            plan = _unique(tables, query)
        case Paginate():
            plan = _page(tables, asked)
        case VectorQuery():
            plan = _nearest(tables, asked)
        case _:
            raise TypeError(f"{type(operation).__name__} does not run on this database")
    return cast(R, (yield from plan))


def check_stream(tables: Tables, query: Query[Any]) -> None:
    """Raises what is wrong with a query, which must have the order of an index to go on in."""
    check_streamed(query)
    scan_of(tables, query)


def check_streamed(query: object) -> None:
    """Raises a `TypeError` for any other read than a query of an index."""
    kind = type(query).__name__
    if isinstance(query, Read) and not isinstance(query, Query):
        raise TypeError(
            f"`stream` reads queries of indexes, and no {kind}: give it to `run`"
        )


def portion(
    tables: Tables, query: Query[D], place: bytes | None
) -> Plan[tuple[list[D], bytes | None]]:
    """Some documents of a query after a place, and the place after them, or None."""
    table, scan = scan_of(tables, query)
    if place is not None:
        scan = rest_of_scan(scan, place)
    rows: list[Found] = yield scan._replace(limit=_PORTION)
    documents = _kept(table, query, [text for text, _ in rows])
    return documents, rows[-1][1] if len(rows) == _PORTION else None


def needs_snapshot(operation: Operation[Any]) -> bool:
    """Whether the answer may take several statements, which must be of one moment."""
    query = cast("Read[Any]", getattr(operation, "query", operation))
    if isinstance(query, (SearchQuery, VectorQuery)):
        return True
    # Filters drop some documents, and others are read in their place.
    return query is not operation and bool(getattr(query, "filters", ()))


def explained(tables: Tables, read: Read[Any]) -> Explained:
    """The first command of a read, to be explained."""
    query = cast("Selection[Any] | VectorQuery[Any]", getattr(read, "query", read))
    if isinstance(query, VectorQuery):
        return nearest_of(table_of_query(tables, query), query)
    return asked_of(tables, query)[1]


def table_of(tables: Tables, id: Id[D]) -> StoredTable[D]:
    """The table of an id; a `TypeError` for a plain text, or an id of another package."""
    table = tables.of_class(type(id))
    if table is None or table.id is not type(id):
        raise TypeError(
            f"{type(id).__name__} is no class of ids of this package: make a text an id by"
            " the class that its table has for them"
        )
    return table


def sent(id: str) -> str:
    """An id as it is asked for: what can't be sent to every database is in no id."""
    return id if id.isascii() and "\0" not in id else ""


def scan_of(tables: Tables, query: Query[D]) -> tuple[StoredTable[D], Scan]:
    """The table and the stretch of its index that a query reads."""
    table = table_of_query(tables, query)
    index = table.by_name.get(query.index)
    if index is None:
        raise InvalidQuery(f"table `{table.name}` has no index `{query.index}`")
    if index.definition.staged:
        raise InvalidQuery(f"index `{query.index}` of table `{table.name}` is staged")
    lower, upper = key_range(query.index, index.fields, query.bounds)
    descending = query.direction == "desc"
    return table, Scan(table.name, query.index, lower, upper, descending)


def asked_of(
    tables: Tables, query: Selection[D]
) -> tuple[StoredTable[D], Scan | Search]:
    """The table, and what a query asks of it; an `InvalidQuery` where it does not fit its index."""
    if isinstance(query, SearchQuery):
        table = table_of_query(tables, query)
        return table, search_of(table, query)
    return scan_of(tables, cast("Query[D]", query))


def table_of_query(
    tables: Tables, query: Selection[D] | VectorQuery[D]
) -> StoredTable[D]:
    """The table of a query; a `TypeError` for one of another package."""
    arms: Arms[D] | None = getattr(query, "arms", None)
    table = tables.of_documents(arms) if arms else None
    if table is None:
        raise TypeError(f"this {type(query).__name__} is no query of this package")
    return table


def _collect(tables: Tables, query: Selection[D], count: int | None) -> Plan[list[D]]:
    table, asked = asked_of(tables, query)
    if count == 0:
        return []
    if count is None or not query.filters:
        texts = yield from _texts(asked, count)
        return _kept(table, query, texts)
    documents, _ = yield from _matching(table, asked, query, count)
    return documents


def _texts(asked: Scan | Search, count: int | None) -> Plan[list[str]]:
    """The texts of the first documents, or of all, in one command."""
    if isinstance(asked, Scan):
        limit = None if count is None else min(count, _MOST)
        rows: list[Found] = yield asked._replace(limit=limit, keys=False)
        return [row[0] for row in rows]
    if count is not None:
        asked = asked._replace(limit=min(count, asked.limit))
    texts: list[str] = yield asked
    _check_number(asked, len(texts))
    return texts


def _first(tables: Tables, query: Selection[D]) -> Plan[D | None]:
    documents = yield from _collect(tables, query, 1)
    return documents[0] if documents else None


def _unique(tables: Tables, query: Selection[D]) -> Plan[D | None]:
    documents = yield from _collect(tables, query, 2)
    if len(documents) > 1:
        ids = [cast(Any, document).id for document in documents]
        raise NotUnique(query.arms.table, query.index, ids)
    return documents[0] if documents else None


def _page(tables: Tables, page: Paginate[D]) -> Plan[Page[D]]:
    query = page.query
    table, asked = asked_of(tables, query)
    fields = _fields(table, query.index)
    rest = resume(asked, fields, page.cursor)
    end = page.end_cursor
    if end is not None:
        texts = yield from _texts(until(asked, rest, fields, end), None)
        return Page(_kept(table, query, texts), end)
    documents, last = yield from _matching(
        table, rest, query, page.size, page.maximum_rows_read
    )
    # As on the server, only reading past the last document shows that it was the last: a
    # page that is just full has a next one, which may be empty.
    return Page(documents, None if last is None else cursor_after(asked, fields, last))


def _fields(table: StoredTable[Any], name: str) -> str:
    """What an index is made of: with other fields it is another one, to a cursor."""
    index = table.by_name.get(name)
    if index:
        return ",".join(index.definition.fields)
    (field,) = (one.definition.field for one in table.entered if one.name == name)
    return field


def _matching(
    table: StoredTable[D],
    asked: Scan | Search,
    query: Selection[D],
    count: int,
    most_read: int | None = None,
) -> Plan[tuple[list[D], bytes | None]]:
    """Documents that the filters keep, and the place of the last one read: None at the end."""
    documents: list[D] = []
    portion = min(max(_PORTION, count) if query.filters else count, _MOST)
    read = 0
    while True:
        limit = portion if most_read is None else min(portion, most_read - read)
        rows, ended = yield from _some(asked, limit)
        for row in rows:
            documents += _kept(table, query, (row[0],))
            if len(documents) == count:
                return documents, row[1]
        if ended:
            return documents, None
        read += len(rows)
        last = rows[-1][1]
        if read == most_read:
            return documents, last
        asked = rest_of(asked, last)


def _some(asked: Scan | Search, limit: int) -> Plan[tuple[list[Found], bool]]:
    """Documents with their places, and whether there are no others after them."""
    if isinstance(asked, Scan):
        rows: list[Found] = yield asked._replace(limit=limit)
        return rows, len(rows) < limit
    # One more than may be read is asked for only to see that it is there.
    limit = min(limit, max(MAX_FOUND - asked.offset, 1))
    texts: list[str] = yield asked._replace(limit=limit)
    _check_number(asked, len(texts))
    places = range(asked.offset + 1, asked.offset + len(texts) + 1)
    found = [(text, place_after(at)) for text, at in zip(texts, places, strict=True)]
    return found, len(found) < limit


def _check_number(search: Search, count: int) -> None:
    if search.offset + count > MAX_FOUND:
        raise TooManyResults(search.table, search.index_name, MAX_FOUND)


def _nearest(tables: Tables, query: VectorQuery[D]) -> Plan[list[Scored[D]]]:
    table = table_of_query(tables, query)
    near: list[Near] = yield nearest_of(table, query)
    documents = table.documents([text for text, _ in near])
    scores = [score for _, score in near]
    return [Scored(*scored) for scored in zip(documents, scores, strict=True)]


def _kept(table: StoredTable[D], query: Selection[D], texts: Sequence[str]) -> list[D]:
    """The documents that the filters keep."""
    filters = query.filters
    documents = table.documents(texts)
    if not filters:
        return documents
    return [found for found in documents if all(keep(found) for keep in filters)]
