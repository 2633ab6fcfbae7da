"""Databases of each kind with notes that are more than one batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
def place(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if kind == "server":
        yield request.getfixturevalue("postgres_url")
    elif kind == "pgvector":
        server: str = request.getfixturevalue("server")
        with new_database(server, "CREATE EXTENSION vector") as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path}/filled.db"


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


@pytest.fixture
def fresh(kind: str, request: pytest.FixtureRequest) -> str:
    """Another empty database of the same kind, but for pgvector, which finds the same."""
    if kind in ("file", "any ids"):
        return "sqlite://"
    new_schema: Callable[[], str] = request.getfixturevalue("new_schema")
    return new_schema()
