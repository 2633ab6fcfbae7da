"""A mock of a deployment: Node and npm's `convex-test` behind the HTTP API.

A real deployment takes its place where the environment names one: see `real_deployment.py`.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from codegen.engines.ids import FIRST_NUMBER
from tests.npm import NODE, installed

HERE = Path(__file__).parent
APP = HERE / "app"
MOCK = HERE / "mock"
INSTANCE = "carnitas"
# A key of the form that servers make; the mock compares it, and decrypts nothing.
SECRET = "01" + "5a" * 36
ADMIN_KEY = f"{INSTANCE}|{SECRET}"


class Place(NamedTuple):
    """Where a deployment is, and the key of its administrator."""

    url: str
    admin_key: str
    is_mock: bool

    @property
    def instance(self) -> str:
        """The name of the deployment, which its key begins with."""
        return self.admin_key.partition("|")[0]

    @property
    def secret(self) -> str:
        """The key without the name."""
        return self.admin_key.partition("|")[2]


def mock_folder(config: pytest.Config) -> Path:
    """Where the mock is with its packages, which are installed once."""
    cache = config.cache
    assert cache is not None
    return installed(MOCK, cache.mkdir("deployments"))


@contextmanager
def running(
    folder: Path,
    app: Path = APP,
    key: str = ADMIN_KEY,
    first_number: int = FIRST_NUMBER,
) -> Generator[Place]:
    """A mock that runs until the end; `folder` has the modules of Node.

    Its tables have numbers from `first_number` on, which are in all ids.
    """
    process = subprocess.Popen(
        [NODE, "server.mjs", app, INSTANCE, key, str(first_number)],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdin is not None and process.stdout is not None
    with process:
        line = process.stdout.readline()
        assert line, "the mock did not start; see what it printed"
        yield Place(f"http://127.0.0.1:{json.loads(line)['port']}", key, is_mock=True)
        process.stdin.close()


def hosted(place: Place, key: str | None = None) -> dict[str, str]:
    """The variables that name a deployment and its key, or another key."""
    return {
        "CONVEX_SELF_HOSTED_URL": place.url,
        "CONVEX_SELF_HOSTED_ADMIN_KEY": f"'{place.admin_key if key is None else key}'",
    }
