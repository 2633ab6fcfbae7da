from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.interop.real_convex import PROJECT, RealConvex
from tests.npm import installed


@pytest.fixture(scope="session")
def real_convex(pytestconfig: pytest.Config) -> Iterator[RealConvex]:
    """One process for all tests of a worker; its packages stay from run to run."""
    cache = pytestconfig.cache
    assert cache is not None
    with RealConvex(installed(PROJECT, cache.mkdir("schemas"))) as process:
        yield process
