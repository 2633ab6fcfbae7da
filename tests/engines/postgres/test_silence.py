"""Servers that hang, and networks that swallow what is said: nobody waits for ever."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, AsyncExitStack
from types import ModuleType
from typing import Any

import psycopg
import pytest

from codegen.runtime import StorageFailed
from tests.engines.behind import behind
from tests.engines.postgres.network import Network, network

SCHEMA = """
tables:
  items:
    fields: {name: str, n: float}
    indexes: {by_name: [name]}
"""
PATIENCE_S = 2.1
"""How long a server may be silent where others are waited for 0.1 s."""

Opening = Callable[[str], AbstractContextManager[Any]]


@pytest.fixture(params=["threads", "tasks"])
def opening(models: ModuleType, request: pytest.FixtureRequest) -> Opening:
    """Opens a database, for threads and for tasks."""
    if request.param == "tasks":
        return lambda url: behind(models, url, timeout_ms=100)
    return lambda url: models.server.connect(url, timeout_ms=100)


@pytest.fixture
def between(postgres_url: str) -> Iterator[Network]:
    with network(postgres_url) as made:
        yield made


def calls(models: ModuleType, db: Any, id: Any) -> list[Callable[[], object]]:
    """One that reads, one that reads in a snapshot, one that writes and two of them."""
    filtered = models.items.by_name().filter(lambda item: item.name == "a")
    new = models.ItemNew(name="b", n=1)
    return [
        lambda: db.get(id),
        lambda: db.run(filtered.take(1)),
        lambda: db.patch(id, models.ItemPatch(n=1)),
        lambda: db.transact(lambda db: db.insert_many([new, new])),
    ]


def ends_in_time(call: Callable[[], object], said: str) -> None:
    start = time.monotonic()
    with pytest.raises(StorageFailed, match=said):
        call()
    assert PATIENCE_S <= time.monotonic() - start < 15


@pytest.mark.slow
def test_a_server_that_hangs(
    models: ModuleType, opening: Opening, postgres_url: str
) -> None:
    """It does not even end what takes too long."""
    url = f"{postgres_url}&application_name=hanging"
    sql = "SELECT pid FROM pg_stat_activity WHERE application_name = 'hanging'"
    with opening(url) as db, psycopg.connect(postgres_url, autocommit=True) as admin:
        id = db.insert(models.ItemNew(name="a", n=0))
        for call in calls(models, db, id):
            pids = [pid for (pid,) in admin.execute(sql).fetchall()]
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            try:
                ends_in_time(call, "did not answer for 2.1 s")
            finally:
                for pid in pids:
                    os.kill(pid, signal.SIGCONT)
                    admin.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
            assert db.get(id) is not None


@pytest.mark.slow
def test_a_network_that_swallows_all(
    models: ModuleType, opening: Opening, between: Network
) -> None:
    with opening(between.url) as db:
        id = db.insert(models.ItemNew(name="a", n=0))
        for call in calls(models, db, id)[::3]:
            between.fall_silent()
            try:
                ends_in_time(call, "did not answer for 2.1 s")
            finally:
                between.recover()
            assert db.get(id).name == "a"


def test_it_falls_silent_inside_a_transaction(
    models: ModuleType, opening: Opening, between: Network
) -> None:
    with opening(between.url) as db:
        id = db.insert(models.ItemNew(name="a", n=0))

        def work() -> None:
            with db.transaction():
                db.patch(id, models.ItemPatch(n=1))
                between.fall_silent()
                db.patch(id, models.ItemPatch(n=2))

        ends_in_time(work, "nothing was written")
        between.recover()
        assert db.get(id).n == 0


def test_it_falls_silent_while_a_transaction_ends(
    models: ModuleType, opening: Opening, between: Network
) -> None:
    with opening(between.url) as db:

        def work() -> None:
            with db.transaction():
                db.insert(models.ItemNew(name="a", n=0))
                between.fall_silent()

        ends_in_time(work, "may have been written, or not")
        between.recover()
        assert len(db.run(models.items.full_scan())) <= 1


@pytest.mark.slow
def test_a_task_that_nobody_answers_can_be_cancelled(
    models: ModuleType, between: Network
) -> None:
    """And closing the database ends as well."""

    async def work() -> None:
        connecting = models.server.async_connect(between.url, timeout_ms=60_000)
        async with connecting as db:
            id = await db.insert(models.ItemNew(name="a", n=0))
            between.fall_silent()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await db.get(id)

    start = time.monotonic()
    asyncio.run(work())
    assert time.monotonic() - start < 30


def test_a_loop_that_is_busy_is_no_silence(
    models: ModuleType, postgres_url: str
) -> None:
    """The answer was there in time, and the program was not."""

    async def work() -> str:
        async with AsyncExitStack() as stack:
            dbs: list[Any] = []
            for _ in range(8):
                connecting = models.server.async_connect(postgres_url, timeout_ms=100)
                db = await stack.enter_async_context(connecting)
                id = await db.insert(models.ItemNew(name="a", n=0))
                dbs.append((db, id))
            reading: list[asyncio.Task[Any]] = []
            for db, id in dbs:  # each is one step further than the next
                reading.append(asyncio.create_task(db.get(id)))
                await asyncio.sleep(0)
            time.sleep(PATIENCE_S + 0.5)
            return "".join([(await one).name for one in reading])

    assert asyncio.run(work()) == "a" * 8
