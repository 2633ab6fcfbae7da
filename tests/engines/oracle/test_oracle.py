"""The engine gives the answers of the vendor's own mock of the server.

Random programs run on both sides. What the mock is known to have wrong is not in them, but in
`test_beyond_the_oracle.py`, with what the server does.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import partial
from pprint import pformat
from random import Random

import pytest

from tests.engines.oracle.conftest import Compared
from tests.engines.oracle.ours import Ours
from tests.engines.oracle.process import Oracle
from tests.engines.oracle.steps import Answer, Find, Step
from tests.engines.oracle.story import Story, flat
from tests.engines.oracle.theirs import Theirs
from tests.ir.strategies import same_json


class Both:
    """The same database on both sides."""

    def __init__(self, compared: Compared, oracle: Oracle, url: str) -> None:
        self.theirs = Theirs(oracle, compared.exported)
        connect = partial(compared.package.server.connect, url)
        self.ours = Ours(compared.package, connect)

    def run(self, steps: Sequence[Step], *, fails: bool = False) -> list[Answer]:
        """The answers to a transaction, which are the same on both sides."""
        theirs = self.theirs.run(steps, fails=fails)
        ours = self.ours.run(steps, fails=fails)
        for step, our, their in zip(flat(steps), ours, theirs, strict=True):
            same = our.refused == their.refused and same_json(our.value, their.value)
            assert same, (
                f"{pformat(step)}\nis answered by us\n{pformat(our)}\n"
                f"and by the oracle\n{pformat(their)}"
            )
        return ours


@contextmanager
def both(compared: Compared, oracle: Oracle, url: str = "sqlite://") -> Generator[Both]:
    sides = Both(compared, oracle, url)
    try:
        yield sides
    finally:
        sides.ours.close()


@pytest.fixture
def place(request: pytest.FixtureRequest, url: str) -> str:
    """The URL of a database of the kind that a test wants."""
    match request.param:
        case "memory":
            return "sqlite://"
        case "file":
            return url
        case _:
            found: str = request.getfixturevalue("postgres_url")
            return found


def seeds(**counts: int) -> list[tuple[str, int]]:
    """So many programs for each kind of database."""
    return [(kind, seed) for kind, count in counts.items() for seed in range(count)]


@pytest.mark.parametrize(
    ("place", "seed"), seeds(memory=6, file=6, postgres=3), indirect=["place"]
)
def test_programs(compared: Compared, oracle: Oracle, place: str, seed: int) -> None:
    random = Random(seed)
    story = Story(compared.schema, random)
    with both(compared, oracle, place) as sides:
        for _ in range(120):
            steps, fails = story.transaction()
            story.told(steps, sides.run(steps, fails=fails))
            sides.run(story.everything())
            if place != "sqlite://" and random.random() < 0.1:
                sides.ours.reopen()


@pytest.mark.parametrize(
    ("place", "seed"), seeds(memory=4, postgres=2), indirect=["place"]
)
def test_ranges(compared: Compared, oracle: Oracle, place: str, seed: int) -> None:
    story = Story(compared.schema, Random(seed))
    found = 0
    with both(compared, oracle, place) as sides:
        for table in ("people", "things", "shapes", "notes", "orders"):
            sides.run(story.inserts(table, 40))
        for _ in range(20):
            steps = story.reads(25)
            found += sum(map(_is_hit, steps, sides.run(steps)))
    assert found > 150, "too few queries found anything"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("table", ["people", "shapes", "orders", "things"])
def test_validation(compared: Compared, oracle: Oracle, table: str, seed: int) -> None:
    story = Story(compared.schema, Random(seed))
    with both(compared, oracle) as sides:
        sides.run(story.inserts("people", 2) + story.inserts(table, 3))
        steps = story.attempts(table, 120)
        answers = sides.run(steps)
    refused = sum(answer.refused == "invalid" for answer in answers)
    assert 20 < refused < 100


def _is_hit(step: Step, answer: Answer) -> bool:
    return isinstance(step, Find) and bool(answer.refused or answer.value)
