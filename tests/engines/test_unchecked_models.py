"""Models that were not validated, or were changed since, are checked before they are stored."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from codegen.engines.database import Database
from codegen.engines.ids import encode
from codegen.runtime import REMOVE, ValidationFailed

SCHEMA = """
types:
  Place: {city: str, rank?: int}
tables:
  rows:
    fields:
      name: Annotated[str, MinLen(1)]
      real?: float
      whole?: int
      data?: bytes
      flag?: bool
      word?: Literal["a", "b"]
      texts?: list[str]
      by_key?: dict[str, int]
      anything?: Any
      place?: Place
      owner?: Id[rows]
  events:
    model: Event
    union:
      Started: {kind: 'Literal["started"]', at: float}
      Failed: {kind: 'Literal["failed"]', at: float, reason: str}
  notes: {fields: Any}
"""


HUGE = 10**400
"""More than a float can be."""


class Strange:
    """Of no kind that documents hold."""

    def __repr__(self) -> str:
        return "Strange()"


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Pydantic warns of some of this as well."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def assert_refused(models: ModuleType, db: Database, table: str, new: Any) -> None:
    """By `insert`, `insert_many` and `replace`; and nothing is stored or changed."""
    good = {
        "rows": lambda: models.RowNew(name="good"),
        "events": lambda: models.StartedNew(kind="started", at=1),
        "notes": lambda: models.NoteNew(name="good"),
    }[table]()
    id = db.insert(good)
    before = db.run(getattr(models, table).full_scan())
    calls: list[Callable[[], object]] = [
        lambda: db.insert(new),
        lambda: db.insert_many([good, new]),
        lambda: db.replace(id, new),
    ]
    for call in calls:
        with pytest.raises(ValidationFailed) as caught:
            call()
        assert caught.value.table == table
    assert db.run(getattr(models, table).full_scan()) == before


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": ""},
        {"name": None},
        {"name": 5},
        {"name": "\ud800"},
        {"name": Strange()},
        {"name": float("nan")},
        {"real": "1"},
        {"real": b"1"},
        {"real": 1j},
        {"whole": 1.0},
        {"whole": 2**63},
        {"whole": "1"},
        {"whole": True},
        {"data": "text"},
        {"data": bytearray(b"a")},
        {"flag": 1},
        {"flag": "yes"},
        {"word": "c"},
        {"texts": ["a", 1]},
        {"texts": "abc"},
        {"texts": ["\ud800"]},
        {"by_key": {"a": 1.5}},
        {"by_key": {"$a": 1}},
        {"by_key": {"é": 1}},
        {"by_key": [1]},
        {"anything": {1, 2}},
        {"anything": Strange()},
        {"anything": "\ud800"},
        {"anything": ["\ud800"]},
        {"anything": {"$a": 1}},
        {"anything": {"\ud800": 1}},
        {"anything": HUGE},
        {"place": {"city": 5}},
        {"place": "Turin"},
        {"owner": "nobody"},
        {"owner": encode(1, bytes(16))},
        {"owner": 5},
    ],
    ids=lambda fields: ascii(fields)[:30],
)
def test_made_without_validation(
    models: ModuleType, db: Database, fields: dict[str, Any]
) -> None:
    given = {"name": "a", **fields} if fields else {}
    assert_refused(models, db, "rows", models.RowNew.model_construct(**given))


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"name": "a\ud800"}, ".name"),
        ({"texts": ["a", "\ud800"]}, ".texts[1]"),
        ({"anything": [{"of": {"a b": ["\udfff"]}}]}, '.anything[0].of["a b"][0]'),
        ({"anything": {"a": {"\ud800": 1}}}, ".anything.a"),
    ],
)
def test_the_place_of_half_a_character(
    models: ModuleType, db: Database, fields: dict[str, Any], path: str
) -> None:
    """JSON has no way to write it, and says only that there is one."""
    new = models.RowNew.model_construct(**{"name": "a", **fields})
    note = models.NoteNew(name=[])
    note.name.append("\ud800")
    id = db.insert(models.RowNew(name="a"))
    for write, place in (
        (lambda: db.insert(new), path),
        (lambda: db.insert_many([new]), path),
        (lambda: db.replace(id, new), path),
        (lambda: db.patch(id, models.RowPatch.model_construct(**fields)), path),
        (lambda: db.insert(note), ".name[0]"),
    ):
        with pytest.raises(ValidationFailed) as caught:
            write()
        assert caught.value.path == place
        assert "half of a surrogate pair" in caught.value.reason


def test_the_place_of_half_a_character_in_an_object(
    models: ModuleType, db: Database
) -> None:
    with pytest.raises(
        ValidationFailed, match=r"table `rows` at \.place\.city: it holds"
    ):
        db.insert(models.RowNew(name="a", place=models.Place(city="\ud800")))


def test_objects_made_without_validation(models: ModuleType, db: Database) -> None:
    for place in (
        models.Place.model_construct(),
        models.Place.model_construct(city=5),
        models.Place.model_construct(city="a", rank=1.5),
        models.Place.model_construct(city="a", rank=2**70),
    ):
        new = models.RowNew.model_construct(name="a", place=place)
        assert_refused(models, db, "rows", new)


def mutated(models: ModuleType, change: Callable[[Any], object]) -> Any:
    """A good document, whose lists and dicts were changed since."""
    new = models.RowNew(
        name="a",
        texts=["a"],
        by_key={"a": 1},
        anything={"list": [1], "dict": {"a": 1}},
        place=models.Place(city="Turin"),
    )
    change(new)
    return new


@pytest.mark.parametrize(
    "change",
    [
        lambda new: new.texts.append(5),
        lambda new: new.texts.append(None),
        lambda new: new.texts.append("\ud800"),
        lambda new: new.texts.append(new.texts),
        lambda new: new.by_key.update(b=1.5),
        lambda new: new.by_key.update({"$b": 1}),
        lambda new: new.by_key.update(b=2**64),
        lambda new: new.anything["list"].append(Strange()),
        lambda new: new.anything["list"].append({1}),
        lambda new: new.anything["list"].append("\ud800"),
        lambda new: new.anything["list"].append(HUGE),
        lambda new: new.anything["dict"].update({"é": 1}),
        lambda new: new.anything["dict"].update({"$a": 1, "b": 2}),
        lambda new: new.anything["dict"].update({1: 1}),
        lambda new: new.anything["dict"].update({None: 1}),
        lambda new: new.anything["dict"].update({True: 1}),
        lambda new: new.anything["list"].append(new.anything),
        lambda new: new.__dict__.update(name=5),
        lambda new: new.__dict__.pop("name"),
        lambda new: new.place.__dict__.update(city=None),
    ],
    ids=map(str, range(20)),
)
def test_changed_since_it_was_validated(
    models: ModuleType, db: Database, change: Callable[[Any], object]
) -> None:
    assert_refused(models, db, "rows", mutated(models, change))


@pytest.mark.parametrize(
    ("change", "field", "expected"),
    [
        (lambda new: new.texts.append("b"), "texts", ["a", "b"]),
        (lambda new: new.by_key.update(b=2), "by_key", {"a": 1, "b": 2}),
        (lambda new: new.anything.pop("dict"), "anything", {"list": [1.0]}),
        (lambda new: new.anything.clear(), "anything", {}),
    ],
)
def test_a_change_that_fits_is_stored(
    models: ModuleType,
    db: Database,
    change: Callable[[Any], object],
    field: str,
    expected: object,
) -> None:
    id = db.insert(mutated(models, change))
    assert getattr(db.get(id), field) == expected


def test_one_kind_dressed_as_another(models: ModuleType, db: Database) -> None:
    for new in (
        models.StartedNew.model_construct(kind="failed", at=1.0),
        models.FailedNew.model_construct(kind="started", at=1.0, reason="why"),
        models.FailedNew.model_construct(kind="lost", at=1.0, reason="why"),
    ):
        assert_refused(models, db, "events", new)


@pytest.mark.parametrize("name", ["_id", "_creationTime", "_x", "$a", "é"])
@pytest.mark.parametrize("value", ["text", 5.0])
def test_names_that_the_system_keeps(
    models: ModuleType, db: Database, name: str, value: object
) -> None:
    """A document can't give itself another id or creation time."""
    new = models.NoteNew(name="a")
    new.model_extra[name] = value
    assert_refused(models, db, "notes", new)
    id = db.insert(models.NoteNew(name="b"))
    before = db.get(id)
    patch = models.NotePatch(name="c")
    patch.model_extra[name] = value
    with pytest.raises(ValidationFailed):
        db.patch(id, patch)
    assert db.get(id) == before


@pytest.mark.parametrize(
    "value",
    [Strange(), "\ud800", {1}, [HUGE], {"$a": 1}],
    ids=["strange", "surrogate", "set", "huge", "form"],
)
def test_values_of_a_table_without_a_schema(
    models: ModuleType, db: Database, value: object
) -> None:
    new = models.NoteNew(name="a")
    new.model_extra["field"] = value
    assert_refused(models, db, "notes", new)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": 5},
        {"name": None},
        {"name": ""},
        {"name": "\ud800"},
        {"name": REMOVE},
        {"real": "1"},
        {"whole": 2**63},
        {"texts": [1]},
        {"anything": Strange()},
        {"unknown": 1},
        {"owner": "nobody"},
    ],
    ids=lambda fields: ascii(fields)[:30],
)
def test_patches_made_without_validation(
    models: ModuleType, db: Database, fields: dict[str, Any]
) -> None:
    """A field that the table does not have is not stored, whether refused or left out."""
    id = db.insert(models.RowNew(name="a"))
    before = db.get(id)
    patch = models.RowPatch.model_construct(**fields)
    if "unknown" in fields:
        db.patch(id, patch)
    else:
        with pytest.raises(ValidationFailed):
            db.patch(id, patch)
    assert db.get(id) == before
