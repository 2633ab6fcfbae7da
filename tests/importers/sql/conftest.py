"""Databases to import: files of SQLite, and a PostgreSQL server for each process of the run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.postgres import postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a server."""
    with postgres_server() as url:
        yield url
