"""Many documents at once: one COPY takes them while more are made."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from codegen.engines.postgres import executor
from codegen.runtime import StorageFailed, ValidationFailed

SCHEMA = """
tables:
  items:
    fields: {name: str, n: float}
    indexes: {by_name: [name]}
  labels:
    fields: {name: str}
    indexes: {by_name: {fields: [name], unique: true}}
  notes:
    fields: {text: str}
    searchIndexes: {search_text: {field: text}}
"""


def items(models: ModuleType, *numbers: float) -> list[Any]:
    return [models.ItemNew(name="a", n=number) for number in numbers]


def numbers(models: ModuleType, db: Any) -> list[float]:
    return [item.n for item in db.run(models.items.full_scan())]


def unsound(models: ModuleType) -> Any:
    """A new document that does not fit."""
    return models.ItemNew.model_construct(name=1, n=0)


pytestmark = pytest.mark.filterwarnings("ignore:Pydantic serializer")


@pytest.mark.parametrize("longest_s", [60, 0])
def test_in_order(
    models: ModuleType, there: Any, longest_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often a COPY is ended, for the server ends long ones."""
    monkeypatch.setattr(executor, "_LONGEST_COPY_S", longest_s)
    ids = there.insert_many(items(models, *range(1_050)))
    assert numbers(models, there) == [*range(1_050)]
    assert [there.get(id).n for id in ids[::100]] == [*range(0, 1_050, 100)]


def test_of_several_tables(models: ModuleType, there: Any) -> None:
    """Also of one where each is looked for before, and of one whose words are kept besides."""
    news = [
        *items(models, *range(250)),
        *(models.LabelNew(name=f"label {n}") for n in range(3)),
        *(models.NoteNew(text=f"note {n}") for n in range(250)),
        *items(models, *range(250, 400)),
        models.LabelNew(name="last"),
        *items(models, 400),
    ]
    ids = there.insert_many(news)
    assert [there.get(id) is not None for id in ids] == [True] * len(news)
    assert numbers(models, there) == [*range(401)]
    assert len(there.run(models.labels.full_scan())) == 4
    (found,) = there.run(models.notes.search_text("249"))
    assert found.text == "note 249"


@pytest.mark.parametrize("good", [0, 1, 100, 250])
def test_one_that_does_not_fit(models: ModuleType, there: Any, good: int) -> None:
    """None is stored, and the transaction around it goes on."""
    news = [*items(models, *range(good)), unsound(models), *items(models, 1)]
    with pytest.raises(ValidationFailed, match=r"\.name"):
        there.insert_many(news)
    assert numbers(models, there) == []


@pytest.fixture
def db(models: ModuleType, postgres_url: str) -> Iterator[Any]:
    with models.server.connect(postgres_url) as made:
        yield made


@pytest.mark.parametrize("good", [0, 1, 100, 250])
def test_one_that_does_not_fit_in_a_transaction(
    models: ModuleType, db: Any, good: int
) -> None:
    news = [*items(models, *range(good)), unsound(models)]
    with db.transaction():
        db.insert_many(items(models, *range(150)))
        assert len(numbers(models, db)) == 150
        with pytest.raises(ValidationFailed):
            db.insert_many(news)
        db.insert_many(items(models, *range(150, 300)))
    assert numbers(models, db) == [*range(300)]


def test_what_the_server_refuses(
    models: ModuleType, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so at the end of a COPY, whose rows it has begun to store."""
    db.insert_many(items(models, 1))
    table = db._tables["items"]
    monkeypatch.setitem(vars(table), "new_ids", lambda times: ["the same"] * len(times))
    with pytest.raises(StorageFailed, match="duplicate key"):
        db.insert_many(items(models, *range(250)))
    monkeypatch.undo()
    db.insert_many(items(models, 2))
    assert numbers(models, db) == [1, 2]


def test_where_it_went_wrong(models: ModuleType, there: Any) -> None:
    """The traceback goes down to the document, also when a COPY was open."""
    with pytest.raises(ValidationFailed) as failed:
        there.insert_many([*items(models, *range(250)), unsound(models)])
    frames = [frame.name for frame in traceback.extract_tb(failed.value.__traceback__)]
    assert "new_rows" in frames


class Interrupted(BaseException):
    """What is no error, as Ctrl+C."""


@pytest.mark.parametrize("good", [0, 150])
def test_interrupted(
    models: ModuleType, db: Any, good: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = db._tables["items"]
    left = iter(range(good))
    text = table.text

    def interrupt(*given: Any) -> str:
        if next(left, None) is None:
            raise Interrupted
        made: str = text(*given)
        return made

    monkeypatch.setitem(vars(table), "text", interrupt)
    with pytest.raises(Interrupted):
        db.insert_many(items(models, *range(250)))
    with pytest.raises(StorageFailed, match="interrupted"), db.transaction():
        left = iter(range(good))
        with pytest.raises(Interrupted):
            db.insert_many(items(models, *range(250)))
        db.get(models.ItemId("none"))
    monkeypatch.undo()
    db.insert_many(items(models, *range(150)))
    assert numbers(models, db) == [*range(150)]


def test_all_have_the_same_keys_as_one_by_one(models: ModuleType, db: Any) -> None:
    with db.transaction():
        one, *_ = [db.insert(new) for new in items(models, 1)]
        many = db.insert_many(items(models, 2, 3))
    found = db.run(models.items.by_name("a"))
    assert [item.id for item in found] == [one, *many]
