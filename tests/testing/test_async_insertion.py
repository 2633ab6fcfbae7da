"""What a factory inserts for `async` code."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any

import pytest

from codegen.runtime import UniqueViolation
from codegen.testing import CannotMake, Factory
from tests.engines.packages import package

SCHEMA = """
tables:
  users:
    fields: {name: str, chief?: "Id[users]"}
  tasks:
    fields:
      title: str
      owner: Id[users]
      helpers: "Annotated[list[Id[users]], MinLen(2)]"
      votes: "Annotated[dict[Id[users], float], MinLen(2)]"
      parent?: Id[tasks]
      file?: Id[_storage]
  coins:
    fields: {side: 'Literal["head", "tail"]'}
    indexes: {by_side: {fields: [side], unique: true}}
  tosses: {fields: {coin: "Id[coins]"}}
  bets: {fields: {stake: {toss: "Id[tosses]"}, again?: "Id[bets]"}}
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    folder = tmp_path_factory.mktemp("package")
    return package(folder, SCHEMA, "inserted_by_tasks")


@pytest.fixture
def make(models: ModuleType) -> Factory:
    return Factory(models, seed=1)


def in_database(models: ModuleType, test: Callable[[Any], Awaitable[None]]) -> None:
    """Runs a test with a new database."""

    async def run() -> None:
        async with models.async_connect("sqlite://") as db:
            await test(db)

    asyncio.run(run())


def test_what_ids_refer_to_is_inserted_first(models: Any, make: Factory) -> None:
    async def test(db: Any) -> None:
        id = await make.async_insert(db, models.TaskNew, title="ship it")
        task = await db.get(id)
        assert isinstance(id, models.TaskId) and task.title == "ship it"
        users = {task.owner, *task.helpers, *task.votes}
        assert len(users) == 1 + len(task.helpers) + len(task.votes) >= 5
        assert all([await db.get(user) for user in users])

        before = len(await db.run(models.users.full_scan()))
        owned = await make.async_insert(db, models.TaskNew, owner=task.owner)
        assert (await db.get(owned)).owner == task.owner
        others = len(await db.run(models.users.full_scan())) - before
        assert others >= 4, "of its helpers and votes"

    in_database(models, test)


def test_the_same_as_in_plain_code(models: Any) -> None:
    def in_plain_code() -> list[Any]:
        make = Factory(models, seed=3)
        with models.connect("sqlite://") as db:
            for _ in range(5):
                make.insert(db, models.TaskNew)
            return [db.run(table.full_scan()) for table in (models.users, models.tasks)]

    found: list[Any] = []

    async def test(db: Any) -> None:
        make = Factory(models, seed=3)
        for _ in range(5):
            await make.async_insert(db, models.TaskNew)
        for table in (models.users, models.tasks):
            found.append(await db.run(table.full_scan()))

    in_database(models, test)
    assert in_numbers(found) == in_numbers(in_plain_code())


def in_numbers(tables: list[list[Any]]) -> str:
    """The documents with numbers for their ids, and without the times."""
    ids = [document.id for documents in tables for document in documents]
    text = repr([[one.to_wire() for one in documents] for documents in tables])
    for number, id in enumerate(ids):
        text = text.replace(id, f"id {number}")
    return re.sub(r"'_creationTime': [\d.]+", "", text)


def test_values_of_a_unique_index_are_drawn_again(models: Any, make: Factory) -> None:
    async def test(db: Any) -> None:
        coins = [await make.async_insert(db, models.CoinNew) for _ in range(2)]
        assert {(await db.get(coin)).side for coin in coins} == {"head", "tail"}
        with pytest.raises(UniqueViolation):
            await make.async_insert(db, models.CoinNew)
        with pytest.raises(CannotMake) as refused:
            await make.async_insert(db, models.BetNew)
        assert str(refused.value) == (
            "`BetNew` needs its `stake`, but `TossNew` needs its `coin`, but every new"
            " document of `coins` has values that are in the unique index `by_side`"
            " already. Give the field: `stake=…`"
        )
        assert await db.run(models.tosses.full_scan()) == []
        assert len(await db.run(models.coins.full_scan())) == 2

    in_database(models, test)


def test_all_or_nothing_when_it_is_cancelled(models: Any, make: Factory) -> None:
    async def test(db: Any) -> None:
        async def counts() -> tuple[int, int]:
            tables = (models.users, models.tasks)
            users, tasks = [len(await db.run(one.full_scan())) for one in tables]
            return users, tasks

        cancelled = 0
        for turns in range(1, 40, 3):
            users, tasks = await counts()
            inserting = asyncio.create_task(make.async_insert(db, models.TaskNew))
            for _ in range(turns):
                await asyncio.sleep(0.0005)
            inserting.cancel()
            await asyncio.wait([inserting])
            new_users, new_tasks = await counts()
            assert (new_users > users) == (new_tasks > tasks)
            cancelled += inserting.cancelled()
        assert cancelled

    in_database(models, test)


def test_a_database_for_other_code(models: Any, make: Factory) -> None:
    async def test(db: Any) -> None:
        said = "`await make.async_insert(db, UserNew, …)`"
        with pytest.raises(TypeError, match=re.escape(said)):
            make.insert(db, models.UserNew)
        with models.connect("sqlite://") as other:
            said = "`make.insert(db, UserNew, …)`"
            with pytest.raises(TypeError, match=re.escape(said)):
                await make.async_insert(other, models.UserNew)
        with pytest.raises(TypeError, match="`User` is not a class of new documents"):
            await make.async_insert(db, models.User)

    in_database(models, test)
