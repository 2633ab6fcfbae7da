"""Read-modify-write of one document, by many processes at once."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import Any, Literal, NamedTuple

from tests.engines.packages import imported, package
from tests.engines.safety.files import COUNTERS
from tests.engines.safety.places import Place
from tests.engines.safety.processes import Other, Pipe, other


class Sum(NamedTuple):
    """What became of a counter, how often it was counted, and the longest wait of anybody, in ms."""

    found: float
    expected: int
    longest_ms: float


def count_up(
    place: Place,
    folder: Path,
    processes: int,
    times: int,
    synchronous: Literal["normal", "full"] = "normal",
) -> Sum:
    """Has each process count so many times; none of them may be refused."""
    name = f"sums_{synchronous}"
    made = package(folder, COUNTERS, name)
    with made.server.connect(place.url) as db:
        id = db.insert(made.CounterNew(name="shared", n=0))
        with ExitStack() as stack:
            others = [
                stack.enter_context(
                    other(_count, folder, name, place.url, str(id), times, synchronous)
                )
                for _ in range(processes)
            ]
            for one in others:
                assert one.hear() == "ready"
            for one in others:
                one.pipe.send("go")
            longest = [_its_longest_ms(one) for one in others]
            for one in others:
                one.finish()
        found = db.get(id).n
    assert place.check(made) == 1
    return Sum(found, processes * times, max(longest))


def _its_longest_ms(process: Other) -> float:
    while (said := process.hear()) is None:
        """It goes on."""
    return float(said)


def increment(db: Any, made: Any, id: Any) -> None:
    """Adds one."""
    db.transact(lambda db: db.patch(id, made.CounterPatch(n=db.get(id).n + 1)))


def _count(
    pipe: Pipe,
    folder: Path,
    name: str,
    url: str,
    id: str,
    times: int,
    synchronous: str,
) -> None:
    made = imported(folder, name)
    longest = 0.0
    with made.server.connect(url, synchronous=synchronous) as db:
        pipe.send("ready")
        pipe.recv()
        for number in range(times):
            begun = perf_counter()
            increment(db, made, made.CounterId(id))
            longest = max(longest, perf_counter() - begun)
            if number % 100 == 0:
                pipe.send(None)
    pipe.send(longest * 1000)
