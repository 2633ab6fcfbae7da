"""A server that stops and comes back: typed errors or success, and nothing twice."""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.engines.postgres.restarts import restartable_server
from tests.engines.postgres.stops import SCHEMA as PAIRS
from tests.engines.postgres.stops import stop_under_load

SCHEMA = PAIRS


@pytest.mark.slow
def test_a_server_that_stops_under_load(models: ModuleType) -> None:
    with restartable_server() as server:
        stopped = stop_under_load(models, server, server.url, 5)
    assert stopped.done > 20
