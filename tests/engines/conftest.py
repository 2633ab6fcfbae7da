"""A package and a database of the schema that a module of tests has as its `SCHEMA`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from codegen.engines.database import Database
from tests.engines.packages import package


@pytest.fixture(scope="module")
def models(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> ModuleType:
    """The package."""
    name = request.module.__name__.rpartition(".")[2].replace("test_", "engine_")
    return package(tmp_path_factory.mktemp("package"), request.module.SCHEMA, name)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A new file."""
    return f"sqlite:///{tmp_path}/data.db"


@pytest.fixture(params=["memory", "file"])
def db(
    request: pytest.FixtureRequest, models: ModuleType, url: str
) -> Iterator[Database]:
    """An empty database, once in memory and once in a file."""
    where = "sqlite://" if request.param == "memory" else url
    with models.server.connect(where, synchronous="normal", timeout_ms=2000) as made:
        yield made
