"""Read-modify-write from many processes and threads: no update is lost, no one is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import pytest

from tests.engines.packages import package
from tests.engines.safety.files import COUNTERS
from tests.engines.safety.increments import count_up, increment
from tests.engines.safety.places import Place


@pytest.mark.slow
@pytest.mark.parametrize(
    ("processes", "times", "synchronous"), [(8, 250, "normal"), (8, 40, "full")]
)
def test_processes_lose_no_update(
    place: Place,
    tmp_path: Path,
    processes: int,
    times: int,
    synchronous: Literal["normal", "full"],
) -> None:
    counted = count_up(place, tmp_path, processes, times, synchronous)
    assert counted.found == counted.expected == processes * times
    assert counted.longest_ms < 10_000, "the others took all the turns"


@pytest.mark.parametrize("kind", ["lasting", "memory"])
def test_threads_lose_no_update(place: Place, tmp_path: Path, kind: str) -> None:
    made = package(tmp_path, COUNTERS, f"sums_threads_{kind}")
    url = "sqlite://" if kind == "memory" else place.url
    with made.server.connect(url, synchronous="normal") as db:
        id = db.insert(made.CounterNew(name="shared", n=0))

        def count(_: int) -> None:
            for _ in range(60):
                increment(db, made, id)

        with ThreadPoolExecutor(6) as pool:
            for _ in pool.map(count, range(6)):
                """Raises what a thread has met."""
        assert db.get(id).n == 360
