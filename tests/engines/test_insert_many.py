"""Many documents at once: of any iterable, of several tables, all of them or none."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from codegen.runtime import UniqueViolation

SCHEMA = """
tables:
  items: {fields: {n: float}, indexes: {by_n: [n]}}
  names: {fields: {name: str}, indexes: {by_name: {fields: [name], unique: true}}}
"""


def mixed(models: ModuleType, count: int) -> Iterator[Any]:
    for number in range(count):
        yield models.ItemNew(n=number)
        if number % 7 == 0:
            yield models.NameNew(name=f"name {number}")


def test_of_several_tables(models: ModuleType, db: Any) -> None:
    ids = db.insert_many(mixed(models, 500))
    assert len(ids) == 572
    found = [db.get(id) for id in ids]
    assert [one.n for one in found if isinstance(one, models.Item)] == list(range(500))
    assert found[1].name == "name 0" and found[-1].n == 499
    times = [one.creation_time for one in found]
    assert times == sorted(set(times))
    assert [one.n for one in db.run(models.items.by_n())] == list(range(500))


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_any_number(models: ModuleType, db: Any, count: int) -> None:
    ids = db.insert_many(models.ItemNew(n=n) for n in range(count))
    assert len(set(ids)) == count
    assert [one.id for one in db.run(models.items.full_scan())] == ids


def test_an_error_on_the_way_undoes_all(models: ModuleType, db: Any) -> None:
    def failing() -> Iterator[Any]:
        yield from mixed(models, 300)
        raise KeyError("no more")

    with pytest.raises(KeyError):
        db.insert_many(failing())
    with pytest.raises(UniqueViolation):
        db.insert_many([*mixed(models, 300), models.NameNew(name="name 7")])
    assert db.run(models.items.full_scan()) == []
    assert db.run(models.names.full_scan()) == []


@pytest.mark.parametrize("db", ["memory", "file"], indirect=True)
def test_what_the_iterable_itself_writes_is_part_of_it(
    models: ModuleType, db: Any
) -> None:
    def writing() -> Iterator[Any]:
        for number in range(3):
            db.insert(models.NameNew(name=f"of {number}"))
            yield models.ItemNew(n=number)
        raise KeyError("no more")

    with pytest.raises(KeyError):
        db.insert_many(writing())
    assert db.run(models.names.full_scan()) == []
