"""A random program: transactions on a database whose documents it remembers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Final

from codegen.ir.model import Index, Schema
from codegen.ir.types import ANY, JsonValue, Object, Type, Union
from codegen.ir.values import encode
from tests.engines.oracle.ours import NULLABLE
from tests.engines.oracle.steps import (
    Again,
    Answer,
    Delete,
    End,
    Fields,
    Find,
    Get,
    How,
    Insert,
    Nested,
    Patch,
    Query,
    Replace,
    Step,
    Turn,
)
from tests.engines.oracle.values import UNDEFINED, Values, any_value, at

_MANY: Final = 60
"""The oracle looks at every document of a table for each query."""
_DEEPEST: Final = 3
"""As many transactions are inside of each other at most."""
_HOWS: Final[Sequence[How]] = (
    *("collect", "collect", "stream", "take", "first", "unique"),
)
_IDS: Final = {"owner", "manager"}
"""Fields that both sides sort differently, as ids differ: they are in equalities only."""


class Story:
    """Says what happens next; after each transaction it has to be told the answers."""

    def __init__(self, schema: Schema, random: Random) -> None:
        self._schema = schema
        self._random = random
        self._alive: dict[str, list[str]] = {table: [] for table in schema.tables}
        self._gone: list[tuple[str, str]] = []
        self._values = Values(schema, random, self._alive)
        self._seen: dict[str, list[Fields]] = {table: [] for table in schema.tables}
        self._doubtful: set[str] = set()
        self._readers: dict[str, Query] = {}
        self._pages: dict[str, Query] = {}
        self._count = 0

    def inserts(self, table: str, count: int) -> list[Insert]:
        """New documents that fit."""
        return [self._insert(table, fits=True) for _ in range(count)]

    def attempts(self, table: str, count: int) -> list[Step]:
        """New documents and changes, many of which do not fit."""
        return [
            self._write(table, fits=self._random.random() < 0.2) for _ in range(count)
        ]

    def reads(self, count: int) -> list[Step]:
        """Queries, each on some index."""
        return [self._find() for _ in range(count)]

    def everything(self) -> list[Step]:
        """All documents of all tables."""
        return [Find(_whole(table), "collect", 0) for table in self._alive]

    def transaction(self) -> tuple[list[Step], bool]:
        """Steps, and whether all are undone at the end."""
        return self._steps(self._random.choice((1, 1, 2, 5, 9)), 0)

    def alone(self) -> Step:
        """What needs no transaction, and filters no pages."""
        step = self._step(_DEEPEST)
        if isinstance(step, Turn) and step.query.filter is not None:
            step = replace(step, query=replace(step.query, filter=None))
        return step

    def told(self, steps: Sequence[Step], answers: Sequence[Answer]) -> None:
        """Learns which documents were taken after all, and who may turn another page."""
        for step, answer in zip(flat(steps), answers, strict=True):
            match step, answer.value:
                case Turn(reader, query), {"more": True}:
                    self._readers[reader] = query
                    self._pages[reader] = query
                case Insert(name, table), _ if name in self._doubtful:
                    self._doubtful.remove(name)
                    if not answer.refused:
                        self._gone.append((table, name))
                case _:
                    pass

    def mark(self) -> Callable[[], None]:
        """What has to be called when all that comes from now on is undone."""
        before = {table: [*names] for table, names in self._alive.items()}
        gone_before = [*self._gone]

        def undo() -> None:
            made = [
                (table, name)
                for table, names in self._alive.items()
                for name in names
                if name not in before[table]
            ]
            self._gone[:] = gone_before + made
            for table, names in before.items():
                self._alive[table][:] = names

        return undo

    def _steps(self, count: int, depth: int) -> tuple[list[Step], bool]:
        undo = self.mark()
        steps = [self._step(depth) for _ in range(count)]
        fails = self._random.random() < 0.2
        if fails:
            undo()
        return steps, fails

    def _step(self, depth: int) -> Step:
        random = self._random
        table = random.choice([*self._alive])
        match random.randrange(15):
            case 0 | 1 | 2 | 3 | 4:
                return self._find()
            case 5 | 6:
                return self._turn()
            case 9 if self._pages:
                reader = random.choice([*self._pages])
                return Again(reader, self._pages[reader])
            case 7 if depth < _DEEPEST:
                steps, fails = self._steps(random.choice((1, 2, 4)), depth + 1)
                return Nested(tuple(steps), fails)
            case 8:
                _, name = self._target(table)
                return Get(name) if name else self._find()
            case _:
                return self._write(table, fits=random.random() < 0.85)

    def _write(self, table: str, *, fits: bool) -> Step:
        random = self._random
        table, name = self._target(table)
        alive = name in self._alive[table]
        way = random.random()
        if not name or (way < 0.45 and len(self._alive[table]) < _MANY):
            return self._insert(table, fits=fits)
        if way < 0.6:
            if alive:
                self._alive[table].remove(name)
                self._gone.append((table, name))
            return Delete(name)
        # Which of two reasons to refuse is said first, is nobody's business.
        fits = fits or not alive
        if way < 0.8:
            return Replace(name, self._fields(table, fits=fits))
        return Patch(name, self._changes(table, fits=fits))

    def _target(self, table: str) -> tuple[str, str]:
        """A document, perhaps one that is gone, with its table."""
        if self._gone and self._random.random() < 0.08:
            return self._random.choice(self._gone)
        names = self._alive[table]
        return table, self._random.choice(names) if names else ""

    def _insert(self, table: str, *, fits: bool) -> Insert:
        self._count += 1
        name = f"{table} {self._count}"
        value = self._fields(table, fits=fits)
        if fits:
            self._alive[table].append(name)
        else:
            self._doubtful.add(name)
        return Insert(name, table, value)

    def _fields(self, table: str, *, fits: bool) -> Fields:
        value = self._values.draw_document(self._schema.tables[table].document)
        self._seen[table].append(value)
        return value if fits else self._values.changed_fields(value)

    def _changes(self, table: str, *, fits: bool) -> Fields:
        """Changes to some fields of one kind of document."""
        arm = self._random.choice(_arms(self._schema.tables[table].document))
        value = self._values.draw_document(arm)
        self._seen[table].append(value)
        if not fits:
            value = self._values.changed_fields(value)
        kept = {name: v for name, v in value.items() if self._random.random() < 0.5}
        removable = ["a", "b", "c"] if arm == ANY else _optional(arm)
        removed = [name for name in removable if self._random.random() < 0.2]
        return kept | dict.fromkeys(removed, UNDEFINED)

    def _find(self) -> Find:
        return Find(
            self._query(), self._random.choice(_HOWS), self._random.randrange(5)
        )

    def _turn(self) -> Turn:
        size = self._random.choice((1, 1, 2, 3, 7))
        most_read = size if self._random.random() < 0.2 else None
        if most_read is not None:
            size += 1
        if self._readers and self._random.random() < 0.7:
            reader = self._random.choice([*self._readers])
            self._pages.pop(reader, None)
            return Turn(reader, self._readers.pop(reader), size, most_read)
        self._count += 1
        query = self._query(most_equal=self._random.choice((0, 0, 1)))
        return Turn(f"reader {self._count}", query, size, most_read)

    def _query(self, most_equal: int = 4) -> Query:
        random = self._random
        table = random.choice([*self._alive])
        index = random.choice(
            [*self._schema.tables[table].indexes, Index("by_creation_time", ())]
        )
        fields = (*index.fields, "_creationTime")
        fewest = 1 if fields[0] in _IDS else 0
        count = random.randint(fewest, max(fewest, min(most_equal, len(fields))))
        model = random.choice(self._seen[table] or [{}])
        equal = [
            self._value(table, path, model if random.random() < 0.8 else None)
            for path in fields[:count]
        ]
        ends: list[End | None] = [None, None]
        if count < len(fields):
            for side in (0, 1):
                if random.random() < 0.45:
                    value = self._value(table, fields[count], None)
                    ends[side] = End(value, inclusive=random.random() < 0.5)
        return Query(
            table=table,
            index=index.name,
            fields=fields,
            equal=tuple(equal),
            lower=ends[0],
            upper=ends[1],
            descending=random.random() < 0.5,
            filter=self._filter(table) if random.random() < 0.2 else None,
            way=random.getrandbits(3),
        )

    def _value(self, table: str, path: str, model: Fields | None) -> JsonValue:
        """A value to compare a field with: mostly one that a document has had there."""
        random = self._random
        if path == "_creationTime":
            names = self._alive[table]
            return {"$time": random.choice(names)} if names else 1e12
        seen = self._seen[table]
        value: JsonValue
        if model is not None:
            value = at(model, path)
        elif seen and random.random() < 0.75:
            value = at(random.choice(seen), path)
        else:
            value = encode(any_value(random))
        return UNDEFINED if value is None and path not in NULLABLE else value

    def _filter(self, table: str) -> tuple[str, JsonValue]:
        seen = self._seen[table] or [{"a": None}]
        name = self._random.choice([*self._random.choice(seen)] or ["a"])
        return name, at(self._random.choice(seen), name)


def flat(steps: Sequence[Step]) -> Iterator[Step]:
    """The steps that give an answer, in order."""
    for step in steps:
        if isinstance(step, Nested):
            yield from flat(step.steps)
        else:
            yield step


def _whole(table: str) -> Query:
    return Query(
        table=table,
        index="by_creation_time",
        fields=("_creationTime",),
        equal=(),
        lower=None,
        upper=None,
        descending=False,
        filter=None,
        way=0,
    )


def _arms(document: Type) -> Sequence[Type]:
    return document.arms if isinstance(document, Union) else [document]


def _optional(arm: Type) -> list[str]:
    assert isinstance(arm, Object)
    return [field.name for field in arm.fields if field.optional]
