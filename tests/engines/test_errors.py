"""Errors: one tree, with what there is to know as attributes."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from types import ModuleType

import pytest

from codegen import runtime
from codegen.engines.database import Database
from codegen.runtime import (
    Closed,
    Conflict,
    CorruptDatabase,
    DatabaseError,
    ForeignDatabase,
    InvalidCursor,
    InvalidId,
    InvalidQuery,
    InvalidResult,
    LimitExceeded,
    NewerSchema,
    NotFound,
    NotUnique,
    ReadOnlyDatabase,
    SchemaChanged,
    SchemaMismatch,
    StorageFailed,
    TooManyResults,
    UniqueViolation,
    UnusableDatabase,
    ValidationFailed,
)

SCHEMA = """
tables:
  items: {fields: {name: str}, indexes: {by_name: [name]}}
"""

ERRORS: list[DatabaseError] = [
    NotFound("items", "id"),
    NotUnique("items", "by_name", ["a", "b"]),
    InvalidId("items", "id", "why"),
    InvalidQuery("why"),
    InvalidResult("items:list", "[0].name", "why"),
    InvalidCursor("why"),
    ValidationFailed("items", ".a[0]", "why"),
    LimitExceeded("items", "", "why"),
    TooManyResults("items", "search_name", 1024),
    UniqueViolation("items", "by_name", "id"),
    Conflict("why"),
    StorageFailed("why"),
    Closed("why"),
    SchemaMismatch("items", "why", ["a", "b"], 30),
    SchemaChanged("why"),
    UnusableDatabase("why"),
    ForeignDatabase("why"),
    CorruptDatabase("why"),
    ReadOnlyDatabase("why"),
    NewerSchema("why"),
]


def test_all_are_in_one_tree() -> None:
    tree = {
        error
        for error in vars(runtime).values()
        if isinstance(error, type) and issubclass(error, DatabaseError)
    }
    assert {type(error) for error in ERRORS} == tree - {DatabaseError}
    assert issubclass(LimitExceeded, ValidationFailed)
    unusable = (ForeignDatabase, CorruptDatabase, ReadOnlyDatabase, NewerSchema)
    assert all(issubclass(error, UnusableDatabase) for error in unusable)
    assert not issubclass(ValidationFailed, ValueError)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_they_can_go_to_another_process(error: DatabaseError) -> None:
    """As a pool of processes sends them."""
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(other) is type(error) and str(other) == str(error)
        assert vars(other) == vars(error)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_they_say_what_they_know(error: DatabaseError) -> None:
    text = str(error)
    for value in vars(error).values():
        for part in value if isinstance(value, tuple) else (value,):
            assert str(part) in text


def test_after_the_end(models: ModuleType, db: Database) -> None:
    id = db.insert(models.ItemNew(name="a"))
    stream = db.stream(models.items.full_scan())
    db.close()
    db.close()
    calls: list[Callable[[], object]] = [
        lambda: db.get(id),
        lambda: db.run(models.items.full_scan()),
        lambda: db.run(models.items.full_scan().filter(bool).take(3)),
        lambda: next(stream),
        lambda: db.insert(models.ItemNew(name="a")),
        lambda: db.insert_many([]),
        lambda: db.patch(id, models.ItemPatch(name="b")),
        lambda: db.replace(id, models.ItemNew(name="b")),
        lambda: db.delete(id),
    ]
    for call in calls:
        with pytest.raises(Closed):
            call()


def test_transactions_after_the_end(models: ModuleType, db: Database) -> None:
    db.close()
    with pytest.raises(Closed):
        db.transaction().__enter__()
    with pytest.raises(Closed):
        db.explain(models.items.full_scan())


def test_a_database_ends_with_its_block(models: ModuleType, url: str) -> None:
    with models.server.connect(url) as db:
        id = db.insert(models.ItemNew(name="a"))
    with pytest.raises(Closed):
        db.get(id)
    with pytest.raises(ZeroDivisionError), models.server.connect(url) as again:
        assert again.get(id).name == "a"
        raise ZeroDivisionError
    with pytest.raises(Closed):
        again.get(id)
