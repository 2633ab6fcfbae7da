"""Unique indexes: no two documents have the same values."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from codegen.runtime import REMOVE, Int64, UniqueViolation

SCHEMA = """
types:
  Badge: {code: str, anything?: Any}
tables:
  people:
    model: Person
    fields:
      email?: str | None
      country?: str
      number?: int | float
      badge?: Badge
    indexes:
      by_email: {fields: [email], unique: true}
      by_number: {fields: [country, number], unique: true}
      by_badge: {fields: [badge.anything], unique: true}
      by_country: [country]
  pets: {fields: {name: str}, indexes: {by_name: {fields: [name], unique: true}}}
"""


def refuses(call: Any, index: str, other: str, table: str = "people") -> None:
    with pytest.raises(UniqueViolation, match=index) as caught:
        call()
    error = caught.value
    assert (error.table, error.index, error.id) == (table, index, other)


def test_the_same_value_is_refused(models: ModuleType, db: Any) -> None:
    first = db.insert(models.PersonNew(email="a@b"))
    refuses(lambda: db.insert(models.PersonNew(email="a@b")), "by_email", first)
    db.insert(models.PersonNew(email="A@b"))
    db.insert(models.PersonNew(email="a@b\0"))
    db.insert(models.PersonNew(email=""))
    assert len(db.run(models.people.full_scan())) == 4


def test_absent_is_no_value_and_null_is_one(models: ModuleType, db: Any) -> None:
    for _ in range(3):
        db.insert(models.PersonNew())
    null = db.insert(models.PersonNew(email=None))
    refuses(lambda: db.insert(models.PersonNew(email=None)), "by_email", null)


def test_several_fields(models: ModuleType, db: Any) -> None:
    """All of them have to be the same; with one absent there is no value."""
    first = db.insert(models.PersonNew(country="at", number=1))
    db.insert(models.PersonNew(country="at", number=2))
    db.insert(models.PersonNew(country="de", number=1))
    for _ in range(2):
        db.insert(models.PersonNew(country="at"))
        db.insert(models.PersonNew(number=1))
    again = models.PersonNew(country="at", number=1)
    refuses(lambda: db.insert(again), "by_number", first)


def test_numbers_are_the_same_bit_by_bit(models: ModuleType, db: Any) -> None:
    first = {
        repr(number): db.insert(models.PersonNew(country="at", number=number))
        for number in (1, 1.0, 0, 0.0, -0.0, math.nan)
    }
    for text, id in first.items():
        new = models.PersonNew(country="at", number=eval(text, {"nan": math.nan}))
        refuses(lambda new=new: db.insert(new), "by_number", id)


def test_values_of_any_kind(models: ModuleType, db: Any) -> None:
    found: tuple[Any, ...] = (
        None,
        1,
        Int64(1),
        "1",
        b"1",
        [],
        [1],
        [[1]],
        {},
        {"a": 1},
        True,
    )

    def new(value: object) -> Any:
        return models.PersonNew(badge=models.Badge(code="c", anything=value))

    ids = [db.insert(new(value)) for value in found]
    for id, value in zip(ids, found, strict=True):
        refuses(lambda value=value: db.insert(new(value)), "by_badge", id)
    db.insert(models.PersonNew(badge=models.Badge(code="c")))
    db.insert(models.PersonNew(badge=models.Badge(code="c")))


def test_a_document_may_keep_its_value(models: ModuleType, db: Any) -> None:
    id = db.insert(models.PersonNew(email="a@b", country="at", number=1))
    db.patch(id, models.PersonPatch(email="a@b"))
    db.patch(id, models.PersonPatch(email="a@b", country="de"))
    db.patch(id, models.PersonPatch(number=2))
    db.replace(id, models.PersonNew(email="a@b"))
    assert db.get(id).email == "a@b"


def test_changes_are_refused(models: ModuleType, db: Any) -> None:
    first = db.insert(models.PersonNew(email="a", country="at", number=1))
    other = db.insert(models.PersonNew(email="b", country="at", number=2))
    before = db.get(other)
    patch, number = models.PersonPatch(email="a"), models.PersonPatch(number=1)
    refuses(lambda: db.patch(other, patch), "by_email", first)
    refuses(lambda: db.patch(other, number), "by_number", first)
    refuses(lambda: db.replace(other, models.PersonNew(email="a")), "by_email", first)
    assert db.get(other) == before
    assert len(db.run(models.people.by_email("a"))) == 1


def test_a_value_is_free_again(models: ModuleType, db: Any) -> None:
    """Once its document is deleted, changed, or without it."""
    releases: list[Callable[[Any], object]] = [
        lambda id: db.delete(id),
        lambda id: db.patch(id, models.PersonPatch(email="c")),
        lambda id: db.patch(id, models.PersonPatch(email=REMOVE)),
        lambda id: db.replace(id, models.PersonNew()),
    ]
    for release in releases:
        id = db.insert(models.PersonNew(email="a"))
        release(id)
    taken = db.insert(models.PersonNew(email="a"))
    refuses(lambda: db.insert(models.PersonNew(email="a")), "by_email", taken)


def test_values_change_places_in_a_transaction(models: ModuleType, db: Any) -> None:
    one, other = db.insert_many([models.PersonNew(email=e) for e in "ab"])
    with db.transaction():
        db.patch(one, models.PersonPatch(email=REMOVE))
        db.patch(other, models.PersonPatch(email="a"))
        db.patch(one, models.PersonPatch(email="b"))
    assert (db.get(one).email, db.get(other).email) == ("b", "a")


def test_many_are_stored_all_or_none(models: ModuleType, db: Any) -> None:
    """Also when the same value comes twice among the new ones."""
    news = [models.PersonNew(email=email) for email in ("a", "b", "a")]
    pets = [models.PetNew(name="Rex"), models.PetNew(name="Rex")]
    for many in (news, [*pets, *news], [models.PersonNew(), *pets]):
        with pytest.raises(UniqueViolation):
            db.insert_many(many)
    assert db.run(models.people.full_scan()) == db.run(models.pets.full_scan()) == []
    db.insert_many([*news[:2], pets[0]])


def test_a_refused_one_leaves_a_transaction_going(models: ModuleType, db: Any) -> None:
    with db.transaction():
        first = db.insert(models.PetNew(name="Rex"))
        refuses(lambda: db.insert(models.PetNew(name="Rex")), "by_name", first, "pets")
        with pytest.raises(UniqueViolation):
            db.insert_many([models.PetNew(name="Bo"), models.PetNew(name="Bo")])
        db.insert(models.PetNew(name="Ida"))
    assert [pet.name for pet in db.run(models.pets.full_scan())] == ["Rex", "Ida"]
