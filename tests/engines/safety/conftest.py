"""Databases of both kinds that last."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from tests.engines.safety.places import File, Place, Schema

NewPlace = Callable[[], Place]


@pytest.fixture(params=["file", "postgres"])
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> NewPlace:
    """Gives empty databases, in files or on a server."""
    if request.param == "postgres":
        new_schema: Callable[[], str] = request.getfixturevalue("new_schema")
        return lambda: Schema(new_schema())
    numbers = count()
    return lambda: File(tmp_path / f"{next(numbers)}.db")


@pytest.fixture
def place(new_place: NewPlace) -> Place:
    """An empty database."""
    return new_place()
