"""Reads and writes documents of a deployment, as exchanges with it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Final, TypeVar, cast

from codegen.convex.conversation import Conversation
from codegen.convex.errors import FunctionError, FunctionNotFound, Unsupported
from codegen.convex.exchange import Exchange
from codegen.ir.types import JsonValue
from codegen.runtime.errors import (
    InvalidId,
    InvalidQuery,
    NotFound,
    NotUnique,
    TooManyResults,
    UniqueViolation,
    ValidationFailed,
)
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
from ..reads import Asked, asked_of, sent, table_of, table_of_query
from ..searches import MAX_FOUND, nearest_of
from ..sql.layout import Layout
from ..tables import StoredTable, Tables
from ..words import terms_of
from . import questions
from .batch import Batch
from .questions import Arguments, Question

R = TypeVar("R")

# Documents on a page, where pages are not what was asked for.
_PORTION: Final = 1_000.0
_MOST_CHANGES: Final = 8_192
_HELP: Final = (
    "the deployment has no functions for documents, or they are not for this key: write"
    " them with `codegen export --to convex-helper > convex/tablewright.ts`, deploy them, and"
    " give an admin key or a deploy key"
)
_TOO_MANY: Final = "Search query scanned too many documents"
_SCHEMA: Final = "does not match the schema: "


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
        asked: Arguments = {"table": table.name, "id": sent(id)}
        found = yield from self._answer(Question("query", "get", asked))
        return None if found is None else _parsed(table, [found])[0]

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
                raise Unsupported(f"{type(read).__name__} does not run on a deployment")
        return cast(R, (yield from answer))

    def portion(
        self, query: Query[D], cursor: str | None, moment: str | None = None
    ) -> Exchange[tuple[list[D], str | None]]:
        """Some documents of a query from a cursor on, and the cursor after them, or None."""
        table, asked = self._asked(query)
        page: Arguments = {"numItems": _PORTION, "cursor": cursor}
        found, after = yield from self._paged(asked, page, moment)
        return _kept(query, _parsed(table, found)), after

    def batch(self) -> Batch:
        """Changes to write."""
        return Batch(self._tables)

    def write(self, batch: Batch) -> Exchange[None]:
        """Makes the changes of a batch, all of them or none."""
        count = len(batch.changes)
        if count > _MOST_CHANGES:
            reason = f"{count} changes: a deployment makes {_MOST_CHANGES} at once"
            raise InvalidQuery(reason)
        if count:
            question = Question("mutation", "write", {"changes": batch.changes})
            answer = yield from self._answer(question)
            batch.answered(cast("list[str | None]", answer))

    def _collect(self, query: Selection[D], count: int | None) -> Exchange[list[D]]:
        if count == 0:
            return []
        if isinstance(query, SearchQuery):
            return (yield from self._search(query, count))
        if count is not None and not query.filters:
            return (yield from self._some(query, count))
        return (yield from self._matching(cast("Query[D]", query), count))

    def _some(self, query: Selection[D], count: int) -> Exchange[list[D]]:
        """The first documents, or all where they are fewer, before any filter."""
        table, asked = self._asked(query)
        found = yield from self._answer(asked.of_part(limit=float(count)))
        return _parsed(table, cast("list[JsonValue]", found))

    def _matching(self, query: Query[D], count: int | None) -> Exchange[list[D]]:
        documents, cursor = yield from self.portion(query, None)
        if cursor is None or (count is not None and len(documents) >= count):
            return documents[:count]
        # More than a page: all pages are of one moment, and so is the first one.
        moment = yield from self._conversation.moment()
        documents, cursor = yield from self.portion(query, None, moment)
        while cursor is not None and (count is None or len(documents) < count):
            more, cursor = yield from self.portion(query, cursor, moment)
            documents += more
        return documents[:count]

    def _search(self, query: SearchQuery[D], count: int | None) -> Exchange[list[D]]:
        """In one question: there is no more to read of a search than that."""
        if not terms_of(query.text):
            return []
        most = MAX_FOUND + 1 if count is None else min(count, MAX_FOUND + 1)
        if count is not None and query.filters:
            most = MAX_FOUND  # to ask for more is refused, whether it is needed or not
        found = yield from self._some(query, most)
        documents = _kept(query, found)
        short = count is None or len(documents) < count
        if len(found) > MAX_FOUND or (short and len(found) == most == MAX_FOUND):
            raise TooManyResults(query.arms.table, query.index, MAX_FOUND)
        return documents[:count]

    def _nearest(self, query: VectorQuery[D]) -> Exchange[list[Scored[D]]]:
        table = table_of_query(self._tables, query)
        nearest_of(table, query)
        answer = yield from self._answer(questions.nearest(table, query))
        # A document may have been deleted after it was found.
        near = [one for one in cast("list[Any]", answer) if one["document"] is not None]
        documents = _parsed(table, [one["document"] for one in near])
        scores: list[float] = [one["score"] for one in near]
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
        table, question = self._asked(query)
        page: Arguments = {"numItems": float(asked.size), "cursor": asked.cursor}
        if asked.end_cursor is not None:
            page["endCursor"] = asked.end_cursor
        if asked.maximum_rows_read is not None:
            page["maximumRowsRead"] = float(asked.maximum_rows_read)
        found, after = yield from self._paged(question, page, None)
        return Page(_parsed(table, found), after)

    def _asked(self, query: Selection[D]) -> tuple[StoredTable[D], Question]:
        table, _ = asked_of(self._tables, query)
        if isinstance(query, SearchQuery):
            return table, questions.search(table, query)
        return table, questions.stretch(table, cast("Query[D]", query))

    def _paged(
        self, asked: Question, page: Arguments, moment: str | None
    ) -> Exchange[tuple[list[JsonValue], str | None]]:
        question = asked.of_part(page=page)
        found = cast(Any, (yield from self._answer(question, moment)))
        return found["page"], None if found["isDone"] else found["continueCursor"]

    def _answer(
        self, question: Question, moment: str | None = None
    ) -> Exchange[JsonValue]:
        with _typed(question):
            return (
                yield from self._conversation.function(
                    question.kind, question.function, question.arguments, moment
                )
            )


def _parsed(table: StoredTable[D], found: Sequence[JsonValue]) -> list[D]:
    return table.documents([writable(document).decode() for document in found])


def _kept(query: Selection[D], documents: list[D]) -> list[D]:
    """The documents that the filters keep."""
    filters = query.filters
    return [found for found in documents if all(keep(found) for keep in filters)]


@contextmanager
def _typed(question: Question) -> Generator[None]:
    """Errors of the functions as those that all databases have."""
    try:
        yield
    except FunctionNotFound as error:
        raise Unsupported(_HELP) from error
    except FunctionError as error:
        match error.wire_data:
            case {"tablewright": "NotFound", "table": str(table), "id": str(id)}:
                raise NotFound(table, id) from error
            case {"tablewright": "InvalidId", "table": str(table), "id": str(id)}:
                reason = "the deployment has no such id in this table"
                raise InvalidId(table, id, reason) from error
            case {
                "tablewright": "UniqueViolation",
                "table": str(table),
                "index": str(index),
                "id": str(id),
            }:
                raise UniqueViolation(table, index, id) from error
            case _:
                pass
        if _TOO_MANY in error.message:
            table, index = (str(question.arguments[at]) for at in ("table", "index"))
            raise TooManyResults(table, index, MAX_FOUND) from error
        _, found, reason = error.message.partition(_SCHEMA)
        if found:
            table = error.message.partition('in table "')[2].partition('"')[0]
            raise ValidationFailed(table, "", reason.strip()) from error
        raise
