"""Databases of each kind with notes that are more than one batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from types import ModuleType

import pytest

from tests.engines.any_ids import lay_out_anew
from tests.engines.filling.notes import COUNT, OLD, fill_little_at_once, note
from tests.engines.packages import package
from tests.postgres import new_database

Make = Callable[[str, str], ModuleType]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    fill_little_at_once(monkeypatch)
    return lambda schema, name: package(tmp_path, schema, name)


@pytest.fixture(params=["file", "any ids", "server", "pgvector"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def new_place(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[], str]]:
    """Gives the URLs of empty databases."""
    if kind in ("file", "any ids"):
        numbers = count()
        yield lambda: f"sqlite:///{tmp_path}/filled{next(numbers)}.db"
    elif kind == "server":
        yield request.getfixturevalue("new_schema")
    else:
        server: str = request.getfixturevalue("server")
        with ExitStack() as stack:
            yield lambda: stack.enter_context(
                new_database(server, "CREATE EXTENSION vector")
            )


@pytest.fixture
def place(new_place: Callable[[], str]) -> str:
    """An empty database."""
    return new_place()


@pytest.fixture
def fresh(new_place: Callable[[], str]) -> str:
    """Another one of the same kind."""
    return new_place()


@pytest.fixture
def old(kind: str, make: Make, place: str) -> ModuleType:
    """The package of before, of whose documents the database has many."""
    made = make(OLD, "filling_old")
    with made.server.connect(place) as db:
        for number in range(COUNT):
            db.insert(note(made, number))
    if kind == "any ids":
        lay_out_anew(place)
    return made
