"""Read-modify-write from many processes and threads: no update is lost, no one is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.engines.packages import imported, package
from tests.engines.safety.files import COUNTERS, check_file, url_of
from tests.engines.safety.processes import Pipe, other


def increment(db: Any, patch: Any, id: Any, times: int) -> None:
    for _ in range(times):
        with db.transaction():
            db.patch(id, patch(n=db.get(id).n + 1))


def increments(
    pipe: Pipe, folder: Path, name: str, id: str, times: int, synchronous: str
) -> None:
    made = imported(folder, name)
    with made.server.connect(url_of(folder / "n.db"), synchronous=synchronous) as db:
        pipe.send("ready")
        pipe.recv()
        increment(db, made.CounterPatch, made.CounterId(id), times)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "times", "synchronous"),
    [("sums_normal", 2000, "normal"), ("sums_full", 100, "full")],
)
def test_processes_lose_no_update(
    tmp_path: Path, name: str, times: int, synchronous: Literal["normal", "full"]
) -> None:
    made = package(tmp_path, COUNTERS, name)
    with made.server.connect(url_of(tmp_path / "n.db")) as db:
        id = db.insert(made.CounterNew(name="shared", n=0))
        with ExitStack() as stack:
            others = [
                stack.enter_context(
                    other(increments, tmp_path, name, str(id), times, synchronous)
                )
                for _ in range(8)
            ]
            for one in others:
                assert one.hear() == "ready"
            for one in others:
                one.pipe.send("go")
            for one in others:
                one.finish()
        assert db.get(id).n == 8 * times
    assert check_file(tmp_path / "n.db", made) == 1


@pytest.mark.parametrize("place", ["file", "memory"])
def test_threads_lose_no_update(tmp_path: Path, place: str) -> None:
    made = package(tmp_path, COUNTERS, f"sums_threads_{place}")
    url = url_of(tmp_path / "n.db") if place == "file" else "sqlite://"
    with made.server.connect(url, synchronous="normal") as db:
        id = db.insert(made.CounterNew(name="shared", n=0))
        with ThreadPoolExecutor(6) as pool:
            jobs = [
                pool.submit(increment, db, made.CounterPatch, id, 100) for _ in range(6)
            ]
            for job in jobs:
                job.result()
        assert db.get(id).n == 600
