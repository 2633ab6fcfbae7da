"""What is not of the package that the database was opened with is a `TypeError`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from codegen.runtime import Call, Operation
from tests.engines.packages import package

SCHEMA = """
tables:
  items: {fields: {name: str}, indexes: {by_name: [name]}}
  things: {fields: {name: str}, indexes: {by_name: [name]}}
"""


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """Another package, of the very same schema."""
    folder: Path = tmp_path_factory.mktemp("other")
    return package(folder, SCHEMA, "engine_others")


@pytest.fixture
def item(models: ModuleType, db: Any) -> Any:
    return db.insert(models.ItemNew(name="a"))


def test_texts_are_no_ids(models: ModuleType, db: Any, item: Any) -> None:
    text: Any = str(item)
    calls: list[Callable[[Any], object]] = [
        lambda id: db.get(id),
        lambda id: db.delete(id),
        lambda id: db.patch(id, models.ItemPatch(name="b")),
        lambda id: db.replace(id, models.ItemNew(name="b")),
    ]
    for call in calls:
        for id in (text, None, 5, b"", [item]):
            with pytest.raises(TypeError, match="make a text an id by the class"):
                call(id)
    assert db.get(item).name == "a"


def test_ids_of_another_package(
    models: ModuleType, others: ModuleType, db: Any, item: Any
) -> None:
    foreign = others.ItemId(str(item))
    calls: list[Callable[[], object]] = [
        lambda: db.get(foreign),
        lambda: db.delete(foreign),
        lambda: db.patch(foreign, models.ItemPatch(name="b")),
        lambda: db.replace(foreign, models.ItemNew(name="b")),
    ]
    for call in calls:
        with pytest.raises(TypeError, match="this package"):
            call()
    assert db.get(item).name == "a"


def test_models_of_another_package(
    models: ModuleType, others: ModuleType, db: Any, item: Any
) -> None:
    calls: list[Callable[[], object]] = [
        lambda: db.insert(others.ItemNew(name="b")),
        lambda: db.insert_many([models.ItemNew(name="b"), others.ItemNew(name="b")]),
        lambda: db.patch(item, others.ItemPatch(name="b")),
        lambda: db.replace(item, others.ItemNew(name="b")),
    ]
    for call in calls:
        with pytest.raises(TypeError, match="of this package"):
            call()
    assert [found.name for found in db.run(models.items.full_scan())] == ["a"]


def test_models_of_another_table(models: ModuleType, db: Any, item: Any) -> None:
    calls: list[Callable[[], object]] = [
        lambda: db.patch(item, models.ThingPatch(name="b")),
        lambda: db.replace(item, models.ThingNew(name="b")),
    ]
    for call in calls:
        with pytest.raises(TypeError, match=r"Thing.*`items`"):
            call()
    assert db.get(item).name == "a"


def test_models_of_another_use(models: ModuleType, db: Any, item: Any) -> None:
    """A document is no new one, and a new one is no patch."""
    document: Any = db.get(item)
    new, patch = models.ItemNew(name="b"), models.ItemPatch(name="b")
    calls: list[tuple[Callable[[Any], object], list[Any]]] = [
        (db.insert, [document, patch, item, {"name": "b"}, None]),
        (lambda wrong: db.insert_many([wrong]), [document, patch, None]),
        (lambda wrong: db.patch(item, wrong), [document, new, {"name": "b"}]),
        (lambda wrong: db.replace(item, wrong), [document, patch, {"name": "b"}]),
    ]
    for call, all_wrong in calls:
        for wrong in all_wrong:
            with pytest.raises(TypeError):
                call(wrong)
    assert [found.name for found in db.run(models.items.full_scan())] == ["a"]


def test_queries_of_another_package(others: ModuleType, db: Any, item: Any) -> None:
    query = others.items.by_name("a")
    for read in (query, query.take(1), query.first(), query.unique()):
        with pytest.raises(TypeError, match="this package"):
            db.run(read)
    with pytest.raises(TypeError, match="this package"):
        db.run(query.paginate(1))
    with pytest.raises(TypeError, match="this package"):
        db.stream(query)


def test_queries_of_another_package_are_not_explained(
    others: ModuleType, db: Any
) -> None:
    query = others.items.by_name("a")
    for read in (query, query.take(1), query.first(), query.unique()):
        with pytest.raises(TypeError, match="this package"):
            db.explain(read)


class Foreign(Operation[int]):
    query = None


class listed(Call[list[str]], query="items:list"):
    pass


def test_what_is_no_query(models: ModuleType, db: Any, item: Any) -> None:
    wrong: Any
    for wrong in (models.items, models.Item, item, None, "items", Foreign()):
        with pytest.raises(TypeError):
            db.run(wrong)
        with pytest.raises(TypeError):
            list(db.stream(wrong))
    with pytest.raises(TypeError):
        list(db.stream(models.items.full_scan().take(1)))
    with pytest.raises(TypeError):
        list(db.stream(listed()))


def test_functions_are_those_of_deployments(db: Any) -> None:
    with pytest.raises(TypeError):
        db.run(listed())


def test_what_is_no_query_is_not_explained(
    models: ModuleType, db: Any, item: Any
) -> None:
    wrong: Any
    for wrong in (models.items, models.Item, item, None, "items", listed(), Foreign()):
        with pytest.raises(TypeError):
            db.explain(wrong)


@pytest.mark.parametrize("cursor", [5, b"AAAA", ["a"], object()], ids=range(4))
def test_a_cursor_is_text(models: ModuleType, db: Any, cursor: Any) -> None:
    with pytest.raises(TypeError):
        db.run(models.items.full_scan().paginate(1, cursor))


def test_a_database_works_after_all_that(
    models: ModuleType, others: ModuleType, db: Any, item: Any
) -> None:
    """In a transaction as well, which goes on."""
    wrong: Any = others.ItemNew(name="b")
    with db.transaction():
        for _ in range(3):
            with pytest.raises(TypeError):
                db.insert(wrong)
            with pytest.raises(TypeError):
                db.insert_many([models.ItemNew(name="c"), wrong])
        db.insert(models.ItemNew(name="d"))
    assert [found.name for found in db.run(models.items.full_scan())] == ["a", "d"]
