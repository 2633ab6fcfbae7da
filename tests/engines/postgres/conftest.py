"""A database on PostgreSQL, for blocking and for async code."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest

from codegen.engines.database import Database
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
