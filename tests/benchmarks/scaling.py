"""What an operation takes as a table grows by ten times and by ten times again.

The storage of ours is filled by its own way for many documents, and answers from a table that is
there: on SQLite in a file, on PostgreSQL on the server of the tests.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from importlib import import_module
from itertools import cycle
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

import psycopg

from codegen.runtime import gte
from tests.postgres import new_database, postgres_server

from .projects import Scale, Workshop
from .rows import Row
from .stores import TAKEN
from .stores.ours import connect
from .tickets import OWNED, PACKAGE, generate

_BATCH: Final = 10_000
_CALLS: Final = 500
"""How many calls of each kind are timed, on random documents."""
_SIZES: Final = (10, 100, 1_000, 10_000)
"""How many documents there are for each table of the scale."""
_MOST_GROWTH: Final = 3.0
"""How much longer an operation may take in a table of a thousand times the size."""


class _Growing:
    """A table of notes that is filled more and more."""

    def __init__(self, place: str, bytes_used: Callable[[], int]) -> None:
        notes = import_module(f"{PACKAGE}.tables.notes")
        self._new, self._patch, self._queries = (
            notes.NoteNew,
            notes.NotePatch,
            notes.notes,
        )
        self.db = connect(place)
        self.bytes_used = bytes_used
        self._random = Random(1)
        self._some: list[Any] = []
        self._owners = 0
        self._count = 0

    def grow(self, count: int) -> float:
        """Fills it up to so many documents; the answer is the seconds for one of them."""
        added, begun = count - self._count, time.perf_counter()
        # What is added is of new owners: all have about as many notes at each size.
        owners = range(self._owners, self._owners + (added // OWNED or 1))
        self._owners = owners.stop
        for begin in range(self._count, count, _BATCH):
            batch = range(begin, min(begin + _BATCH, count))
            ids = self.db.insert_many(self._note(owners) for _ in batch)
            self._some += self._random.sample(ids, min(len(ids), 100))
        self._count = count
        return (time.perf_counter() - begun) / added

    def seconds(self, call: Callable[[], object]) -> float:
        """The median of many calls."""
        taken: list[float] = []
        for _ in range(_CALLS):
            begun = time.perf_counter()
            call()
            taken.append(time.perf_counter() - begun)
        return median(taken)

    def operations(self) -> dict[str, Callable[[], object]]:
        db, random, owners = self.db, self._random, range(self._owners)
        ids = cycle(random.choices(self._some, k=_CALLS))

        def take() -> object:
            owner, priority = self._owner(owners), random.random() / 2
            return db.run(self._queries.by_owner(owner, gte(priority)).take(TAKEN))

        return {
            "get by id": lambda: db.get(next(ids)),
            f"take({TAKEN}) by index": take,
            "insert": lambda: db.insert(self._note(owners)),
            "patch": lambda: db.patch(next(ids), self._patch(priority=random.random())),
        }

    def _note(self, owners: range) -> Any:
        return self._new(
            title=f"Note {self._random.random()}",
            owner=self._owner(owners),
            priority=self._random.random(),
        )

    def _owner(self, owners: range) -> str:
        return f"owner {self._random.choice(owners)}"


def scaling(scale: Scale, workshop: Workshop) -> Iterator[Row]:
    """Each operation on both engines: what it takes at the largest size, to the smallest."""
    generate(workshop)
    sizes = [scale.tables * factor for factor in _SIZES]
    file = workshop.empty() / "notes.db"
    yield from _curve("SQLite", _Growing(str(file), lambda: _size_of(file)), sizes)
    with ExitStack() as stack:
        url = stack.enter_context(new_database(stack.enter_context(postgres_server())))
        yield from _curve("PostgreSQL", _Growing(url, lambda: _size_on(url)), sizes)


def _curve(engine: str, table: _Growing, sizes: Sequence[int]) -> Iterator[Row]:
    seen: dict[str, list[float]] = {}
    for size in sizes:
        costs = {"insert many, each": table.grow(size) * 1e6}
        for what, call in table.operations().items():
            costs[what] = table.seconds(call) * 1e6
        costs["bytes, each"] = table.bytes_used() / size
        for what, cost in costs.items():
            seen.setdefault(what, []).append(cost)
    table.db.close()
    for what, at in seen.items():
        unit = "" if what.startswith("bytes") else " µs"
        reads = what.startswith(("get", "take"))
        yield Row(
            f"{engine}, {what}, of {sizes[-1]:,} / of {sizes[0]:,} documents",
            at[-1] / at[0],
            "; ".join(
                f"{cost:,.1f}{unit} of {size:,}"
                for size, cost in zip(sizes, at, strict=True)
            ),
            at_most=_MOST_GROWTH if reads else None,
        )


def _size_of(file: Path) -> int:
    return sum(part.stat().st_size for part in file.parent.glob(f"{file.name}*"))


def _size_on(url: str) -> int:
    """Of the table with its indexes."""
    with psycopg.connect(url) as connection:
        sql = "SELECT pg_total_relation_size('notes')"
        (size,) = connection.execute(sql).fetchone() or (0,)
        return int(size)
