"""Reads and writes documents of a deployment, as exchanges with it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, Final, TypeVar, cast

from codegen.convex.conversation import Conversation
from codegen.convex.errors import Unsupported
from codegen.convex.exchange import Exchange
from codegen.ir.types import JsonValue
from codegen.ir.values import decode
from codegen.runtime.errors import InvalidQuery, NotUnique, TooManyResults
from codegen.runtime.ids import D, Id
from codegen.runtime.operations import Page, Read
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
from codegen.runtime.wire import writable

from ..ids import FIRST_NUMBER
from ..package import Package
from ..reads import Asked, asked_of, check_streamed, table_of, table_of_query
from ..searches import MAX_FOUND, nearest_of
from ..sql.layout import Layout
from ..tables import StoredTable, Tables
from ..words import terms_of
from . import questions
from .batch import Batch
from .checks import checked_id
from .questions import Arguments, Question
from .refusals import not_understood, typed

R = TypeVar("R")

# Documents on a page, where pages are not what was asked for.
_PORTION: Final = 500
# Half of what a function may read: a page of large documents ends before that.
_MOST_BYTES: Final = 8 << 20
# What a list may have, which pages and changes are.
_MOST_ITEMS: Final = 8_192
# What a function may read.
_MOST_ROWS: Final = 32_000


class Documents:
    """The documents of one deployment, spoken to as one caller."""

    def __init__(self, conversation: Conversation, package: Package) -> None:
        self._conversation = conversation
        self._package = package

    @cached_property
    def _tables(self) -> Tables:
        # Which numbers tables have is the deployment's affair: it looks at ids itself.
        names = enumerate(sorted(self._package.schema.tables), FIRST_NUMBER)
        return self._package.tables(
            {name: Layout(number, name) for number, name in names}
        )

    def get(self, id: Id[D]) -> Exchange[D | None]:
        """The document with an id, or None."""
        table = table_of(self._tables, id)
        asked: Arguments = {"table": table.name, "id": checked_id(table, id)}
        question = Question("query", "get", asked)
        found = yield from self._answer(question)
        if found is None:
            return None
        return parsed(table, _objects([found], question))[0]

    def run(self, read: Read[R]) -> Exchange[R]:
        """The answer of a query or of what is made of one."""
        asked = cast(Asked, read)
        match asked:
            case Selection():
                answer: Exchange[Any] = self._collect(asked, None)
            case Take(query, count):
                answer = self._collect(query, count)
            case First(query):
                answer = self._first(query)
            case Unique(query):
                answer = self._unique(query)
            case Paginate():
                answer = self._page(asked)
            case VectorQuery():
                answer = self._nearest(asked)
            case _:
                raise TypeError(f"{type(read).__name__} does not run on a deployment")
        return cast(R, (yield from answer))

    def check_stream(self, query: Query[Any]) -> None:
        """Raises what running a query would raise before anything is asked."""
        check_streamed(query)
        self._asked(query)

    def portion(
        self, query: Query[D], cursor: str | None
    ) -> Exchange[tuple[Iterator[D], str | None]]:
        """Some documents of a query from a cursor on, and the cursor after them, or None.

        Filters are asked for a document when the document is.
        """
        found, after = yield from self._paged(query, _page_of(_PORTION, cursor))
        return _kept(query, found), after

    def batch(self) -> Batch:
        """Changes to write."""
        return Batch(self._tables)

    def write(self, batch: Batch) -> Exchange[None]:
        """Makes the changes of a batch, all of them or none."""
        count = len(batch.changes)
        if count > _MOST_ITEMS:
            reason = f"{count} changes: a deployment makes {_MOST_ITEMS} at once"
            raise InvalidQuery(reason)
        if count:
            question = Question("mutation", "write", {"changes": batch.changes})
            answer = yield from self._answer(question)
            if not batch.answered(answer):
                raise not_understood(question)

    def _collect(self, query: Selection[D], count: int | None) -> Exchange[list[D]]:
        self._asked(query)  # what is wrong with it is said first
        if count == 0:
            return []
        if isinstance(query, SearchQuery):
            return (yield from self._search(query, count))
        if count is not None and count > sys.maxsize:
            count = None
        few = count is not None and count < _PORTION and not query.filters
        size = count if few and count is not None else _PORTION
        found, cursor = yield from self._paged(query, _page_of(size, None))
        documents = [*islice(_kept(query, found), count)]
        if cursor is None or len(documents) == count:
            return documents
        # More than a page: all pages are of one moment, and so is the first one.
        moment = yield from self._conversation.moment()
        documents.clear()
        cursor = None
        while True:
            page = _page_of(_PORTION, cursor)
            found, cursor = yield from self._paged(query, page, moment)
            left = None if count is None else count - len(documents)
            documents += islice(_kept(query, found), left)
            if cursor is None or len(documents) == count:
                return documents

    def _search(self, query: SearchQuery[D], count: int | None) -> Exchange[list[D]]:
        """In one question: there is no more to read of a search than that."""
        if not terms_of(query.text):
            return []
        most = MAX_FOUND + 1 if count is None else min(count, MAX_FOUND + 1)
        if count is not None and query.filters:
            most = MAX_FOUND  # to ask for more is refused, whether it is needed or not
        table, asked = self._asked(query)
        question = asked.of_part(limit=float(most))
        answer = yield from self._answer(question)
        found = parsed(table, _objects(answer, question))
        documents = [*_kept(query, found)]
        short = count is None or len(documents) < count
        if len(found) > MAX_FOUND or (short and len(found) == most == MAX_FOUND):
            raise TooManyResults(query.arms.table, query.index, MAX_FOUND)
        return documents[:count]

    def _nearest(self, query: VectorQuery[D]) -> Exchange[list[Scored[D]]]:
        table = table_of_query(self._tables, query)
        nearest_of(table, query)
        question = questions.nearest(table, query)
        near: list[JsonValue] = []
        scores: list[float] = []
        for one in _objects((yield from self._answer(question)), question):
            match one:
                # It may have been deleted after it was found.
                case {"document": None}:
                    pass
                case {"document": dict() as document, "score": score}:
                    near.append(document)
                    scores.append(_float(score, question))
                case _:
                    raise not_understood(question)
        documents = parsed(table, near)
        return [Scored(*scored) for scored in zip(documents, scores, strict=True)]

    def _first(self, query: Selection[D]) -> Exchange[D | None]:
        documents = yield from self._collect(query, 1)
        return documents[0] if documents else None

    def _unique(self, query: Selection[D]) -> Exchange[D | None]:
        documents = yield from self._collect(query, 2)
        if len(documents) > 1:
            ids = [cast(Any, document).id for document in documents]
            raise NotUnique(query.arms.table, query.index, ids)
        return documents[0] if documents else None

    def _page(self, asked: Paginate[D]) -> Exchange[Page[D]]:
        if asked.query.filters:
            raise Unsupported(
                "a deployment's page can't be filtered in Python: its size would be another;"
                " filter what is on the page, or stream the query"
            )
        query = asked.query
        if isinstance(query, SearchQuery) and not terms_of(query.text):
            return Page([], None)
        page = _page_of(asked.size, asked.cursor)
        if asked.end_cursor is not None:
            page["endCursor"] = asked.end_cursor
        if asked.maximum_rows_read is not None:
            page["maximumRowsRead"] = float(min(asked.maximum_rows_read, _MOST_ROWS))
        return Page(*(yield from self._paged(query, page)))

    def _asked(self, query: Selection[D]) -> tuple[StoredTable[D], Question]:
        table, _ = asked_of(self._tables, query)
        if isinstance(query, SearchQuery):
            return table, questions.search(table, query)
        return table, questions.stretch(table, cast("Query[D]", query))

    def _paged(
        self, query: Selection[D], page: Arguments, moment: str | None = None
    ) -> Exchange[tuple[list[D], str | None]]:
        """The documents on a page, before any filter, and the cursor after them, or None."""
        table, asked = self._asked(query)
        question = asked.of_part(page=page)
        match (yield from self._answer(question, moment)):
            case {"page": found, "isDone": bool(done), "continueCursor": str(after)}:
                documents = parsed(table, _objects(found, question))
                return documents, None if done else after
            case _:
                raise not_understood(question)

    def _answer(
        self, question: Question, moment: str | None = None
    ) -> Exchange[JsonValue]:
        with typed(question):
            return (
                yield from self._conversation.function(
                    question.kind, question.function, question.arguments, moment
                )
            )


def _objects(answer: JsonValue, question: Question) -> list[JsonValue]:
    """What an answer has to be: objects."""
    if not isinstance(answer, list) or not all(isinstance(one, dict) for one in answer):
        raise not_understood(question)
    return answer


def _float(answer: JsonValue, question: Question) -> float:
    try:
        value = decode(answer)
    except ValueError:
        value = None
    if not isinstance(value, float):
        raise not_understood(question)
    return value


def parsed(table: StoredTable[D], found: Sequence[JsonValue]) -> list[D]:
    """Documents from the encoded form."""
    return table.documents([writable(document).decode() for document in found])


def _page_of(size: int, cursor: str | None) -> Arguments:
    return {
        "numItems": float(min(size, _MOST_ITEMS)),
        "cursor": cursor,
        "maximumBytesRead": float(_MOST_BYTES),
    }


def _kept(query: Selection[D], documents: Iterable[D]) -> Iterator[D]:
    """The documents that the filters keep, each asked about when it is needed."""
    filters = query.filters
    return (found for found in documents if all(keep(found) for keep in filters))
