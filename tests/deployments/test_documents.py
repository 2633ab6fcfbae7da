"""Documents of a deployment are read and written as those of any database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from codegen.convex import Options, Unsupported
from codegen.runtime import REMOVE, gt, lt
from codegen.runtime.errors import (
    InvalidId,
    InvalidQuery,
    LimitExceeded,
    NotFound,
    NotUnique,
    UniqueViolation,
    ValidationFailed,
)
from tests.deployments.both_ways import Way
from tests.deployments.deployed_schema import deployed_schema, empty
from tests.deployments.mock_deployment import Place
from tests.engines.packages import package

SCHEMA = """
tables:
  tasks:
    fields:
      title: str
      state: Literal["todo", "done"]
      points: int | None
      origin?: {source: str}
      note?: str
    indexes:
      by_state: [state, points]
      by_source: [origin.source]
      by_title: {fields: [title], unique: true}
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return package(tmp_path_factory.mktemp("documents"), SCHEMA, "deployed_tasks")


@pytest.fixture(scope="module")
def tasks_place(
    tmp_path_factory: pytest.TempPathFactory, node_folder: Path
) -> Iterator[Place]:
    with deployed_schema(node_folder, tmp_path_factory.mktemp("app"), SCHEMA) as place:
        yield place


@pytest.fixture
def db(way: Way, models: ModuleType, tasks_place: Place) -> Any:
    """The deployment; documents of earlier tests are gone."""
    empty(tasks_place)
    options = Options(admin_key=tasks_place.admin_key)
    return way.connect(models, tasks_place.url, options)


def titles(tasks: list[Any]) -> list[str]:
    return [task.title for task in tasks]


def test_a_document_comes_back(db: Any, models: ModuleType) -> None:
    new = models.TaskNew(title="a", state="todo", points=2**60, note="x")
    id = db.insert(new)
    assert isinstance(id, models.TaskId)
    task = db.get(id)
    assert (task.id, task.title, task.points, task.note) == (id, "a", 2**60, "x")
    db.patch(id, models.TaskPatch(state="done", note=REMOVE))
    task = db.get(id)
    assert (task.state, task.note, task.title) == ("done", None, "a")
    db.replace(id, models.TaskNew(title="b", state="todo", points=None))
    assert (db.get(id).title, db.get(id).creation_time) == ("b", task.creation_time)
    db.delete(id)
    assert db.get(id) is None


def test_queries(db: Any, models: ModuleType) -> None:
    tasks = models.tasks
    for points, title in ((3, "c"), (None, "n"), (1, "a"), (2, "b")):
        new = models.TaskNew(title=title, state="todo", points=points)
        db.insert(new)
    db.insert(models.TaskNew(title="d", state="done", points=2, origin={"source": "x"}))
    todo = tasks.by_state("todo")
    assert titles(db.run(todo)) == ["n", "a", "b", "c"]
    assert titles(db.run(todo.order("desc").take(2))) == ["c", "b"]
    assert titles(db.run(tasks.by_state("todo", gt(1)))) == ["b", "c"]
    assert titles(db.run(tasks.by_state("todo", lt(2)))) == ["n", "a"]
    assert titles(db.run(tasks.by_state("todo", None))) == ["n"]
    assert titles(db.run(tasks.by_source(None))) == ["c", "n", "a", "b"]
    assert titles(db.run(tasks.by_source("x"))) == ["d"]
    assert titles(db.run(todo.filter(lambda task: task.points).take(2))) == ["a", "b"]
    assert db.run(tasks.by_title("d").unique()).points == 2
    assert db.run(tasks.by_title("e").unique()) is None
    assert db.run(tasks.by_title("e").first()) is None
    assert db.run(todo.take(0)) == []
    with pytest.raises(NotUnique):
        db.run(todo.unique())
    assert titles([*db.stream(todo)]) == ["n", "a", "b", "c"]


def test_pages(db: Any, models: ModuleType) -> None:
    db.insert_many(
        models.TaskNew(title=f"{n:02}", state="todo", points=n) for n in range(25)
    )
    query = models.tasks.by_state("todo")
    first = db.run(query.paginate(10))
    second = db.run(query.paginate(10, first.cursor))
    assert titles(first.items + second.items) == [f"{n:02}" for n in range(20)]
    again = db.run(query.paginate(1, first.cursor, end_cursor=second.cursor))
    assert titles(again.items) == titles(second.items)
    with pytest.raises(Unsupported, match="filtered in Python"):
        db.run(query.filter(bool).paginate(10))


def test_all_of_a_large_query_is_of_one_moment(db: Any, models: ModuleType) -> None:
    for start in range(0, 2_500, 500):
        db.insert_many(
            models.TaskNew(title=f"{n:04}", state="todo", points=n)
            for n in range(start, start + 500)
        )
    found = db.run(models.tasks.by_state("todo"))
    assert titles(found) == [f"{n:04}" for n in range(2_500)]
    some = db.run(
        models.tasks.by_state("todo").filter(lambda t: t.points % 2).take(700)
    )
    assert [task.points for task in some] == [*range(1, 1_400, 2)]


def test_changes_are_all_made_or_none(db: Any, models: ModuleType) -> None:
    kept = db.insert(models.TaskNew(title="kept", state="todo", points=1))
    gone = db.insert(models.TaskNew(title="gone", state="todo", points=1))
    db.delete(gone)
    new = models.TaskNew(title="new", state="todo", points=1)
    with pytest.raises(NotFound, match=gone), db.batch() as batch:
        batch.insert(new)
        batch.patch(kept, models.TaskPatch(points=2))
        batch.delete(gone)
    assert titles(db.run(models.tasks.full_scan())) == ["kept"]
    assert db.get(kept).points == 1
    with db.batch() as batch:
        batch.insert(new)
        batch.patch(kept, models.TaskPatch(points=2))
        batch.insert(models.TaskNew(title="newer", state="todo", points=1))
    assert [db.get(id).title for id in batch.ids] == ["new", "newer"]
    assert db.get(kept).points == 2
    with pytest.raises(ZeroDivisionError), db.batch() as batch:
        batch.delete(kept)
        _ = 1 / 0
    assert db.get(kept) is not None


def test_unique_indexes_hold(db: Any, models: ModuleType) -> None:
    first = db.insert(models.TaskNew(title="a", state="todo", points=1))
    second = db.insert(models.TaskNew(title="b", state="todo", points=1))
    with pytest.raises(UniqueViolation, match=first):
        db.insert(models.TaskNew(title="a", state="done", points=2))
    with pytest.raises(UniqueViolation, match=first):
        db.patch(second, models.TaskPatch(title="a"))
    db.replace(first, models.TaskNew(title="a", state="done", points=2))
    assert titles(db.run(models.tasks.full_scan())) == ["a", "b"]


def test_what_is_wrong_is_typed(db: Any, models: ModuleType) -> None:
    with pytest.raises(InvalidId, match="no such id"):
        db.get(models.TaskId("nonsense"))
    with pytest.raises(TypeError, match="is no class of ids of this package"):
        db.get("nonsense")
    with pytest.raises(InvalidQuery, match="5 bounds"):
        db.run(models.tasks._index("by_state", (1, 2, 3, 4, 5)))
    for ask in (lambda: db.transaction(), lambda: db.transact(lambda _: None)):
        with pytest.raises(Unsupported, match="has no transactions"), ask():
            pass


def test_without_an_admin_key(way: Way, models: ModuleType, tasks_place: Place) -> None:
    db = way.connect(models, tasks_place.url, Options())
    with pytest.raises(Unsupported, match="export --to convex-helper"):
        db.run(models.tasks.full_scan())


def test_what_only_the_deployment_can_refuse(db: Any, models: ModuleType) -> None:
    """It is said in the deployment's own words."""
    id = db.insert(models.TaskNew(title="a", state="todo", points=None))
    origin = {"source": "x" * 600_000}
    db.patch(id, models.TaskPatch(origin=origin))
    with pytest.raises(LimitExceeded, match="1 MiB") as caught:
        db.patch(id, models.TaskPatch(note="x" * 600_000))
    assert caught.value.table == "tasks"
    assert db.get(id).note is None


@pytest.mark.filterwarnings("ignore:Pydantic serializer")
def test_what_can_be_refused_before(db: Any, models: ModuleType) -> None:
    id = db.insert(models.TaskNew(title="a", state="todo", points=None))
    with db.batch() as batch:
        with pytest.raises(ValidationFailed, match=r"\.title"):
            batch.insert(models.TaskNew.model_construct(title=1.0, state="todo"))
        with pytest.raises(LimitExceeded):
            batch.patch(id, models.TaskPatch(title="a" * (1 << 20)))
        with pytest.raises(InvalidId):
            batch.delete(models.TaskId("ö"))
        batch.patch(id, models.TaskPatch(title="b"))
    assert titles(db.run(models.tasks.full_scan())) == ["b"]


def test_large_documents_are_read_in_short_pages(db: Any, models: ModuleType) -> None:
    """No function may read more than 16 MiB."""
    large = "x" * 1_000_000
    for number in range(12):
        new = models.TaskNew(title=f"{number:02}", state="todo", points=1, note=large)
        db.insert(new)
    expected = [f"{number:02}" for number in range(12)]
    query = models.tasks.by_state()
    assert titles(db.run(query)) == titles(db.run(query.take(50))) == expected
    assert titles([*db.stream(query)]) == expected
    first = db.run(query.paginate(12))
    assert 8 <= len(first.items) < 12 and first.cursor is not None
