"""What these tests share: npm's packages, and what they say of sources."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.npm import installed as install
from tests.typescript.real.exported import Exported, export
from tests.typescript.real.packages import PROJECT

Export: TypeAlias = Callable[[Path], Exported]


@pytest.fixture(scope="session")
def installed(pytestconfig: pytest.Config) -> Path:
    """The npm project with the packages, which stay from run to run."""
    kept = pytestconfig.cache
    assert kept is not None
    return install(PROJECT, kept.mkdir("typescript"))


@pytest.fixture(scope="session")
def node_modules(installed: Path) -> Path:
    return installed / "node_modules"


@pytest.fixture(scope="session")
def exported(installed: Path) -> Export:
    """What the real package says of a folder of sources, which is asked of each once."""
    return cache(lambda folder: export(installed, folder)[0])
