"""`kill -9` of a writer at any moment: what it was told is stored is, and nothing is half."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from random import Random
from time import sleep

import pytest

from tests.engines.packages import imported, package
from tests.engines.safety.files import COUNTERS, check_file, url_of
from tests.engines.safety.processes import Pipe, other

KILLS = 50


def write(pipe: Pipe, folder: Path, name: str) -> None:
    """Writes without end, and tells the ids of each transaction after it."""
    made = imported(folder, name)
    db = made.server.connect(url_of(folder / "killed.db"))
    new, patch = made.CounterNew, made.CounterPatch
    for number in count():
        pair = f"pair {number}"
        with db.transaction():
            first = db.insert(new(name=pair, n=number))
            second = db.insert(new(name=pair, n=0))
            db.patch(second, patch(n=number))
        more = db.insert_many([new(name="more", n=n) for n in range(5)])
        db.patch(more[0], patch(name="last"))
        db.delete(more[1])
        kept = [first, second, more[0], *more[2:]]
        pipe.send([str(id) for id in kept])


@pytest.mark.slow
def test_what_was_committed_before_a_kill_stays(tmp_path: Path) -> None:
    made = package(tmp_path, COUNTERS, "kills")
    random = Random(8)
    committed: list[str] = []
    for _ in range(KILLS):
        with other(write, tmp_path, "kills") as writer:
            committed += writer.hear()
            sleep(random.uniform(0, 0.05))
            writer.process.kill()
            try:
                while True:
                    committed += writer.hear()
            except (EOFError, ConnectionError):
                pass
        with made.server.connect(url_of(tmp_path / "killed.db")) as db:
            assert all(db.get(made.CounterId(id)) for id in committed[-40:])
    stored = check_file(tmp_path / "killed.db", made)
    # All that was told, and at most what one loop writes for each kill.
    assert len(committed) <= stored <= len(committed) + KILLS * 7
    with made.server.connect(url_of(tmp_path / "killed.db")) as db:
        documents = db.run(made.counters.full_scan())
        assert {str(document.id) for document in documents} >= set(committed)
        pairs = [(d.name, d.n) for d in documents if d.name.startswith("pair")]
        assert pairs[::2] == pairs[1::2]
        times = [document.creation_time for document in documents]
        assert times == sorted(set(times))


def test_a_kill_while_a_file_is_made_leaves_one_that_opens(tmp_path: Path) -> None:
    made = package(tmp_path, COUNTERS, "kills_new")
    random = Random(8)
    for number in range(10):
        file = tmp_path / f"{number}.db"
        with other(make, tmp_path, "kills_new", file) as maker:
            assert maker.hear() == "ready"
            maker.pipe.send("go")
            sleep(random.uniform(0, 0.02))
        with made.server.connect(url_of(file)) as db:
            db.insert(made.CounterNew(name="a", n=1))
        assert check_file(file, made) == 1


def make(pipe: Pipe, folder: Path, name: str, file: Path) -> None:
    made = imported(folder, name)
    made.server.connect("sqlite://").close()
    pipe.send("ready")
    pipe.recv()
    made.server.connect(url_of(file))
    pipe.recv()
