"""Following queries in `async` code: cancelled, left and forgotten."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from random import Random
from types import ModuleType
from typing import Any

import pytest

from codegen.runtime import Closed

SCHEMA = """
tables:
  items:
    fields: {name: str, n: float}
    indexes:
      by_n: [n]
"""


@pytest.fixture(params=["memory", "file", "postgres"])
def run(
    models: ModuleType, url: str, request: pytest.FixtureRequest
) -> Callable[..., Any]:
    """Runs a program with an open database; tasks that it leaves behind are an error."""
    if request.param == "postgres":
        url = str(request.getfixturevalue("postgres_url"))
    where = "sqlite://" if request.param == "memory" else url

    def run(program: Callable[[Any], Awaitable[Any]]) -> Any:
        async def main() -> Any:
            async with asyncio.timeout(60):
                async with models.server.async_connect(where) as db:
                    result = await program(db)
            await asyncio.sleep(0.01)
            assert asyncio.all_tasks() == {asyncio.current_task()}
            return result

        return asyncio.run(main())

    return run


def new(models: ModuleType, n: float = 1) -> Any:
    return models.ItemNew(name="a", n=n)


async def nobody_listens() -> None:
    end = time.monotonic() + 20
    while any(one.name == "tablewright-live" for one in threading.enumerate()):
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


def test_tasks_follow_beside_each_other(models: ModuleType, run: Any) -> None:
    async def program(db: Any) -> None:
        async def follow(upto: int) -> list[int]:
            counts: list[int] = []
            async with db.subscribe(models.items.full_scan()) as live:
                async for found in live:
                    counts.append(len(found))
                    if len(found) >= upto:
                        break
            return counts

        tasks = [asyncio.create_task(follow(upto)) for upto in (1, 5, 20)]
        for n in range(20):
            await db.insert(new(models, n))
            await asyncio.sleep(0.002)
        for task in tasks:
            counts = await task
            assert counts == sorted(set(counts))
        await nobody_listens()

    run(program)


def test_a_step_that_is_cancelled_loses_nothing(models: ModuleType, run: Any) -> None:
    chance = Random(5)

    async def program(db: Any) -> None:
        async with aclosing(db.subscribe(models.items.full_scan())) as live:
            seen = len(await anext(live))
            for n in range(60):
                await db.insert(new(models, n))
                with suppress(TimeoutError):
                    async with asyncio.timeout(chance.random() * 0.004):
                        seen = len(await anext(live))
            while seen < 60:
                async with asyncio.timeout(20):
                    seen = len(await anext(live))

    run(program)


def test_leaving_the_block_ends_it(models: ModuleType, run: Any) -> None:
    async def program(db: Any) -> None:
        async with db.subscribe(models.items.full_scan()) as live:
            await anext(live)
        with pytest.raises(StopAsyncIteration):
            await anext(live)
        await nobody_listens()

    run(program)


def test_one_that_is_forgotten(models: ModuleType, run: Any) -> None:
    async def program(db: Any) -> None:
        async for _ in db.subscribe(models.items.full_scan()):
            break
        gc.collect()
        await nobody_listens()

    run(program)


def test_another_task_closes_it(models: ModuleType, run: Any) -> None:
    async def program(db: Any) -> None:
        live = db.subscribe(models.items.full_scan())

        async def follow() -> int:
            return len([found async for found in live])

        task = asyncio.create_task(follow())
        await asyncio.sleep(0.1)
        await live.aclose()
        assert await task == 1

    run(program)


def test_the_end_of_the_database_ends_those_who_wait(
    models: ModuleType, run: Any
) -> None:
    async def program(db: Any) -> None:
        async def follow() -> None:
            async for _ in db.subscribe(models.items.full_scan()):
                pass

        tasks = [asyncio.create_task(follow()) for _ in range(3)]
        await asyncio.sleep(0.1)
        await db.close()
        for task in tasks:
            with pytest.raises(Closed):
                await task

    run(program)


def test_in_a_task_that_a_transaction_started(models: ModuleType, run: Any) -> None:
    async def program(db: Any) -> None:
        live = db.subscribe(models.items.full_scan())
        async with db.transaction():
            with pytest.raises(RuntimeError, match="transaction"):
                await anext(live)
            with pytest.raises(RuntimeError, match="transaction"):
                await asyncio.create_task(anext(live))
        assert await anext(live) == []

    run(program)
