"""What a factory makes of one schema, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from pydantic import ValidationError

from codegen.runtime import UniqueViolation
from codegen.testing import CannotMake, Factory
from tests.engines.packages import package

SCHEMA = r"""
types:
  Place: {street: str, town?: str}
  Circle: {kind: 'Literal["circle"]', radius: "Annotated[float, Gt(0)]"}
  Square: {kind: 'Literal["square"]', side: float}
tables:
  users:
    fields:
      email: Annotated[str, Pattern("^[a-z]{3,8}@[a-z]+\\.org$")]
      age: Annotated[int, Ge(18), Le(19)]
      place?: Place | None
      chief?: Id[users]
    indexes:
      by_email: {fields: [email], unique: true}
  tasks:
    fields:
      title: Annotated[str, MinLen(40), MaxLen(41)]
      owner: Id[users]
      helpers: list[Id[users]]
      shape: Circle | Square
      share: Annotated[float, Gt(0.25), Lt(0.26)]
      big: Annotated[int, Ge(9223372036854775806)]
      exact: Annotated[float, Ge(9007199254740993)]
      data: Annotated[bytes, MinLen(3), MaxLen(3)]
      tags: dict[str, float]
      ids: "Annotated[dict[Id[users], bool], MinLen(2)]"
      state: Literal["todo", "done"] = "todo"
      never?: Never
      parent?: Id[tasks]
    indexes:
      by_owner: [owner]
  memberships:
    fields: {user: "Id[users]", task: "Id[tasks]"}
    indexes: {by_both: {fields: [user, task], unique: true}}
  hens: {fields: {egg: "Id[eggs]"}}
  eggs: {fields: {hen: "Id[hens]", laid?: float}}
  chicks: {fields: {from: {egg: "Id[eggs]"}, size?: float}}
  coins: {fields: {side: 'Literal["head", "tail"]'}, indexes: {by_side: {fields: [side], unique: true}}}
  tosses: {fields: {coin: "Id[coins]"}}
  bets: {fields: {toss: "Id[tosses]"}}
  odd:
    fields:
      code: Annotated[str, Pattern("^a"), Pattern("^b")]
      other?: Annotated[str, Pattern("(?!)")]
  notes: {fields: Any}
  events:
    union:
      Started: {kind: 'Literal["started"]', by: "Id[users]"}
      Failed: {kind: 'Literal["failed"]', egg: "Id[eggs]"}
  looks: {fields: {event: "Id[events]"}}
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return package(tmp_path_factory.mktemp("package"), SCHEMA, "made_by_factory")


@pytest.fixture
def make(models: ModuleType) -> Factory:
    return Factory(models, seed=1)


@pytest.fixture
def db(models: ModuleType) -> Iterator[Any]:
    with models.connect("sqlite://") as db:
        yield db


def count(db: Any, queries: Any) -> int:
    return len(db.run(queries.full_scan()))


def test_the_given_fields_are_kept(models: Any, make: Factory) -> None:
    made = make(models.TaskNew, title="x" * 40, state="done", parent=None)
    assert (made.title, made.state, made.parent) == ("x" * 40, "done", None)
    place = models.Place(street="Elm")
    assert make(models.UserNew, place=place).place is place


def test_constraints_are_kept(models: Any, make: Factory) -> None:
    for user in make.batch(models.UserNew, 30):
        assert re.fullmatch(r"[a-z]{3,8}@[a-z]+\.org", user.email)
        assert user.age in (18, 19)
    for task in make.batch(models.TaskNew, 30):
        assert len(task.title) in (40, 41) and len(task.data) == 3
        assert 0.25 < task.share < 0.26
        assert task.big in (2**63 - 2, 2**63 - 1)
        assert task.exact >= 2**53 + 1
        assert len(task.ids) >= 2


def test_all_that_may_be_is_made(models: Any, make: Factory) -> None:
    tasks = make.batch(models.TaskNew, 60)
    assert {type(task.shape).__name__ for task in tasks} == {"Circle", "Square"}
    assert {task.state for task in tasks} == {"todo", "done"}
    assert {len(task.helpers) for task in tasks} == {0, 1, 2, 3}
    assert {task.parent is None for task in tasks} == {True, False}
    assert {task.never for task in tasks} == {None}
    users = [json_of(user) for user in make.batch(models.UserNew, 60)]
    places = [user.get("place", "absent") for user in users]
    assert "absent" in places and None in places
    assert {"town" in place for place in places if isinstance(place, dict)} == {
        True,
        False,
    }


def json_of(model: Any) -> dict[str, Any]:
    wire: dict[str, Any] = model.to_wire()
    return wire


def test_the_same_seed_makes_the_same_documents(models: ModuleType) -> None:
    def made(seed: int | str) -> list[Any]:
        make = Factory(models, seed=seed)
        return [make(models.TaskNew), *make.batch(models.User, 3)]

    assert made(7) == made(7) and made("a") == made("a")
    assert made(7) != made(8) and made("a") != made("b")
    first = Factory(models)
    first(models.UserNew)
    second = Factory(models)
    second(models.TaskNew, title="y" * 40)
    assert first(models.TaskNew) == second(models.TaskNew)


def test_whole_documents(models: Any, make: Factory) -> None:
    one, two = make.batch(models.Task, 2)
    assert one.id != two.id and one.creation_time < two.creation_time
    assert isinstance(one.id, models.TaskId) and isinstance(one.owner, models.UserId)
    assert make(models.Task, id=two.id).id == two.id
    failed = make(models.Failed)
    assert failed.kind == "failed" and isinstance(failed.egg, models.EggId)


def test_documents_with_any_fields(models: Any, make: Factory, db: Any) -> None:
    assert any(json_of(note) for note in make.batch(models.NoteNew, 5))
    assert json_of(make(models.NoteNew, text="x")) == {"text": "x"}
    assert json_of(make(models.Note, text="x"))["text"] == "x"
    assert db.get(make.insert(db, models.NoteNew, text="x")).text == "x"


def test_a_new_document_can_be_inserted_in_a_new_database(
    models: Any, make: Factory, db: Any
) -> None:
    task = db.get(db.insert(make(models.TaskNew)))
    assert db.get(task.owner) is None


def test_what_ids_refer_to_is_inserted_first(
    models: Any, make: Factory, db: Any
) -> None:
    task = db.get(make.insert(db, models.TaskNew))
    owners = {task.owner, *task.helpers, *task.ids}
    assert len(owners) == 1 + len(task.helpers) + len(task.ids)
    assert all(db.get(owner) for owner in owners)
    assert task.parent is None or db.get(task.parent)

    before = count(db, models.users)
    membership = db.get(make.insert(db, models.MembershipNew, user=task.owner))
    assert membership.user == task.owner
    assert count(db, models.users) == before + 3  # of its task: an owner, two in ids


def test_a_table_that_may_refer_to_itself(models: Any, make: Factory, db: Any) -> None:
    users = [db.get(make.insert(db, models.UserNew)) for _ in range(20)]
    chiefs = [db.get(user.chief) for user in users if user.chief]
    assert chiefs and all(chief.chief is None for chief in chiefs)


def test_a_kind_that_needs_nothing_impossible_is_chosen(
    models: Any, make: Factory, db: Any
) -> None:
    events = [db.get(make.insert(db, models.LookNew)).event for _ in range(10)]
    assert {type(db.get(event)).__name__ for event in events} == {"Started"}


def test_values_of_a_unique_index_are_drawn_again(
    models: Any, make: Factory, db: Any
) -> None:
    sides = {db.get(make.insert(db, models.CoinNew)).side for _ in range(2)}
    assert sides == {"head", "tail"}
    with pytest.raises(UniqueViolation):
        make.insert(db, models.CoinNew)
    with pytest.raises(CannotMake) as refused:
        make.insert(db, models.BetNew)
    assert str(refused.value) == (
        "`BetNew` needs its `toss`, but `TossNew` needs its `coin`, but every new document"
        " of `coins` has values that are in the unique index `by_side` already."
        " Give the field: `toss=…`"
    )
    assert count(db, models.tosses) == 0

    email = "ada@lovelace.org"
    make.insert(db, models.UserNew, email=email)
    before = count(db, models.users)
    with pytest.raises(UniqueViolation):
        make.insert(db, models.UserNew, email=email)
    assert count(db, models.users) == before, "what was made for it is undone"


def test_tables_that_need_each_other(models: Any, make: Factory, db: Any) -> None:
    with pytest.raises(CannotMake) as refused:
        make.insert(db, models.ChickNew)
    assert str(refused.value) == (
        "`ChickNew` needs its `from.egg`, but a document of `eggs` needs one of `hens`,"
        " which needs one of `eggs`. Give the field: `from_=…`"
    )
    egg = db.insert(make(models.EggNew))
    hen = db.get(make.insert(db, models.HenNew, egg=egg))
    assert hen.egg == egg
    assert make(models.HenNew).egg, "ids alone are no circle"


def test_texts_that_are_not_found(models: Any, make: Factory) -> None:
    with pytest.raises(CannotMake) as refused:
        make(models.OddNew)
    assert str(refused.value) == (
        '`OddNew` needs its `code`, but no text was found for Pattern("^a") and'
        ' Pattern("^b"). Give the field: `code=…`'
    )


def test_mistakes(models: Any, make: Factory, db: Any) -> None:
    not_a_model: Any = int
    with pytest.raises(TypeError, match="no field `titel`: did you mean `title`"):
        make(models.TaskNew, titel="x")
    with pytest.raises(ValidationError, match="TaskNew\ntitle"):
        make(models.TaskNew, title=1)
    with pytest.raises(TypeError, match="`TaskPatch` is not a class of documents"):
        make(models.TaskPatch)
    with pytest.raises(TypeError, match="`int` is not a class of documents"):
        make(not_a_model)
    with pytest.raises(TypeError, match="`Task` is not a class of new documents"):
        make.insert(db, models.Task)
    with pytest.raises(TypeError, match="`re` is not a package"):
        Factory(re)
