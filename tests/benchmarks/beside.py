"""The engine beside other libraries, which do the same in the same run."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from random import Random
from typing import Any, Final

from .calls import Repeated, take_turns
from .projects import Scale, Workshop
from .rows import Row
from .stores import TAKEN, Library, Store
from .stores.ours import people
from .tickets import OWNED, Values, tickets

_TOGETHER: Final = 100
"""How many documents are inserted one by one in one transaction."""
_CHECKED: Final = 20
"""How many answers of each kind are compared before anything is timed."""


@dataclass(frozen=True)
class Beside:
    """What is compared: who, where, and how many times longer than ours others should take.

    `place` gives an empty place for a store at each call. `filling` are those of `others`, and
    more, that insert many at once. `together` are the budgets of inserts in one transaction.
    """

    ours: Library
    others: Sequence[Library]
    filling: Sequence[Library]
    place: Callable[[], str]
    budgets: Mapping[Library, float]
    together: Mapping[Library, float]


class _Filled:
    """The newest store of a library, with the keys of its tickets."""

    def __init__(
        self, library: Library, place: Callable[[], str], many: Sequence[Values]
    ) -> None:
        self.library = library
        self.many = many
        self.keys: Sequence[Any] = ()
        self._place = place
        self._stores: list[Store] = []

    @property
    def store(self) -> Store:
        return self._stores[-1]

    def fill(self) -> None:
        self._stores.append(self.library.open(self._place()))
        self.keys = self.store.insert_all(self.many)

    def close(self) -> None:
        for store in self._stores:
            store.close()


def beside_others(scale: Scale, workshop: Workshop, compared: Beside) -> Iterator[Row]:
    """What others take for each operation."""
    documents = scale.tables * 100
    owners = people(str(workshop.empty() / "people.db"), documents // OWNED)
    many = tickets(documents, owners)
    # What all of them share is not theirs to be searched for garbage.
    gc.collect()
    gc.freeze()
    stores = {
        library: _Filled(library, compared.place, many)
        for library in (compared.ours, *compared.filling)
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
    # uses one. That of the inserts is so long that SQLite moves its log into the file in each.
    for what, calls, turns, stretch in (
        ("get by id", _gets, 5, 500),
        (f"take({TAKEN}) by index", _takes, 5, 200),
        ("insert", _inserts, 5, 1000),
        (f"insert {_TOGETHER} in a transaction", _transactions, 5, 2),
    ):
        timed = {
            library: (
                Repeated(calls(stores[library], numbers), scale.slow_turns)
                if library.reads_all
                else Repeated(
                    calls(stores[library], numbers), scale.turns * turns, stretch
                )
            )
            for library in (compared.ours, *compared.others)
            if library in stores
        }
        take_turns(*timed.values())
        yield from _rows(compared, what, compared.others, timed)
    what = f"insert {documents:,} into an empty table"
    yield from _rows(compared, what, compared.filling, filling)
    for filled in stores.values():
        filled.close()
    gc.unfreeze()


def _rows(
    compared: Beside,
    what: str,
    others: Sequence[Library],
    timed: Mapping[Library, Repeated],
) -> Iterator[Row]:
    ours = timed[compared.ours]
    together = what.endswith("transaction")
    budgets = compared.together if together else compared.budgets
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
