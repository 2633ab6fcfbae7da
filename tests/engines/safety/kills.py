"""Writers that are killed at any moment, and what is there afterwards."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path
from random import Random
from time import sleep
from typing import NamedTuple

from tests.engines.packages import imported, package
from tests.engines.safety.files import COUNTERS
from tests.engines.safety.places import Place
from tests.engines.safety.processes import Pipe, other
from tests.engines.sound import documents_if_sound

_NAME = "kills"
_MORE = 5
# The most documents that a writer has stored before it tells.
_LOOP = 2 + _MORE


class Killed(NamedTuple):
    """How many documents writers knew to be stored, and how many there are."""

    told: int
    stored: int


def kill_writers(place: Place, folder: Path, kills: int, seed: int = 8) -> Killed:
    """Kills so many writers, one after the other.

    Asserts that what they were told is stored is there, and of the rest only whole transactions.
    """
    made = package(folder, COUNTERS, _NAME)
    random = Random(seed)
    told: list[str] = []
    for _ in range(kills):
        with other(_write, folder, place.url) as writer:
            told += writer.hear()
            sleep(random.uniform(0, 0.05))
            writer.process.kill()
            try:
                while True:
                    told += writer.hear()
            except (EOFError, ConnectionError):
                pass
        with made.server.connect(place.url) as db:
            assert all(db.get(made.CounterId(id)) for id in told[-40:])
    stored = place.check(made)
    assert documents_if_sound(place.url) == stored
    assert len(told) <= stored <= len(told) + kills * _LOOP
    with made.server.connect(place.url) as db:
        documents = db.run(made.counters.full_scan())
    assert {str(document.id) for document in documents} >= set(told)
    pairs = [(d.name, d.n) for d in documents if d.name.startswith("pair")]
    assert pairs[::2] == pairs[1::2]
    more = "".join(f"{d.n:.0f}" for d in documents if not d.name.startswith("pair"))
    assert re.fullmatch("(01?234)+", more)
    times = [document.creation_time for document in documents]
    assert times == sorted(set(times))
    return Killed(len(told), stored)


def _write(pipe: Pipe, folder: Path, url: str) -> None:
    """Writes without end, and tells the ids of each transaction after it."""
    made = imported(folder, _NAME)
    db = made.server.connect(url)
    new, patch = made.CounterNew, made.CounterPatch
    for number in count():
        pair = f"pair {number}"
        with db.transaction():
            first = db.insert(new(name=pair, n=number))
            second = db.insert(new(name=pair, n=0))
            db.patch(second, patch(n=number))
        more = db.insert_many([new(name="more", n=n) for n in range(_MORE)])
        db.patch(more[0], patch(name="last"))
        db.delete(more[1])
        kept = [first, second, more[0], *more[2:]]
        pipe.send([str(id) for id in kept])
