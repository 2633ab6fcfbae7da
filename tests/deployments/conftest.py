"""A deployment, the package of its app, and a client in both forms."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from codegen.convex import Options
from codegen.convex.environment import NAMES
from tests.cases.cases import codegen
from tests.deployments import real_deployment
from tests.deployments.both_ways import Way, ways
from tests.deployments.mock_deployment import (
    APP,
    SECRET,
    Place,
    hosted,
    mock_folder,
    running,
)
from tests.engines.packages import imported

Connect = Callable[..., Any]
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def node_folder(pytestconfig: pytest.Config) -> Path:
    """Where the mock and its packages are."""
    return mock_folder(pytestconfig)


@pytest.fixture(scope="session")
def mock_of_app(node_folder: Path) -> Iterator[Place]:
    """A mock that runs the app."""
    with running(node_folder) as place:
        yield place


@pytest.fixture(scope="module")
def place(node_folder: Path, request: pytest.FixtureRequest) -> Place:
    """The deployment, which runs the app: a real one if the environment names it."""
    real = real_deployment.real_place()
    if real is None:
        place: Place = request.getfixturevalue("mock_of_app")
        return place
    real_deployment.push(real, APP, "convex", node_folder)
    return real


@pytest.fixture
def mock(place: Place) -> Place:
    """The deployment, where a test needs what only the mock does."""
    if not place.is_mock:
        pytest.skip("a real deployment does not do this")
    return place


@pytest.fixture(scope="session")
def chat(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The package that is generated from the app."""
    folder = tmp_path_factory.mktemp("deployed")
    argv = ["generate", "--schema", str(APP / "convex"), "--output", "deployed_chat"]
    code, _, errors = codegen(argv, folder)
    assert code == 0, errors
    made = imported(folder, "deployed_chat")
    for name in ("api", "internal"):
        import_module(f"{made.__name__}.{name}")
    return made


@pytest.fixture(params=["threads", "tasks"])
def way(request: pytest.FixtureRequest) -> Iterator[Way]:
    """Clients for threads, and clients for tasks behind the same names."""
    with ways[request.param]() as way:
        yield way


@pytest.fixture
def connect(way: Way, chat: ModuleType) -> Connect:
    """Connects to a URL with options; all is closed at the end."""

    def connect(url: str | None, **options: Any) -> Any:
        return way.connect(chat, url, Options(**options))

    return connect


@pytest.fixture
def db(connect: Connect, place: Place) -> Any:
    """The deployment, for nobody in particular."""
    return connect(place.url)


@pytest.fixture
def channel(db: Any, chat: ModuleType, request: pytest.FixtureRequest) -> Any:
    """A new channel without messages."""
    return db.run(chat.api.messages.open(name=request.node.name))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project of the app that the mock runs, and no variables but those of the test."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(APP / "convex", tmp_path / "convex")
    settings = '[tool.codegen]\nschema = "convex"\noutput = "chat"\n'
    (tmp_path / "pyproject.toml").write_text(settings)
    return tmp_path


@pytest.fixture
def command(project: Path, mock: Place) -> Command:
    """Runs a command for the mock, which `.env.local` names, and sees that no key is shown."""
    lines = [f"{name}={value}\n" for name, value in hosted(mock).items()]
    (project / ".env.local").write_text("".join(lines))

    def command(*argv: str) -> tuple[int, str, str]:
        code, out, err = codegen([*argv], project)
        assert SECRET[2:] not in out + err
        return code, out, err

    return command
