"""A package and a database of the schema that a module of tests has as its `SCHEMA`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import ModuleType

import psycopg
import pytest

from codegen.engines.database import Database
from tests.engines.packages import package
from tests.postgres import postgres_server

_numbers = count(1)


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


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server, one for all tests of a worker."""
    with postgres_server() as url:
        yield url


@pytest.fixture
def new_schema(server: str) -> Callable[[], str]:
    """Gives the URLs of empty schemas on the server: they are made faster than databases."""

    def new_schema() -> str:
        name = f"test_{next(_numbers)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}".encode())
        return f"{server}&options=-csearch_path%3D{name}"

    return new_schema


@pytest.fixture
def postgres_url(new_schema: Callable[[], str]) -> str:
    """An empty schema on the server."""
    return new_schema()


@pytest.fixture(params=["memory", "file", "postgres"])
def db(
    request: pytest.FixtureRequest, models: ModuleType, url: str
) -> Iterator[Database]:
    """An empty database, once in memory, once in a file and once on a server."""
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    where = "sqlite://" if request.param == "memory" else url
    with models.server.connect(where, synchronous="normal", timeout_ms=2000) as made:
        yield made
