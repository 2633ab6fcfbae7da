"""Options and fixtures of the whole suite."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

# Times say more about how busy a machine is than about what is tested.
settings.register_profile(
    "untimed", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept",
        action="store_true",
        help="rewrite the expected files of the cases from what is generated now",
    )
