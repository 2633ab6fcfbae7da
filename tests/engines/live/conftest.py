"""Databases whose queries are followed, and others that write to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from codegen.engines import reads
from tests.engines.behind import behind

PLACES = ["memory", "file", "postgres"]


@pytest.fixture(params=["file", "postgres"])
def lasting(request: pytest.FixtureRequest, url: str) -> str:
    """The URL of an empty database that programs may share."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return url


@pytest.fixture(params=[*PLACES, *(f"async {place}" for place in PLACES)])
def db(request: pytest.FixtureRequest, models: ModuleType, url: str) -> Iterator[Any]:
    """An empty database."""
    place = request.param.removeprefix("async ")
    where = {"memory": "sqlite://", "file": url}.get(place)
    where = where or request.getfixturevalue("postgres_url")
    options = {"synchronous": "normal", "timeout_ms": 5000}
    if place != request.param:
        with behind(models, where, **options) as opened:
            opened.url = where
            yield opened
        return
    with models.server.connect(where, **options) as made:
        made.url = where
        yield made


@pytest.fixture
def writer(db: Any, models: ModuleType) -> Iterator[Any]:
    """Who writes: another connection, unless there can't be one."""
    if db.url == "sqlite://":
        yield db
        return
    with models.server.connect(db.url, synchronous="normal") as other:
        yield other


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Each query that was run, by whomever."""
    seen: list[Any] = []
    run: Callable[..., Any] = reads.run

    def counted(tables: Any, operation: Any) -> Any:
        seen.append(operation)
        return run(tables, operation)

    monkeypatch.setattr(reads, "run", counted)
    return seen
