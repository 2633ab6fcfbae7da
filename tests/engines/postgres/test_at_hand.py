"""The connection that is kept out of the pool: for whom, and until when."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import psycopg
import pytest

from codegen.engines.postgres import at_hand
from codegen.engines.postgres.pool import MOST

SCHEMA = """
tables:
  items:
    fields: {name: str, n: float}
"""


@pytest.fixture
def admin(postgres_url: str) -> Iterator[Any]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection


def check_all_closed(admin: Any) -> None:
    sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'at hand'"
    end = time.monotonic() + 10
    while admin.execute(sql).fetchone() != (0,):
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def url(postgres_url: str) -> str:
    return f"{postgres_url}&application_name=at%20hand"


def new(models: ModuleType, n: float) -> Any:
    return models.ItemNew(name="a", n=n)


def test_more_threads_than_connections(
    models: ModuleType, url: str, admin: Any
) -> None:
    """Each gets its turn, soon."""
    with models.server.connect(url, timeout_ms=20_000) as db:

        def work(thread: int) -> list[float]:
            waited = []
            for number in range(20):
                begun = time.monotonic()
                with db.transaction():
                    waited.append(time.monotonic() - begun)
                    db.insert(new(models, 20 * thread + number))
            return waited

        with ThreadPoolExecutor(3 * MOST) as threads:
            waited = [*threads.map(work, range(3 * MOST))]
        assert max(map(max, waited)) < 10
        found = db.run(models.items.full_scan())
        assert sorted(item.n for item in found) == [*range(60 * MOST)]
    check_all_closed(admin)


def test_more_tasks_than_connections(models: ModuleType, url: str, admin: Any) -> None:
    async def work(db: Any, task: int) -> None:
        for number in range(20):
            async with db.transaction():
                await db.insert(new(models, 20 * task + number))

    async def program() -> list[float]:
        async with await models.server.async_connect(url, timeout_ms=20_000) as db:
            await asyncio.gather(*(work(db, task) for task in range(3 * MOST)))
            return [item.n for item in await db.run(models.items.full_scan())]

    assert sorted(asyncio.run(program())) == [*range(60 * MOST)]
    check_all_closed(admin)


def test_it_goes_to_the_pool_now_and_then(
    models: ModuleType, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There it is renewed once it is old."""
    with models.server.connect(postgres_url) as db:
        pool = db._storage._pool
        first = pool.take()
        pool.give_back(first)
        asked = pool._pool.get_stats()["requests_num"]
        db.insert(new(models, 1))
        assert pool._pool.get_stats()["requests_num"] == asked
        monkeypatch.setattr(at_hand, "_KEPT_S", -1)
        db.insert(new(models, 2))
        db.insert(new(models, 3))
        assert pool._pool.get_stats()["requests_num"] == asked + 1
