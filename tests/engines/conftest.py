"""A package and a database of the schema that a module of tests has as its `SCHEMA`."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from codegen.convex import Options, Unsupported
from codegen.engines.database import Database
from tests.deployments.deployed_schema import deployed_schema, empty
from tests.deployments.mock_deployment import Place, mock_folder
from tests.engines import on_deployments
from tests.engines.any_ids import new_file_of_any_ids
from tests.engines.behind import Behind, behind
from tests.engines.packages import package
from tests.engines.read_by_system import ReadBySystem
from tests.postgres import new_schema as new_schema_on
from tests.postgres import postgres_server


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
    """Gives the URLs of empty schemas on the server."""
    return partial(new_schema_on, server)


@pytest.fixture
def postgres_url(server: str) -> str:
    """An empty schema on the server."""
    return new_schema_on(server)


# Of these modules all tests are for `async_connect`, too.
ALSO_ASYNC = {
    *("test_bounds", "test_crud", "test_ids", "test_insert_many", "test_pages"),
    *(
        "test_queries",
        "test_search",
        "test_streams",
        "test_threads",
        "test_transactions",
        "test_unique",
        "test_vectors",
    ),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`db` is a database in memory, in a file, in one that keeps any id, on a server, and so on."""
    name = metafunc.module.__name__.removeprefix("tests.engines.")
    marks = metafunc.definition.iter_markers("parametrize")
    chosen = any(mark.args[0] == "db" for mark in marks)
    if "db" in metafunc.fixturenames and "." not in name and not chosen:
        places: list[Any] = ["memory", "file", "any ids", "postgres"]
        if name in ALSO_ASYNC:
            places += [f"async {place}" for place in places]
        if name in on_deployments.MODULES:
            places.append("deployment")
            if name in ALSO_ASYNC:
                slow = pytest.mark.slow
                places.append(pytest.param("async deployment", marks=slow))
        if name in on_deployments.READ_BY_SYSTEM:
            places.append("system")
        metafunc.parametrize("db", places, indirect=True)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    """On a deployment, a test of what it does not do has to meet a refusal."""
    refusal = on_deployments.refusal_of(pyfuncitem)
    if refusal is None:
        return (yield)
    with pytest.raises(Unsupported, match=refusal):
        yield
    return True


@pytest.fixture(scope="module")
def deployment(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """A deployment of the module's schema."""
    folder = tmp_path_factory.mktemp("app")
    node_folder = mock_folder(request.config)
    with deployed_schema(node_folder, folder, request.module.SCHEMA) as place:
        yield place


@pytest.fixture
def db(
    request: pytest.FixtureRequest, models: ModuleType, url: str
) -> Iterator[Database | Behind]:
    """An empty database."""
    place = request.param.removeprefix("async ")
    options: dict[str, Any] = {"synchronous": "normal", "timeout_ms": 2000}
    if place == "postgres":
        url = request.getfixturevalue("postgres_url")
    if place == "any ids":
        new_file_of_any_ids(url, models)
    if place == "memory":
        url = "sqlite://"
    if place in ("deployment", "system"):
        deployed: Place = request.getfixturevalue("deployment")
        if reason := on_deployments.reason_of_failure(request.node):
            # Strict: when it holds one day, it has to be said.
            failing = pytest.mark.xfail(reason=reason, strict=deployed.is_mock)
            request.node.add_marker(failing)
        empty(deployed)
        url, options = deployed.url, {"options": Options(admin_key=deployed.admin_key)}
    if place != request.param:
        with behind(models, url, **options) as opened:
            yield opened
        return
    with models.server.connect(url, **options) as made:
        if place == "system":
            options["options"] = replace(options["options"], documents="system")
            with models.server.connect(url, **options) as reader:
                yield ReadBySystem(made, reader)
            return
        yield made
