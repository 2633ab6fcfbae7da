"""Documents are stored, read, changed, put in the place of others, and deleted."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from codegen.runtime import KEEP, REMOVE, Int64, NotFound, ValidationFailed

SCHEMA = """
types:
  Place: {city: str, street?: str}
tables:
  people:
    model: Person
    fields:
      name: str
      nickname?: str
      email?: str | None
      age: float | None
      place?: Place
      labels: list[str] = []
      state: Literal["new", "old"] = "new"
      score?: float = 1.5
      hint?: str | None
      anything?: Any
    indexes:
      by_name: [name]
      by_nickname: [nickname]
      by_city: [place.city]
  events:
    model: Event
    union:
      Started: {kind: 'Literal["started"]', at: float}
      Failed: {kind: 'Literal["failed"]', at: float, reason?: str}
    indexes:
      by_kind: [kind, at]
  drafts:
    fields:
      title: str | None = None
      pages: int | None = None
      hint?: str | None = None
  notes: {fields: Any, indexes: {by_kind: [kind]}}
  markers: {fields: {}}
"""


def stored(db: Any, id: Any) -> dict[str, Any]:
    """The fields of a document as they are on the wire, without the system's."""
    document = db.get(id)
    assert document is not None
    wire: dict[str, Any] = document.to_wire()
    assert wire.pop("_id") == id and isinstance(wire.pop("_creationTime"), float)
    return wire


def test_a_document_is_read_as_it_was_written(models: ModuleType, db: Any) -> None:
    new = models.PersonNew(
        name="Ada",
        age=36,
        nickname="Countess",
        place=models.Place(city="London"),
        labels=["a", "b"],
        anything={"deep": [1, Int64(2), b"3", None]},
    )
    id = db.insert(new)
    ada = db.get(id)
    assert type(ada) is models.Person and type(id) is models.PersonId
    assert ada.id == id and type(ada.id) is models.PersonId
    assert (ada.name, ada.age, ada.place.city) == ("Ada", 36.0, "London")
    assert ada.anything == {"deep": [1.0, 2, b"3", None]}
    assert type(ada.anything["deep"][1]) is Int64
    assert stored(db, id) == new.to_wire()


def test_defaults_are_stored(models: ModuleType, db: Any) -> None:
    assert stored(db, db.insert(models.PersonNew(name="Ada", age=None))) == {
        "name": "Ada",
        "age": None,
        "labels": [],
        "state": "new",
        "score": 1.5,
    }


def test_a_default_of_null_is_stored(models: ModuleType, db: Any) -> None:
    id = db.insert(models.DraftNew(pages=3))
    assert (db.get(id).title, db.get(id).pages) == (None, 3)
    nulls = {"title": None, "pages": None, "hint": None}
    assert stored(db, db.insert(models.DraftNew())) == nulls


def test_a_document_without_fields(models: ModuleType, db: Any) -> None:
    assert stored(db, db.insert(models.MarkerNew())) == {}
    assert stored(db, db.insert(models.NoteNew())) == {}


def test_null_and_absent_are_different(models: ModuleType, db: Any) -> None:
    absent = db.insert(models.PersonNew(name="a", age=None))
    null = db.insert(models.PersonNew(name="n", age=None, email=None, hint=None))
    assert not {"email", "hint"} & stored(db, absent).keys()
    assert stored(db, null).items() >= {"email": None, "hint": None}.items()
    assert "email" in db.get(null).model_fields_set


def test_a_patch_changes_what_it_names(models: ModuleType, db: Any) -> None:
    id = db.insert(models.PersonNew(name="Ada", age=36, nickname="A", email="a@b"))
    before = db.get(id)
    db.patch(id, models.PersonPatch(age=37, nickname=KEEP))
    assert db.get(id) == before.model_copy(update={"age": 37.0})


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"nickname": REMOVE}, {"email": "a@b"}),
        ({"email": REMOVE}, {"nickname": "A"}),
        ({"email": None}, {"nickname": "A", "email": None}),
        ({"nickname": REMOVE, "email": REMOVE}, {}),
        ({"nickname": KEEP, "email": KEEP}, {"nickname": "A", "email": "a@b"}),
        ({"hint": None}, {"nickname": "A", "email": "a@b", "hint": None}),
        ({"score": REMOVE}, {"nickname": "A", "email": "a@b"}),
    ],
)
def test_a_patch_removes_keeps_or_nulls(
    models: ModuleType,
    db: Any,
    change: dict[str, Any],
    expected: dict[str, Any],
) -> None:
    """A default is for a new document: a patch does not bring it back."""
    id = db.insert(models.PersonNew(name="Ada", age=1, nickname="A", email="a@b"))
    db.patch(id, models.PersonPatch(**change))
    rest = stored(db, id)
    assert ("score" in rest) == ("score" not in change)
    always = ("name", "age", "labels", "state", "score")
    assert {name: rest[name] for name in rest if name not in always} == expected


def test_what_is_absent_can_be_removed(models: ModuleType, db: Any) -> None:
    id = db.insert(models.PersonNew(name="Ada", age=1))
    before = db.get(id)
    db.patch(id, models.PersonPatch(nickname=REMOVE, place=REMOVE))
    assert db.get(id) == before


def test_a_patch_puts_a_whole_object(models: ModuleType, db: Any) -> None:
    """Nothing of the old one stays: only the document itself is merged."""
    place = models.Place(city="London", street="Dorset Street")
    id = db.insert(models.PersonNew(name="Ada", age=1, place=place, anything={"a": 1}))
    db.patch(id, models.PersonPatch(place=models.Place(city="Turin")))
    db.patch(id, models.PersonPatch(anything={"b": 2}))
    assert stored(db, id)["place"] == {"city": "Turin"}
    assert stored(db, id)["anything"] == {"b": 2.0}


def test_replace_puts_a_whole_document(models: ModuleType, db: Any) -> None:
    id = db.insert(models.PersonNew(name="Ada", age=1, nickname="A"))
    before = db.get(id)
    db.replace(id, models.PersonNew(name="Grace", age=None))
    after = db.get(id)
    assert (after.id, after.creation_time) == (before.id, before.creation_time)
    assert (after.name, after.age, after.nickname) == ("Grace", None, None)
    assert "nickname" not in stored(db, id)


def test_indexes_follow(models: ModuleType, db: Any) -> None:
    people = models.people
    place = models.Place(city="London")
    id = db.insert(models.PersonNew(name="Ada", age=1, nickname="A", place=place))

    def places() -> list[int]:
        queries = (
            *(people.by_name("Ada"), people.by_name("Grace")),
            *(people.by_nickname("A"), people.by_nickname(None)),
            *(people.by_city("London"), people.by_city("Turin"), people.by_city(None)),
        )
        return [len(db.run(query)) for query in queries]

    assert places() == [1, 0, 1, 0, 1, 0, 0]
    db.patch(id, models.PersonPatch(place=models.Place(city="Turin"), nickname=REMOVE))
    assert places() == [1, 0, 0, 1, 0, 1, 0]
    db.replace(id, models.PersonNew(name="Grace", age=None))
    assert places() == [0, 1, 0, 1, 0, 0, 1]
    db.delete(id)
    assert places() == [0] * 7


def test_a_deleted_document_is_gone(models: ModuleType, db: Any) -> None:
    id = db.insert(models.PersonNew(name="Ada", age=1))
    other = db.insert(models.PersonNew(name="Grace", age=1))
    db.delete(id)
    assert db.get(id) is None
    assert [person.id for person in db.run(models.people.full_scan())] == [other]


def test_what_is_gone_cannot_be_changed(models: ModuleType, db: Any) -> None:
    new = models.PersonNew(name="Ada", age=1)
    id = db.insert(new)
    db.delete(id)
    calls: list[Callable[[], None]] = [
        lambda: db.patch(id, models.PersonPatch(age=2)),
        lambda: db.patch(id, models.PersonPatch()),
        lambda: db.replace(id, new),
        lambda: db.delete(id),
    ]
    for call in calls:
        with pytest.raises(NotFound, match=id) as caught:
            call()
        assert (caught.value.table, caught.value.id) == ("people", id)


def test_kinds_of_documents(models: ModuleType, db: Any) -> None:
    """Each is read as its own class, and may become another kind."""
    started = db.insert(models.StartedNew(kind="started", at=1))
    failed = db.insert(models.FailedNew(kind="failed", at=2, reason="why"))
    kinds = [type(event) for event in db.run(models.events.full_scan())]
    assert kinds == [models.Started, models.Failed]
    db.patch(started, models.StartedPatch(at=5))
    assert db.get(started) == models.Started(
        id=started,
        creation_time=db.get(started).creation_time,
        kind="started",
        at=5.0,
    )
    db.replace(started, models.FailedNew(kind="failed", at=3))
    assert type(db.get(started)) is models.Failed
    assert [e.id for e in db.run(models.events.by_kind("failed"))] == [failed, started]


def test_a_patch_may_make_another_kind_of_it(models: ModuleType, db: Any) -> None:
    """What it leaves behind has to fit the new kind."""
    id = db.insert(models.StartedNew(kind="started", at=1))
    db.patch(id, models.FailedPatch(kind="failed", reason="late"))
    assert stored(db, id) == {"kind": "failed", "at": 1.0, "reason": "late"}
    with pytest.raises(ValidationFailed, match="events"):
        db.patch(id, models.StartedPatch(kind="started"))
    assert stored(db, id)["kind"] == "failed"
    db.patch(id, models.FailedPatch(reason=REMOVE))
    db.patch(id, models.StartedPatch(kind="started"))
    assert type(db.get(id)) is models.Started


def test_documents_of_any_shape(models: ModuleType, db: Any) -> None:
    id = db.insert(models.NoteNew(kind="memo", text="x", size={"w": 1, "h": None}))
    assert db.get(id).kind == "memo"
    db.patch(id, models.NotePatch(text=REMOVE, size=[True], missing=REMOVE))
    assert stored(db, id) == {"kind": "memo", "size": [True]}
    db.replace(id, models.NoteNew(kind=3))
    assert stored(db, id) == {"kind": 3.0}
    assert [note.id for note in db.run(models.notes.by_kind(3))] == [id]
    assert db.run(models.notes.by_kind("memo")) == []


def test_many_documents_at_once(models: ModuleType, db: Any) -> None:
    """Of several tables, in the order in which they are given."""
    news = [
        *(models.PersonNew(name=f"p{n}", age=n) for n in range(3)),
        models.NoteNew(a=1),
        models.StartedNew(kind="started", at=1),
        models.PersonNew(name="last", age=None),
    ]
    ids = db.insert_many(news)
    assert [stored(db, id) for id in ids] == [new.to_wire() for new in news]
    times = [db.get(id).creation_time for id in ids]
    assert times == sorted(set(times))
    assert db.insert_many([]) == []


def test_the_same_new_document_can_be_stored_again(models: ModuleType, db: Any) -> None:
    new = models.PersonNew(name="Ada", age=1)
    assert db.insert(new) != db.insert(new)
    assert len(db.run(models.people.by_name("Ada"))) == 2
