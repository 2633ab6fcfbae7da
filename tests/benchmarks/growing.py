"""A table of ten times the size, and of ten times that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import cycle
from random import Random
from typing import Any, Final

from codegen.runtime import gte

from .calls import Repeated, take_turns
from .projects import Scale, Workshop
from .rows import Row
from .stores import TAKEN
from .stores.ours import connect
from .tickets import OWNED, PACKAGE

_BATCH: Final = 10_000
_READ: Final = 10_000
"""How many random documents are read, again and again."""


class _Notes:
    """A table of so many small documents."""

    def __init__(self, count: int, workshop: Workshop) -> None:
        notes = import_module(f"{PACKAGE}.tables.notes")
        self._queries = notes.notes
        self._random = Random(count)
        self._owners = count // OWNED or 1
        self._db = connect(str(workshop.empty() / "notes.db"))
        self._ids: list[Any] = []
        for begin in range(0, count, _BATCH):
            batch = range(begin, min(begin + _BATCH, count))
            news = [
                notes.NoteNew(
                    title=f"Note {number}",
                    owner=self._owner(),
                    priority=self._random.random(),
                )
                for number in batch
            ]
            self._ids += self._db.insert_many(news)

    def gets(self) -> Callable[[], object]:
        get, ids = self._db.get, cycle(self._random.choices(self._ids, k=_READ))
        return lambda: get(next(ids))

    def takes(self) -> Callable[[], object]:
        run, by_owner = self._db.run, self._queries.by_owner
        bounds = [(self._owner(), self._random.random() / 2) for _ in range(_READ)]
        ends = cycle(bounds)

        def take() -> object:
            owner, priority = next(ends)
            return run(by_owner(owner, gte(priority)).take(TAKEN))

        return take

    def close(self) -> None:
        self._db.close()

    def _owner(self) -> str:
        return f"owner {self._random.randrange(self._owners)}"


def growing(scale: Scale, workshop: Workshop) -> Iterator[Row]:
    """Reading random documents of a table of any size takes about as long."""
    counts = [scale.tables * factor for factor in (10, 100, 1000)]
    tables = [_Notes(count, workshop) for count in counts]
    for what, calls in (
        ("get by id", [notes.gets() for notes in tables]),
        (f"take({TAKEN}) by index", [notes.takes() for notes in tables]),
    ):
        warm = [Repeated(call, 1, _READ) for call in calls]
        take_turns(*warm)
        small, middle, large = (Repeated(call, scale.turns * 30, 50) for call in calls)
        take_turns(small, middle, large)
        yield Row(
            f"{what}, one of {counts[2]:,} / of {counts[0]:,} documents",
            large.time / small.time,
            f"{large} / {small}; {middle} of {counts[1]:,}",
            at_most=1.3,
        )
    for notes in tables:
        notes.close()
