from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.interop import real_mermaid as mermaid
from tests.interop.real_convex import PROJECT, RealConvex
from tests.interop.real_mermaid import RealMermaid
from tests.npm import installed


@pytest.fixture(scope="session")
def real_convex(pytestconfig: pytest.Config) -> Iterator[RealConvex]:
    """One process for all tests of a worker; its packages stay from run to run."""
    cache = pytestconfig.cache
    assert cache is not None
    with RealConvex(installed(PROJECT, cache.mkdir("schemas"))) as process:
        yield process


@pytest.fixture(scope="session")
def real_mermaid(pytestconfig: pytest.Config) -> Iterator[RealMermaid]:
    """One process for all tests of a worker; its packages stay from run to run."""
    cache = pytestconfig.cache
    assert cache is not None
    with RealMermaid(installed(mermaid.PROJECT, cache.mkdir("diagrams"))) as process:
        yield process
