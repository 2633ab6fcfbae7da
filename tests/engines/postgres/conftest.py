"""A database on PostgreSQL, for blocking and for async code."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from codegen.engines.database import Database
from codegen.engines.postgres.silence import PatientConnection
from tests.engines.behind import Behind, behind


@pytest.fixture(params=["threads", "tasks"])
def there(
    models: ModuleType, postgres_url: str, request: pytest.FixtureRequest
) -> Iterator[Database | Behind]:
    """A database, for threads and for tasks."""
    if request.param == "tasks":
        with behind(models, postgres_url, timeout_ms=5000) as made:
            yield made
        return
    with models.server.connect(postgres_url, timeout_ms=5000) as made:
        yield made


class Sent:
    """Counts the messages to the server."""

    def __init__(self) -> None:
        self._count = 0

    def count(self) -> int:
        """How many were sent since the last time it was asked."""
        count, self._count = self._count, 0
        return count

    def one(self) -> None:
        self._count += 1


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """The messages that blocking connections send, and wait for."""
    counted = Sent()
    wait = PatientConnection.wait

    def counting(connection: PatientConnection, *args: Any, **options: Any) -> Any:
        counted.one()
        return wait(connection, *args, **options)

    monkeypatch.setattr(PatientConnection, "wait", counting)
    return counted
