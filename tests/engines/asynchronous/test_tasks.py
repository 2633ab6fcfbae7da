"""Tasks share a database: each has its own transactions, and the event loop goes on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from types import ModuleType
from typing import Any

import pytest

from codegen.runtime import Closed, Conflict, StorageFailed

SCHEMA = """
tables:
  items:
    fields: {name: str, n: float}
    indexes: {by_name: [name]}
  names: {fields: {name: str}, indexes: {by_name: {fields: [name], unique: true}}}
"""

Run = Callable[..., Any]


class Undo(Exception):
    pass


def new(models: ModuleType, name: str, n: float = 0) -> Any:
    return models.ItemNew(name=name, n=n)


async def names(models: ModuleType, db: Any) -> str:
    return "".join(item.name for item in await db.run(models.items.full_scan()))


@asynccontextmanager
async def ticking(longest_s: float) -> AsyncIterator[None]:
    """The event loop must not stand still for longer than that."""
    gaps = [0.0]

    async def tick() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.001)
            gaps.append(time.monotonic() - before)

    ticker = asyncio.create_task(tick())
    yield
    ticker.cancel()
    assert max(gaps) < longest_s


def test_two_hundred_tasks(models: ModuleType, run: Run) -> None:
    """They count in one document, each in a transaction; no count is lost."""

    async def program(db: Any) -> None:
        id = await db.insert(new(models, "a"))

        async def count(inside: Any) -> float:
            n = (await inside.get(id)).n + 1
            await inside.patch(id, models.ItemPatch(n=n))
            return float(n)

        counts = await asyncio.gather(*(db.transact(count) for _ in range(200)))
        assert sorted(counts) == [*range(1, 201)]
        assert (await db.get(id)).n == 200

    run(program, timeout_ms=50_000, synchronous="normal")


def test_two_hundred_tasks_of_all_kinds(models: ModuleType, run: Run) -> None:
    async def program(db: Any) -> None:
        query = models.items.by_name("kept")
        kept = await db.insert_many(new(models, "kept", n) for n in range(300))

        async def work(number: int) -> int:
            match number % 4:
                case 0:
                    return len(await db.run(query.filter(lambda item: item.n >= 0)))
                case 1:
                    return len([item async for item in db.stream(query)])
                case 2:
                    id = await db.insert(new(models, "other"))
                    await db.delete(id)
                    return len(kept)
                case _:
                    assert (await db.get(kept[number])).n == number
                    return len((await db.run(query.paginate(500))).items)

        assert await asyncio.gather(*map(work, range(200))) == [300] * 200

    run(program, timeout_ms=50_000)


def test_one_of_them_gets_the_name(models: ModuleType, run: Run) -> None:
    async def program(db: Any) -> None:
        given = [models.NameNew(name=str(number % 5)) for number in range(100)]
        results = await asyncio.gather(*map(db.insert, given), return_exceptions=True)
        refused = [one for one in results if isinstance(one, Exception)]
        assert {type(one).__name__ for one in refused} == {"UniqueViolation"}
        assert len(refused) == 95

    run(program, timeout_ms=50_000)


def test_two_tasks_in_transactions_at_once(models: ModuleType, where: str) -> None:
    """Neither sees what the other does, and one is undone without the other."""

    async def program(db: Any) -> None:
        at_work = asyncio.Event()

        async def keeps() -> None:
            async with db.transaction():
                await db.insert(new(models, "a"))
                at_work.set()
                await asyncio.sleep(0.05)
                assert await names(models, db) == "a"
                await db.insert(new(models, "b"))

        async def undoes() -> None:
            await at_work.wait()
            async with db.transaction():
                await db.insert(models.NameNew(name="x"))
                raise Undo

        kept, undone = await asyncio.gather(keeps(), undoes(), return_exceptions=True)
        assert (kept, type(undone)) == (None, Undo)
        assert await names(models, db) == "ab"
        assert await db.run(models.names.full_scan()) == []

    async def main() -> None:
        async with models.server.async_connect(where, timeout_ms=5000) as db:
            await program(db)

    asyncio.run(main())


def test_nested_transactions(models: ModuleType, run: Run) -> None:
    async def program(db: Any) -> None:
        async with db.transaction() as inside:
            assert inside is db
            await db.insert(new(models, "a"))
            with pytest.raises(Undo):
                async with db.transaction():
                    await db.insert(new(models, "b"))
                    async with db.transaction():
                        await db.insert(new(models, "c"))
                    raise Undo
            async with db.transaction():
                await db.insert(new(models, "d"))
        assert await names(models, db) == "ad"

    run(program)


def test_a_task_that_is_started_inside_a_transaction(
    models: ModuleType, run: Run
) -> None:
    """It looks like a part of it, and is none: this is said, and the transaction goes on."""

    async def program(db: Any) -> None:
        async with db.transaction():
            id = await db.insert(new(models, "a"))
            calls = [db.get(id), db.insert(new(models, "b")), db.close()]
            for refused in await asyncio.gather(*calls, return_exceptions=True):
                assert isinstance(refused, RuntimeError)
                assert "started inside a transaction" in str(refused)
            with pytest.raises(RuntimeError, match="wait_for"):
                await asyncio.create_task(db.get(id))
            later = asyncio.create_task(asyncio.sleep(0.1, db))
            await db.insert(new(models, "c"))
        assert await names(models, await later) == "ac"

        async def after() -> str:
            await ended.wait()
            return await names(models, db)

        ended = asyncio.Event()
        async with db.transaction():
            task = asyncio.create_task(after())
            await db.insert(new(models, "d"))
        ended.set()
        assert await task == "acd"

    run(program)


@pytest.mark.parametrize("where", ["memory", "file"], indirect=True)
def test_the_event_loop_goes_on_while_others_write(
    models: ModuleType, run: Run
) -> None:
    """Then comes a conflict, and nothing was written."""

    async def program(db: Any) -> None:
        begun, done = asyncio.Event(), asyncio.Event()

        async def holds() -> None:
            async with db.transaction():
                await db.insert(new(models, "a"))
                begun.set()
                await done.wait()

        holder = asyncio.create_task(holds())
        await begun.wait()
        async with ticking(longest_s=0.2):
            with pytest.raises(Conflict, match="another task"):
                await db.insert(new(models, "b"))
            with pytest.raises(Conflict, match="another task"):
                await db.close()
        done.set()
        await holder
        assert await names(models, db) == "a"

    run(program, timeout_ms=300)


def test_the_event_loop_goes_on_while_another_program_writes(
    models: ModuleType, url: str
) -> None:
    async def main() -> None:
        with models.server.connect(url) as beside:
            async with models.server.async_connect(url, timeout_ms=300) as db:
                with beside.transaction():
                    beside.insert(new(models, "a"))
                    async with ticking(longest_s=0.2):
                        with pytest.raises(Conflict):
                            await db.insert(new(models, "b"))
                        assert await names(models, db) == ""
                assert await names(models, db) == "a"

    asyncio.run(main())


@pytest.mark.parametrize("where", ["memory", "file"], indirect=True)
def test_a_slow_filter_is_run_beside_the_event_loop(
    models: ModuleType, run: Run
) -> None:
    async def program(db: Any) -> None:
        await db.insert(new(models, "a"))
        slow = models.items.full_scan().filter(lambda _: time.sleep(0.5) is None)
        async with ticking(longest_s=0.3):
            assert len(await db.run(slow)) == 1

    run(program)


def test_a_filter_has_the_context_of_its_task(models: ModuleType, run: Run) -> None:
    wanted = ContextVar[str]("wanted")

    async def program(db: Any) -> None:
        await db.insert_many([new(models, "a"), new(models, "b")])

        async def look(name: str) -> Any:
            wanted.set(name)
            query = models.items.full_scan().filter(
                lambda one: one.name == wanted.get()
            )
            return (await db.run(query.unique())).name

        assert await asyncio.gather(look("a"), look("b")) == ["a", "b"]

    run(program)


def test_closing_early(models: ModuleType, run: Run) -> None:
    """What is under way ends, and what comes later is refused."""

    async def program(db: Any) -> None:
        await db.insert_many(new(models, "a", n) for n in range(600))
        stream = db.stream(models.items.full_scan())
        await anext(stream)
        calls = [asyncio.create_task(names(models, db)) for _ in range(50)]
        calls += [asyncio.create_task(db.insert(new(models, "b"))) for _ in range(50)]
        await asyncio.sleep(0)
        await asyncio.gather(db.close(), db.close())
        for found in await asyncio.gather(*calls, return_exceptions=True):
            assert isinstance(found, Closed | StorageFailed | str), found
        for call in (db.insert(new(models, "c")), names(models, db)):
            with pytest.raises(Closed):
                await call
        with pytest.raises(Closed):
            assert not [item async for item in stream]
        with pytest.raises(Closed):
            async with db.transaction():
                pass
        await db.close()

    run(program)


def test_it_is_not_closed_in_a_transaction(models: ModuleType, run: Run) -> None:
    async def program(db: Any) -> None:
        async with db.transaction():
            with pytest.raises(RuntimeError, match="after the transaction"):
                await db.close()
            await db.insert(new(models, "a"))
        assert await names(models, db) == "a"

    run(program)


def test_another_event_loop(models: ModuleType, where: str) -> None:
    async def opened() -> Any:
        return await models.server.async_connect(where)

    with asyncio.Runner() as runner:
        db = runner.run(opened())
        with pytest.raises(RuntimeError, match="event loop"):
            asyncio.run(db.insert(new(models, "a")))
        runner.run(db.close())


def test_ways_to_connect(models: ModuleType, where: str) -> None:
    async def main() -> None:
        db = await models.server.async_connect(where)
        await db.insert(new(models, "a"))
        assert "items" in await db.explain(models.items.by_name("a"))
        await db.close()
        async with await models.server.async_connect(where) as db:
            await db.insert(new(models, "b"))
        with pytest.raises(Closed):
            await db.insert(new(models, "c"))
        async with models.server.async_connect(where) as db:
            found = await names(models, db)
            assert found == ("" if where == "sqlite://" else "ab")

    asyncio.run(main())


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("mysql://here", {}),
        ("sqlite://", {"timeout_ms": -1}),
        ("sqlite://", {"synchronous": "off"}),
        ("sqlite://", {"pooled": True}),
    ],
)
def test_wrong_arguments(models: ModuleType, url: str, options: dict[str, Any]) -> None:
    """They are refused before anything is awaited."""
    with pytest.raises(ValueError):
        models.server.async_connect(url, **options)
