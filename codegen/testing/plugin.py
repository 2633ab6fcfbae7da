"""The pytest plugin: a database in memory and a factory for each test.

pytest loads it in every run of an environment, so it imports nothing until a fixture is used,
and its fixtures `db` and `make` give way to those that others call so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from types import ModuleType
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from codegen.runtime import Db

    from .factory import Factory

PACKAGE_OPTION: Final = "tablewright_package"
_TIMEOUT_MS: Final = 1000
"""How long other threads wait for a test's transaction, which will not end before the test."""


class _UndoTest(Exception):
    """Ends the transaction of a test."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(
        PACKAGE_OPTION,
        "the generated package of the fixtures db and make, such as app.generated;"
        " without it, the `output` of [tool.codegen]",
        default="",
    )


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Offers the fixtures with short names, unless another plugin has fixtures of that name."""
    plugins = config.pluginmanager.get_plugins()
    for name, fixtures in (("db", _ShortDb()), ("make", _ShortMake())):
        if not any(name in getattr(plugin, "__dict__", ()) for plugin in plugins):
            config.pluginmanager.register(fixtures, f"tablewright-{name}")


@pytest.fixture(scope="session")
def tablewright_package(pytestconfig: pytest.Config) -> ModuleType:
    """The generated package of the project."""
    from .project import NoPackage, project_package

    option = str(pytestconfig.getini(PACKAGE_OPTION))
    try:
        return project_package(pytestconfig.rootpath, option)
    except NoPackage as error:
        reason = str(error)
    # Not while the exception is handled: pytest would show both.
    pytest.fail(reason, pytrace=False)


@pytest.fixture(scope="session")
def _tablewright_databases() -> Iterator[Callable[[ModuleType], Db]]:
    """Gives the database of a package: one for all tests, each of which finds it empty."""
    from .packages import server_of

    made: dict[str, Db] = {}
    with ExitStack() as open_ones:

        def database_of(package: ModuleType) -> Db:
            if package.__name__ not in made:
                opened = server_of(package).connect("sqlite://", timeout_ms=_TIMEOUT_MS)
                made[package.__name__] = open_ones.enter_context(opened)
            return made[package.__name__]

        yield database_of


@pytest.fixture
def tablewright_db(
    tablewright_package: ModuleType,
    _tablewright_databases: Callable[[ModuleType], Db],
) -> Iterator[Db]:
    """An empty database in memory; what the test does in it is undone after the test."""
    database = _tablewright_databases(tablewright_package)
    with suppress(_UndoTest), database.transaction() as db:
        yield db
        raise _UndoTest


@pytest.fixture
def tablewright_make(
    request: pytest.FixtureRequest, tablewright_package: ModuleType
) -> Factory:
    """Makes documents; those of a test are always the same ones."""
    from .factory import Factory

    return Factory(tablewright_package, seed=request.node.nodeid)


class _ShortDb:
    @pytest.fixture
    def db(self, tablewright_db: Db) -> Db:
        """An empty database in memory; what the test does in it is undone after the test."""
        return tablewright_db


class _ShortMake:
    @pytest.fixture
    def make(self, tablewright_make: Factory) -> Factory:
        """Makes valid random documents; those of a test are always the same ones."""
        return tablewright_make
