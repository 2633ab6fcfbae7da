"""The steps as a program in Python takes them, with a generated package."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from functools import partial
from types import ModuleType
from typing import Any, TypeVar

from pydantic import ValidationError

from codegen.ir.types import JsonValue
from codegen.ir.values import Value, decode
from codegen.runtime import (
    ABSENT,
    REMOVE,
    Document,
    Id,
    Int64,
    Range,
    Remove,
    gt,
    gte,
    lt,
    lte,
)
from codegen.runtime.errors import NotFound, NotUnique, ValidationFailed
from tests.engines.oracle.documents import named
from tests.engines.oracle.steps import (
    Again,
    Answer,
    Delete,
    Fields,
    Find,
    Get,
    Insert,
    Nested,
    Patch,
    Query,
    Replace,
    Step,
    Turn,
)
from tests.engines.oracle.values import UNDEFINED, at
from tests.ir.strategies import same_json

T = TypeVar("T")

# What the schema says of the fields of indexes: where a bound may be null, and where a whole
# number in a bound is an int64.
NULLABLE = {
    *("given", "anything", "mixed", "size.place.x"),
    *("tag", "a", "a.b", "c", "state"),
}
INT64 = {"count", "mixed", "size.width", "side"}


_ID = re.compile("[0-9a-z]{31,37}")


class _Undone(Exception):
    pass


class Ours:
    """A database of ours, as often as it is opened."""

    def __init__(
        self, package: ModuleType, opened: Callable[[], AbstractContextManager[Any]]
    ) -> None:
        self.package = package
        self._opened = opened
        self._stack = ExitStack()
        self.db: Any = self._stack.enter_context(opened())
        self._tables: Any = package.server.schema.tables
        self.ids: dict[str, Id[Any]] = {}
        self._times: dict[str, float] = {}
        self._names: dict[str, str] = {}
        self.cursors: dict[str, str | None] = {}
        self._begins: dict[str, str | None] = {}

    def close(self) -> None:
        self._stack.close()

    def reopen(self) -> None:
        """As after the program's end; not for a database in memory."""
        self._stack.close()
        self.db = self._stack.enter_context(self._opened())

    def run(self, steps: Sequence[Step], *, fails: bool) -> list[Answer]:
        """The answers to the steps of a transaction; a transaction that fails is undone."""
        if len(steps) == 1 and not fails:
            return [*self._answers(steps)]
        return self._transaction(steps, fails)

    def _transaction(self, steps: Sequence[Step], fails: bool) -> list[Answer]:
        answers: list[Answer] = []
        try:
            with self.db.transaction():
                answers += self._answers(steps)
                if fails:
                    raise _Undone
        except _Undone:
            pass
        return answers

    def _answers(self, steps: Iterable[Step]) -> Iterator[Answer]:
        for step in steps:
            if isinstance(step, Nested):
                yield from self._transaction(step.steps, step.fails)
                continue
            yield self.answered(partial(self._answer, step))

    def insert_many(self, parts: Sequence[Insert]) -> None:
        """Inserts all in one call."""
        news = [self.new(part.table, part.value) for part in parts]
        for part, id in zip(parts, self.db.insert_many(news), strict=True):
            self.is_named(part.name, id)

    def answered(self, call: Callable[[], JsonValue]) -> Answer:
        """What a call gives or raises."""
        try:
            return Answer(call())
        except (ValidationError, ValidationFailed) as error:
            return Answer(refused="invalid", error=self.said(error))
        except NotFound as error:
            return Answer(refused="missing", error=self.said(error))
        except NotUnique as error:
            return Answer(refused="several", error=self.said(error))

    def said(self, error: Exception) -> str:
        """With the names of documents in the places of their ids."""
        if isinstance(error, ValidationError):
            return type(error).__name__  # a model's own, and it may cut ids off
        text = _ID.sub(lambda id: self._names.get(id[0], id[0]), str(error))
        return f"{type(error).__name__}: {text}"

    def _answer(self, step: Step) -> JsonValue:
        match step:
            case Insert(name, table, value):
                id = self.db.insert(self.new(table, value))
                self.is_named(name, id)
            case Get(name):
                return self.shown(self.db.get(self.ids[name]))
            case Patch(name, value):
                self.db.patch(self.ids[name], self._patch(name, value))
            case Replace(name, value):
                id = self.ids[name]
                self.db.replace(id, self.new(id.__table__, value))
            case Delete(name):
                self.db.delete(self.ids[name])
            case Find(query, how, count):
                return self._found(query, how, count)
            case Turn(reader, query, size, most_read):
                return self._page(reader, self._query(query), size, most_read)
            case Again(reader, query):
                return self._same_page(reader, self._query(query))
            case Nested():
                raise AssertionError
        return None

    def is_named(self, name: str, id: Id[Any]) -> None:
        self.ids[name], self._names[id] = id, name
        self._times[name] = self.db.get(id).creation_time

    def _found(self, query: Query, how: str, count: int) -> JsonValue:
        ours = self._query(query)
        match how:
            case "take":
                return self.shown(self.db.run(ours.take(count)))
            case "first":
                return self.shown(self.db.run(ours.first()))
            case "unique":
                return self.shown(self.db.run(ours.unique()))
            case "stream":
                return self.shown([*self.db.stream(ours)])
            case _:
                return self.shown(self.db.run(ours))

    def _page(
        self, reader: str, query: Any, size: int, most_read: int | None
    ) -> JsonValue:
        begin = self._begins[reader] = self.cursors.get(reader)
        page = self.db.run(query.paginate(size, begin, maximum_rows_read=most_read))
        self.cursors[reader] = page.cursor
        more = page.cursor is not None
        if most_read is not None:
            assert len(page.items) <= most_read
        elif len(page.items) < size:
            assert not more, "only a full page has another one after it"
        else:
            # The server finds out with the next page, which may be empty.
            unfiltered = replace(query, filters=())
            rest = self.db.run(unfiltered.paginate(1, page.cursor))
            assert more and (rest.items or rest.cursor is None)
            more = bool(rest.items)
        return {"items": self.shown(page.items), "more": more}

    def _same_page(self, reader: str, query: Any) -> JsonValue:
        begin, end = self._begins[reader], self.cursors[reader]
        page = self.db.run(query.paginate(1, begin, end_cursor=end))
        assert page.cursor == end
        return self.shown(page.items)

    def _query(self, query: Query) -> Any:
        ways = [bool(query.way >> bit & 1) for bit in range(3)]
        bounds = [
            self._bound(path, value, ways)
            for path, value in zip(query.fields, query.equal, strict=False)
        ]
        if query.lower or query.upper:
            path = query.fields[len(bounds)]
            range_: Range[Any] = Range()
            for end, within, beside in (
                (query.lower, gte, gt),
                (query.upper, lte, lt),
            ):
                if end is not None:
                    value = self._bound(path, end.value, ways)
                    range_ &= within(value) if end.inclusive else beside(value)
            bounds.append(range_)
        queries: Any = getattr(self.package, query.table)
        if ways[0]:
            found = getattr(queries, query.index)(*bounds)
        else:
            found = queries._index(query.index, tuple(bounds))
        if query.descending or ways[1]:
            found = found.order("desc" if query.descending else "asc")
        if query.filter is not None:
            path, value = query.filter
            wanted = self._resolved(value)

            def keep(document: Document) -> bool:
                return same_json(at(document.to_wire(), path), wanted)

            found = found.filter(keep)
        return found

    def _bound(self, path: str, value: JsonValue, ways: Sequence[bool]) -> object:
        if value == UNDEFINED:
            return ABSENT if path in NULLABLE or ways[2] else None
        if value is None:
            assert path in NULLABLE, "no bound says null here"
        bound = _python(self._resolved(value))
        if ways[2] and isinstance(bound, Int64) and path in INT64:
            return int(bound)
        if ways[2] and isinstance(bound, float) and path not in INT64:
            whole = bound.is_integer() and abs(bound) < 2**53
            return int(bound) if whole and same_json(bound, int(bound)) else bound
        return bound

    def new(self, table: str, value: Fields) -> Any:
        """The model of a new document."""
        text = json.dumps(self._resolved(value))
        return _first_fit(
            [new.from_wire_json for new in self._tables[table].news], text
        )

    def _patch(self, name: str, value: Fields) -> Any:
        removed = {field: REMOVE for field, new in value.items() if new == UNDEFINED}
        kept = {field: new for field, new in value.items() if field not in removed}
        patches = self._tables[self.ids[name].__table__].patches
        makers = [partial(_changes, patch, removed) for patch in patches]
        return _first_fit(makers, self._resolved(kept))

    def _resolved(self, value: JsonValue) -> JsonValue:
        """The value with ids and creation times of ours."""
        if isinstance(value, list):
            return [self._resolved(item) for item in value]
        if isinstance(value, dict):
            match value:
                case {"$ref": str(name)}:
                    return str(self.ids[name])
                case {"$time": str(name)}:
                    return self._times[name]
                case _:
                    return {name: self._resolved(v) for name, v in value.items()}
        return value

    def shown(self, found: Any) -> JsonValue:
        if isinstance(found, Document):
            return named(found.to_wire(), self._names)
        if found is None:
            return None
        return [self.shown(document) for document in found]


def _changes(patch: Any, removed: dict[str, Remove], kept: JsonValue) -> Any:
    return patch(**dict(patch.from_wire(kept)), **removed)


def _python(value: JsonValue) -> Any:
    return _with_int64s(decode(value))


def _with_int64s(value: Value) -> Any:
    if isinstance(value, list):
        return [_with_int64s(item) for item in value]
    if isinstance(value, dict):
        return {name: _with_int64s(item) for name, item in value.items()}
    if isinstance(value, int) and not isinstance(value, bool):
        return Int64(value)
    return value


def _first_fit(makers: Sequence[Callable[[Any], T]], given: object) -> T:
    """What the first of several classes makes of it; the last one's error if none does."""
    *others, last = makers
    for make in others:
        try:
            return make(given)
        except ValidationError:
            continue
    return last(given)
