"""`kill -9` of a writer at any moment: what it was told is stored is, and nothing is half."""

from __future__ import annotations

from pathlib import Path
from random import Random
from time import sleep

import pytest

from tests.engines.packages import imported, package
from tests.engines.safety.files import COUNTERS, check_file, url_of
from tests.engines.safety.kills import kill_writers
from tests.engines.safety.places import Place
from tests.engines.safety.processes import Pipe, other


@pytest.mark.slow
def test_what_was_committed_before_a_kill_stays(place: Place, tmp_path: Path) -> None:
    killed = kill_writers(place, tmp_path, 20)
    assert killed.told > 20


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
