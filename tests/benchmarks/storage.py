"""The engine on SQLite: beside other libraries in the same run, and as a table grows."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle
from random import Random
from typing import Any, Final

from .calls import Repeated, take_turns
from .growing import growing
from .projects import Scale, Workshop
from .rows import Row
from .stores import BY_HAND, FILLING, OTHERS, OURS, SQLMODEL, TAKEN, Library, Store
from .stores.ours import people
from .tickets import OWNED, Values, generate, tickets

# How many times longer than ours an operation should take at least. SQLModel collects what is
# added in a transaction and inserts it at once.
_HALF: Final = {BY_HAND: 0.5}
_BUDGETS: Final = {**_HALF, SQLMODEL: 4.0}
_TOGETHER: Final = 100
"""How many documents are inserted one by one in one transaction."""
_CHECKED: Final = 20
"""How many answers of each kind are compared before anything is timed."""


class _Filled:
    """The newest store of a library, with the keys of its tickets."""

    def __init__(
        self, library: Library, workshop: Workshop, many: Sequence[Values]
    ) -> None:
        self.library = library
        self.many = many
        self.keys: Sequence[Any] = ()
        self._workshop = workshop
        self._stores: list[Store] = []

    @property
    def store(self) -> Store:
        return self._stores[-1]

    def fill(self) -> None:
        path = self._workshop.empty() / "tickets.db"
        self._stores.append(self.library.open(path))
        self.keys = self.store.insert_all(self.many)

    def close(self) -> None:
        for store in self._stores:
            store.close()


def storage(scale: Scale, workshop: Workshop) -> Iterator[Row]:
    """What others take for each operation, and what ours takes in a larger table."""
    generate(workshop)
    yield from _beside_others(scale, workshop)
    yield from growing(scale, workshop)


def _beside_others(scale: Scale, workshop: Workshop) -> Iterator[Row]:
    documents = scale.tables * 100
    owners = people(workshop.empty() / "people.db", documents // OWNED)
    many = tickets(documents, owners)
    # What all of them share is not theirs to be searched for garbage.
    gc.collect()
    gc.freeze()
    stores = {
        library: _Filled(library, workshop, many)
        for library in (OURS, *FILLING)
        if library.installed
    }
    filling = {
        library: Repeated(filled.fill, 1 if library.reads_all else scale.slow_turns)
        for library, filled in stores.items()
    }
    take_turns(*filling.values())
    numbers = Random(documents).choices(range(documents), k=10_000)
    for filled in stores.values():
        _check(filled, numbers[:_CHECKED])
    # In a stretch, the processor's caches come to hold the one library, as in a program that
    # uses one.
    for what, calls, turns, stretch, budgets in (
        ("get by id", _gets, 5, 500, _BUDGETS),
        (f"take({TAKEN}) by index", _takes, 5, 200, _BUDGETS),
        ("insert", _inserts, 5, 200, _BUDGETS),
        (f"insert {_TOGETHER} in a transaction", _transactions, 5, 2, _HALF),
    ):
        timed = {
            library: (
                Repeated(calls(stores[library], numbers), scale.slow_turns)
                if library.reads_all
                else Repeated(
                    calls(stores[library], numbers), scale.turns * turns, stretch
                )
            )
            for library in (OURS, *OTHERS)
            if library in stores
        }
        take_turns(*timed.values())
        yield from _rows(what, OTHERS, timed, budgets)
    what = f"insert {documents:,} into a new file"
    yield from _rows(what, FILLING, filling, _BUDGETS)
    for filled in stores.values():
        filled.close()
    gc.unfreeze()


def _rows(
    what: str,
    others: Sequence[Library],
    timed: Mapping[Library, Repeated],
    budgets: Mapping[Library, float],
) -> Iterator[Row]:
    ours = timed[OURS]
    for other in others:
        name, at_least = f"{what}, {other.name} / ours", budgets.get(other)
        theirs = timed.get(other)
        if theirs is None:
            yield Row(name, None, f"pip install {other.needs}", at_least=at_least)
        else:
            seen = f"{theirs} / {ours}"
            yield Row(name, theirs.time / ours.time, seen, at_least=at_least)


def _gets(filled: _Filled, numbers: Sequence[int]) -> Callable[[], object]:
    get, keys = filled.store.get, cycle([filled.keys[n] for n in numbers])
    return lambda: get(next(keys))


def _takes(filled: _Filled, numbers: Sequence[int]) -> Callable[[], object]:
    take, bounds = filled.store.take, cycle([_bounds(filled.many[n]) for n in numbers])
    return lambda: take(*next(bounds))


def _inserts(filled: _Filled, numbers: Sequence[int]) -> Callable[[], object]:
    insert, values = filled.store.insert, cycle([filled.many[n] for n in numbers])
    return lambda: insert(next(values))


def _transactions(filled: _Filled, numbers: Sequence[int]) -> Callable[[], object]:
    some = [filled.many[n] for n in numbers[:_TOGETHER]]
    return lambda: filled.store.insert_each(some)


def _bounds(ticket: Values) -> tuple[str, float]:
    """An owner and a priority, from which there are most probably ten tickets."""
    return ticket["owner"], ticket["priority"] / 2


def _check(filled: _Filled, numbers: Sequence[int]) -> None:
    """That a store gives back what all of them were given."""
    store, many = filled.store, filled.many
    for number in numbers:
        values = many[number]
        owner, priority = _bounds(values)
        own = (t for t in many if t["owner"] == owner and t["priority"] >= priority)
        expected = sorted(own, key=lambda ticket: float(ticket["priority"]))[:TAKEN]
        found = [store.get(filled.keys[number]), *store.take(owner, priority)]
        said = [_present(store.values(each)) for each in found]
        if said != [_present(each) for each in (values, *expected)]:
            raise AssertionError(f"{filled.library.name} says something else")
    values = many[numbers[0]]
    inserted = store.values(store.get(store.insert(values)))
    if _present(inserted) != _present(values):
        raise AssertionError(f"{filled.library.name} inserts something else")


def _present(values: Values) -> Values:
    """Without the fields for which a column holds no value."""
    return {name: value for name, value in values.items() if value is not None}
