"""A task that is cancelled: nothing of it stays, and nobody is held up by it."""

from __future__ import annotations

import asyncio
import gc
import random
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, nullcontext, suppress
from threading import Thread
from types import ModuleType
from typing import Any

import psycopg
import pytest

from codegen.engines.postgres.pool import MOST
from codegen.runtime import DatabaseError, StorageFailed

SCHEMA = """
tables:
  items:
    fields: {name: str, n: float}
    indexes: {by_name: [name]}
"""

Run = Callable[..., Any]
Call = Callable[[], Coroutine[Any, Any, Any]]

SLOW_COMMIT = """
CREATE FUNCTION doze() RETURNS trigger AS 'BEGIN PERFORM pg_sleep(20); RETURN NULL; END'
LANGUAGE plpgsql;
CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON items DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION doze();
"""


def new(models: ModuleType, name: str, n: float = 0) -> Any:
    return models.ItemNew(name=name, n=n)


async def names(models: ModuleType, db: Any) -> str:
    return "".join(item.name for item in await db.run(models.items.full_scan()))


async def cancelled(task: asyncio.Task[Any], longest_s: float = 2) -> None:
    """Cancels a task, which ends soon."""
    task.cancel()
    begun = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - begun < longest_s


async def works(models: ModuleType, db: Any) -> None:
    """All connections are there, and no transaction is left that others would wait for."""

    async def write(number: int) -> None:
        async def work(db: Any) -> None:
            id = await db.insert(new(models, "w", number))
            await asyncio.sleep(0.001)
            await db.delete(id)

        await db.transact(work)

    await asyncio.gather(*(write(number) for number in range(2 * MOST)))


@asynccontextmanager
async def all_taken(models: ModuleType, db: Any, count: int) -> AsyncIterator[None]:
    """Other tasks are in transactions, as many as there may be."""
    begun, done = asyncio.Semaphore(0), asyncio.Event()

    async def hold() -> None:
        async with db.transaction():
            begun.release()
            await done.wait()

    holders = [asyncio.create_task(hold()) for _ in range(count)]
    for _ in range(count):
        await begun.acquire()
    yield
    done.set()
    await asyncio.gather(*holders)


def calls(models: ModuleType, db: Any, id: Any) -> list[Call]:
    """Calls that write, of each kind."""

    async def in_a_transaction() -> None:
        async with db.transaction():
            await db.insert(new(models, "b"))

    return [
        lambda: db.insert(new(models, "b")),
        lambda: db.insert_many([new(models, "b"), new(models, "b")]),
        lambda: db.patch(id, models.ItemPatch(name="b")),
        lambda: db.delete(id),
        lambda: db.transact(lambda db: db.insert(new(models, "b"))),
        in_a_transaction,
    ]


def test_waiting_for_a_turn_or_a_connection(
    models: ModuleType, run: Run, where: str
) -> None:
    async def program(db: Any) -> None:
        id = await db.insert(new(models, "a"))
        async with all_taken(models, db, 1 if where.startswith("sqlite") else MOST):
            waiting = [asyncio.create_task(call()) for call in calls(models, db, id)]
            await asyncio.sleep(0.05)
            for task in waiting:
                await cancelled(task)
        assert await names(models, db) == "a"
        await works(models, db)

    run(program)


@pytest.mark.parametrize("where", ["postgres"], indirect=True)
def test_in_a_statement_on_a_server(models: ModuleType, run: Run, where: str) -> None:
    """The server stops it: others need not wait for its end."""

    async def program(db: Any) -> None:
        id = await db.insert(new(models, "a"))
        with psycopg.connect(where) as admin:
            for call in [*calls(models, db, id), lambda: db.get(id)]:
                admin.execute("LOCK TABLE items")
                task = asyncio.create_task(call())
                await asyncio.sleep(0.05)
                await cancelled(task)
                admin.rollback()
                assert await names(models, db) == "a"
        await works(models, db)

    run(program, timeout_ms=20_000)


def test_in_a_statement_on_a_file(models: ModuleType, url: str) -> None:
    """The thread waits for another program: the task does not wait for the thread."""

    async def main() -> None:
        with models.server.connect(url) as beside:
            async with models.server.async_connect(url, timeout_ms=5000) as db:
                id = await db.insert(new(models, "a"))
                for call in calls(models, db, id):
                    with beside.transaction():
                        task = asyncio.create_task(call())
                        await asyncio.sleep(0.02)
                        await cancelled(task, longest_s=0.5)
                        assert await names(models, db) == "a"
                await works(models, db)
                assert await names(models, db) == "a"

    asyncio.run(main())


@pytest.mark.parametrize("nested", [False, True])
def test_in_the_body_of_a_transaction(
    models: ModuleType, run: Run, nested: bool
) -> None:
    """It is undone, and another can begin at once."""

    async def program(db: Any) -> None:
        begun = asyncio.Event()

        async def write() -> None:
            async with db.transaction():
                await db.insert(new(models, "a"))
                async with db.transaction() if nested else nullcontext():
                    await db.insert(new(models, "b"))
                    begun.set()
                    await asyncio.sleep(60)

        task = asyncio.create_task(write())
        await begun.wait()
        await cancelled(task)
        await db.insert(new(models, "c"))
        assert await names(models, db) == "c"
        await works(models, db)

    run(program)


def test_a_call_that_is_given_up_inside_a_transaction(
    models: ModuleType, run: Run, where: str
) -> None:
    """Nobody knows what of the call was done, so the transaction can only be undone."""

    async def program(db: Any) -> None:
        id = await db.insert(new(models, "a"))
        with pytest.raises(StorageFailed, match="rolled back"):
            async with db.transaction():
                await db.delete(id)
                with suppress(TimeoutError):
                    async with asyncio.timeout(0):
                        many = [new(models, "b", n) for n in range(5000)]
                        await db.insert_many(many)
                with pytest.raises(StorageFailed, match="rolled back"):
                    await db.insert(new(models, "c"))
        assert await names(models, db) == "a"
        await works(models, db)

    run(program)


@pytest.mark.parametrize("where", ["postgres"], indirect=True)
def test_at_the_commit(models: ModuleType, run: Run, where: str) -> None:
    async def program(db: Any) -> None:
        with psycopg.connect(where, autocommit=True) as admin:
            admin.execute(SLOW_COMMIT)

            async def write() -> None:
                async with db.transaction():
                    await db.insert(new(models, "a"))

            for call in (write, lambda: db.insert(new(models, "a"))):
                task = asyncio.create_task(call())
                await asyncio.sleep(0.1)
                await cancelled(task)
            admin.execute("DROP FUNCTION doze CASCADE")
        assert await names(models, db) == ""
        await works(models, db)

    run(program, timeout_ms=60_000)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_at_any_time(models: ModuleType, run: Run, where: str, seed: int) -> None:
    """Of each transaction both documents are there, or none; also when it is cancelled twice."""
    chance = random.Random(seed)

    async def program(db: Any) -> None:
        async def write(number: int) -> None:
            async with db.transaction():
                await db.insert(new(models, "x", number))
                async with db.transaction():
                    await db.insert(new(models, "x", number))

        async def read() -> None:
            async for _ in db.stream(models.items.full_scan()):
                pass

        kept = set[int]()
        for number in range(150):
            task = asyncio.create_task(write(number) if number % 4 else read())
            for _ in range(chance.choice((1, 1, 2))):
                if chance.random() < 0.5:
                    await asyncio.sleep(chance.random() * 0.004)
                else:
                    for _ in range(chance.randrange(30)):
                        await asyncio.sleep(0)
                task.cancel()
            with suppress(asyncio.CancelledError, DatabaseError):
                await task
                if number % 4:
                    kept.add(number)
        await works(models, db)
        found = [item.n for item in await db.run(models.items.by_name("x"))]
        assert sorted(found) == sorted([*found[::2], *found[::2]])
        assert kept <= set(found)

    run(program)
    if where.startswith("postgres"):
        with psycopg.connect(where) as admin:
            sql = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%'"
            assert admin.execute(sql).fetchone() == (0,)


def test_while_it_is_opened_and_closed(models: ModuleType, where: str) -> None:
    async def main() -> None:
        async def open_and_close() -> None:
            async with models.server.async_connect(where) as db:
                await db.insert(new(models, "a"))

        for turn in range(40):
            task = asyncio.create_task(open_and_close())
            await asyncio.sleep(turn * 0.001)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        async with models.server.async_connect(where) as db:
            await works(models, db)

    asyncio.run(main())


def test_a_program_that_ends_with_calls_in_flight(
    models: ModuleType, where: str
) -> None:
    """Nothing hangs, nor is anything of the transaction there afterwards."""

    async def leaves() -> None:
        db = await models.server.async_connect(where, timeout_ms=2000)

        async def write() -> None:
            async with db.transaction():
                await db.insert(new(models, "a"))
                await asyncio.sleep(60)

        writing = [asyncio.create_task(write()) for _ in range(5)]
        await asyncio.wait(writing, timeout=0.05)

    async def returns() -> str:
        async with models.server.async_connect(where, timeout_ms=5000) as db:
            return await names(models, db)

    begun = time.monotonic()
    asyncio.run(leaves())
    gc.collect()  # nobody has closed its connections
    assert asyncio.run(returns()) == ""
    assert time.monotonic() - begun < 10


def test_programs_that_end_while_they_connect(models: ModuleType, where: str) -> None:
    async def leaves(wait_s: float) -> None:
        db = await models.server.async_connect(where, timeout_ms=2000)

        async def write() -> None:
            async with db.transaction():
                await db.insert(new(models, "a"))
                await asyncio.sleep(60)

        writing = [asyncio.create_task(write()) for _ in range(5)]
        await asyncio.wait(writing, timeout=wait_s)

    def run() -> None:
        for turn in range(15):
            asyncio.run(leaves(0.02 + turn * 0.003))

    running = Thread(target=run, daemon=True)
    running.start()
    running.join(60)
    assert not running.is_alive(), "it hangs"
