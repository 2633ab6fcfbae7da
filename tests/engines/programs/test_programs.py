"""Random programs have the same answers on every kind of database."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.engines.programs.places import everywhere_package
from tests.engines.programs.searching import SearchingPrograms


@pytest.mark.slow
def test_the_same_answers_everywhere(tmp_path: Path, server: str) -> None:
    package = everywhere_package(tmp_path)
    run_state_machine_as_test(
        partial(SearchingPrograms, package, server),
        settings=settings(
            max_examples=14,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
