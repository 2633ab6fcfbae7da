"""Queries of documents of a deployment are followed as those of any database."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random
from types import ModuleType
from typing import Any

import httpx
import pytest

from codegen.convex import Options, Unsupported
from codegen.engines.live.fingerprint import fingerprint
from codegen.runtime import Int64, gt
from codegen.runtime.errors import Closed, NotUnique, TooManyResults
from tests.deployments.both_ways import Way
from tests.deployments.deployed_schema import deployed_schema, empty
from tests.deployments.mock_deployment import Place
from tests.deployments.test_subscriptions import LONGEST_S, follow, following
from tests.engines.packages import package

SCHEMA = """
tables:
  tasks:
    fields:
      title: str
      points: float
      anything?: Any
      near?: list[float]
    indexes:
      by_points: [points]
    searchIndexes:
      search_title: {field: title}
    vectorIndexes:
      by_near: {field: near, dimensions: 2}
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return package(tmp_path_factory.mktemp("followed"), SCHEMA, "followed_tasks")


@pytest.fixture(scope="module")
def place(
    tmp_path_factory: pytest.TempPathFactory, node_folder: Any
) -> Iterator[Place]:
    with deployed_schema(node_folder, tmp_path_factory.mktemp("app"), SCHEMA) as place:
        yield place


@pytest.fixture
def writer(models: ModuleType, place: Place) -> Any:
    """The deployment in blocking code; documents of earlier tests are gone."""
    empty(place)
    options = Options(admin_key=place.admin_key)
    with models.server.connect(place.url, options=options) as writer:
        yield writer


@pytest.fixture
def db(writer: Any, way: Way, models: ModuleType, place: Place) -> Any:
    """Another client, in both forms."""
    return way.connect(models, place.url, Options(admin_key=place.admin_key))


def fill(writer: Any, models: ModuleType, *points: float) -> list[Any]:
    return writer.insert_many(
        models.TaskNew(title=f"task {n:g}", points=n) for n in points
    )


def points(tasks: list[Any]) -> list[float]:
    return [task.points for task in tasks]


QUERIES: dict[str, Callable[[Any], Any]] = {
    "all": lambda tasks: tasks.full_scan(),
    "bounds": lambda tasks: tasks.by_points(gt(3)).order("desc"),
    "take": lambda tasks: tasks.by_points().take(4),
    "first": lambda tasks: tasks.by_points().order("desc").first(),
    "unique": lambda tasks: tasks.by_points(2).filter(lambda t: t.title > "x").unique(),
    "filter": lambda tasks: tasks.by_points().filter(lambda t: t.points % 2 == 0),
    "take of a filter": lambda tasks: tasks.by_points()
    .filter(lambda t: t.points > 2)
    .take(2),
    "page": lambda tasks: tasks.by_points().paginate(3),
    "last page": lambda tasks: tasks.by_points(gt(5)).paginate(50),
    "search": lambda tasks: tasks.search_title("task"),
    "taken of a search": lambda tasks: tasks.search_title("task").take(2),
}


@pytest.mark.parametrize("kind", QUERIES)
def test_after_writes_there_is_what_run_gives(
    kind: str, db: Any, writer: Any, models: ModuleType
) -> None:
    random = Random(kind)
    ids = fill(writer, models, *range(6))
    query = QUERIES[kind](models.tasks)
    results = follow(db, query)
    latest = fingerprint(results())
    assert latest == fingerprint(writer.run(query))
    for _ in range(25):
        new = models.TaskNew(
            title=random.choice(["task", "x y"]), points=random.choice([-1, 3, 4, 6, 9])
        )
        match random.randrange(4):
            case 0 if len(ids) > 3:
                writer.delete(ids.pop(random.randrange(len(ids))))
            case 1 if ids:
                writer.replace(random.choice(ids), new)
            case 2:
                ids += writer.insert_many([new, new])
            case _:
                ids.append(writer.insert(new))
        present = fingerprint(writer.run(query))
        while latest != present:
            latest = fingerprint(results())


def test_more_than_one_page(
    db: Any, writer: Any, models: ModuleType, place: Place
) -> None:
    ids = fill(writer, models, *range(1_200))
    results = follow(db, models.tasks.by_points())
    assert points(results()) == [*range(1_200)]
    assert following(place, 3)
    writer.delete(ids[700])
    assert len(results()) == 1_199
    fill(writer, models, *range(1_200, 1_900))
    assert points(results()) == [*range(700), *range(701, 1_900)]
    assert following(place, 4)


def test_what_comes_into_a_page_is_followed(
    db: Any, writer: Any, models: ModuleType
) -> None:
    """On a deployment a page that is followed ends where it ended first."""
    ids = fill(writer, models, *range(6))
    for query, found in (
        (models.tasks.by_points().take(3), points),
        (models.tasks.by_points().paginate(3), lambda page: points(page.items)),
    ):
        results = follow(db, query)
        first, second, third, *_ = found(results())
        writer.delete(ids.pop(0))
        assert found(results()) == [second, third, third + 1]
        for new in (third + 0.25, third + 0.5):
            writer.patch(ids[2], models.TaskPatch(points=new))
            assert found(results()) == [second, third, new]
        writer.patch(ids[2], models.TaskPatch(points=third + 1))
        assert found(results()) == [second, third, third + 1]
        assert first < second


def test_what_is_told_apart(db: Any, writer: Any, models: ModuleType) -> None:
    """To Python some of these are the same."""
    [id] = fill(writer, models, 1)
    results = follow(db, models.tasks.full_scan().first())
    results()
    values = [True, 1.0, Int64(1), 0.0, -0.0, False, float("nan"), None, b"\0", "\0"]
    for value in values:
        writer.patch(id, models.TaskPatch(anything=value))
        heard = results().anything
        assert repr(heard) == repr(value)


def test_a_connection_that_breaks_is_made_again(
    db: Any, writer: Any, models: ModuleType, place: Place
) -> None:
    results = follow(db, models.tasks.by_points().take(5))
    assert results() == []
    assert following(place, 1)
    httpx.post(f"{place.url}/mock/cut")
    fill(writer, models, 7)
    assert points(results()) == [7]


def test_what_finds_nothing_waits(db: Any, models: ModuleType) -> None:
    for query in (models.tasks.full_scan().take(0), models.tasks.search_title("")):
        results = follow(db, query, timeout_ms=300)
        assert results() == []
        with pytest.raises(TimeoutError):
            results()


def test_an_error_of_the_documents_is_over_with_them(
    writer: Any, models: ModuleType, place: Place
) -> None:
    first, second, *_ = fill(writer, models, 1, 1, 2, 3)

    def inverse(task: Any) -> bool:
        return bool(1 / task.points)

    for query, error in (
        (models.tasks.by_points(1).unique(), NotUnique),
        (models.tasks.by_points().filter(inverse), ZeroDivisionError),
    ):
        with writer.subscribe(query, timeout_ms=1_000) as results:
            if error is ZeroDivisionError:
                assert len(next(results)) == 4
                writer.patch(second, models.TaskPatch(points=0))
            with pytest.raises(error):
                next(results)
            with pytest.raises(TimeoutError):
                next(results)
            writer.patch(second, models.TaskPatch(points=5))
            found = next(results)
            assert found.id == first if error is NotUnique else len(found) == 4
        writer.patch(second, models.TaskPatch(points=1))
    assert following(place, 0)


def test_too_many_are_found(writer: Any, models: ModuleType) -> None:
    query = models.tasks.search_title("task")
    with writer.subscribe(query, timeout_ms=LONGEST_S * 1000) as results:
        assert next(results) == []
        ids = fill(writer, models, *range(1_025))
        with pytest.raises(TooManyResults):
            next(results)
        writer.delete(ids[0])
        assert len(next(results)) == 1_024


def test_tasks_go_on_after_errors(
    writer: Any, models: ModuleType, place: Place
) -> None:
    _, second = fill(writer, models, 1, 1)
    options = Options(admin_key=place.admin_key)

    async def main() -> None:
        async with models.server.async_connect(place.url, options=options) as db:
            query = models.tasks.by_points(1).unique()
            results = db.subscribe(query, timeout_ms=LONGEST_S * 1000)
            with pytest.raises(NotUnique):
                await anext(results)
            waiting = asyncio.ensure_future(anext(results))
            await asyncio.sleep(0.1)
            waiting.cancel()
            await db.delete(second)
            assert (await anext(results)).points == 1
            closing = asyncio.create_task(db.close())
            with pytest.raises(Closed):
                await anext(results)
            await closing

    asyncio.run(main())


def test_a_step_ends_in_time_whatever_is_written(
    writer: Any, models: ModuleType, place: Place
) -> None:
    [id] = fill(writer, models, 0)
    stop = threading.Event()

    def write() -> None:
        options = Options(admin_key=place.admin_key)
        with models.server.connect(place.url, options=options) as db:
            for n in range(10_000):
                if stop.is_set():
                    return
                db.patch(id, models.TaskPatch(points=n))

    query = models.tasks.full_scan().filter(lambda task: task.points < 0)
    with writer.subscribe(query, timeout_ms=500) as results:
        assert next(results) == []
        thread = threading.Thread(target=write)
        thread.start()
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            next(results)
        assert time.monotonic() - began < LONGEST_S / 2
        stop.set()
        thread.join()
        writer.patch(id, models.TaskPatch(points=-1))
        for _attempt in range(20):
            with suppress(TimeoutError):
                assert points(next(results)) == [-1]
                break
        else:
            pytest.fail("the result did not come")


def test_it_ends(writer: Any, models: ModuleType, place: Place) -> None:
    fill(writer, models, 1, 2)
    results = writer.subscribe(models.tasks.full_scan())
    assert len(next(results)) == 2
    assert following(place, 1)
    threading.Timer(0.2, results.close).start()
    assert list(results) == []
    assert following(place, 0)
    forgotten = writer.subscribe(models.tasks.full_scan())
    assert len(next(forgotten)) == 2
    del forgotten
    assert following(place, 0)
    cut_off = writer.subscribe(models.tasks.full_scan())
    next(cut_off)
    threading.Timer(0.2, writer.close).start()
    with pytest.raises(Closed):
        next(cut_off)
    assert following(place, 0)


def test_what_can_not_be_followed(db: Any, models: ModuleType) -> None:
    with pytest.raises(Unsupported, match="in an action"):
        db.subscribe(models.tasks.by_near([1.0, 0.0]))
    page = models.tasks.full_scan().filter(bool).paginate(3)
    with pytest.raises(Unsupported, match="filtered in Python"):
        follow(db, page)()


def test_without_an_admin_key(way: Way, models: ModuleType, place: Place) -> None:
    db = way.connect(models, place.url, Options())
    with pytest.raises(Unsupported, match="export --to convex-helper"):
        follow(db, models.tasks.full_scan())()


def test_without_functions_for_documents(
    way: Way, models: ModuleType, place: Place
) -> None:
    options = Options(admin_key=place.admin_key, documents="system")
    db = way.connect(models, place.url, options)
    with pytest.raises(Unsupported, match="export --to convex-helper"):
        db.subscribe(models.tasks.full_scan())
