"""The steps as `convex-test` takes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codegen.ir.types import JsonValue
from tests.engines.oracle.documents import named
from tests.engines.oracle.process import Json, Oracle
from tests.engines.oracle.steps import (
    Again,
    Answer,
    Delete,
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


class Theirs:
    """A database of the oracle."""

    def __init__(self, oracle: Oracle, schema: JsonValue) -> None:
        oracle.open(schema)
        self._oracle = oracle
        self._names: dict[str, str] = {}
        self._cursors: dict[str, str] = {}
        self._begins: dict[str, str | None] = {}

    def run(self, steps: Sequence[Step], *, fails: bool) -> list[Answer]:
        """The answers to the steps of a transaction; a transaction that fails is undone."""
        questions = [self._question(step) for step in steps]
        answers = self._oracle.transaction(questions, fails=fails)
        return [*self._answers(steps, answers)]

    def _question(self, step: Step) -> JsonValue:
        match step:
            case Insert(name, table, value):
                return {"insert": {"name": name, "table": table, "value": value}}
            case Get(name):
                return {"get": {"$ref": name}}
            case Patch(name, value):
                return {"patch": {"id": {"$ref": name}, "value": value}}
            case Replace(name, value):
                return {"replace": {"id": {"$ref": name}, "value": value}}
            case Delete(name):
                return {"delete": {"$ref": name}}
            case Find(query, how, count):
                limit = {"collect": None, "stream": None, "first": 1, "unique": 2}
                return {"query": _query(query, limit.get(how, count))}
            case Turn(reader, query, size, most_read):
                begin = self._begins[reader] = self._cursors.get(reader)
                page = {"query": _query(query), "cursor": begin, "pageSize": size}
                return {"page": {**page, "maximumRowsRead": most_read}}
            case Again(reader, query):
                begin, end = self._begins[reader], self._cursors[reader]
                page = {"query": _query(query), "cursor": begin, "pageSize": 1}
                return {"page": {**page, "endCursor": end}}
            case Nested(steps, fails):
                questions = [self._question(inner) for inner in steps]
                return {"nested": {"steps": questions, "fails": fails}}

    def _answers(
        self, steps: Sequence[Step], answers: Sequence[Json]
    ) -> Iterator[Answer]:
        for step, answer in zip(steps, answers, strict=True):
            if isinstance(step, Nested):
                yield from self._answers(step.steps, answer["ok"])
            elif "error" in answer:
                yield _refusal(answer["error"])
            else:
                yield self._answer(step, answer["ok"])

    def _answer(self, step: Step, found: Json) -> Answer:
        match step:
            case Insert(name):
                self._names[found] = name
                return Answer()
            case Get():
                return Answer(named(found, self._names))
            case Find(_, "first"):
                return Answer(named(found[0] if found else None, self._names))
            case Find(_, "unique"):
                if len(found) > 1:
                    return Answer(refused="several")
                return Answer(named(found[0] if found else None, self._names))
            case Find():
                return Answer(named(found, self._names))
            case Turn(reader):
                self._cursors[reader] = found["continueCursor"]
                items, more = named(found["page"], self._names), not found["isDone"]
                return Answer({"items": items, "more": more})
            case Again():
                return Answer(named(found["page"], self._names))
            case _:
                return Answer()


def _refusal(text: str) -> Answer:
    # The second is what it says of null where an object belongs.
    if text.startswith(("Validator error:", "Cannot convert undefined or null")):
        return Answer(refused="invalid")
    if "non-existent doc" in text:
        return Answer(refused="missing")
    raise AssertionError(f"the oracle was asked wrongly: {text}")


def _query(query: Query, limit: int | None = None) -> JsonValue:
    order = "desc" if query.descending else "asc"
    bounds: list[JsonValue] = [
        {"type": "Eq", "fieldPath": path, "value": value}
        for path, value in zip(query.fields, query.equal, strict=False)
    ]
    for end, kind in ((query.lower, "Gt"), (query.upper, "Lt")):
        if end is not None:
            path = query.fields[len(query.equal)]
            type_ = kind + "e" * end.inclusive
            bounds.append({"type": type_, "fieldPath": path, "value": end.value})
    operators: list[JsonValue] = []
    if query.filter is not None:
        path, value = query.filter
        operators.append({"filter": {"$eq": [{"$field": path}, {"$literal": value}]}})
    if limit is not None:
        operators.append({"limit": limit})
    source: JsonValue = {
        "type": "IndexRange",
        "indexName": f"{query.table}.{query.index}",
        "range": bounds,
        "order": order,
    }
    return {"source": source, "operators": operators}
