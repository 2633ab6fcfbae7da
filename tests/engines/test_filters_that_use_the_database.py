"""A filter may read from the database of its query."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from codegen.engines.database import Database

SCHEMA = """
tables:
  owners: {fields: {name: str}}
  items:
    fields: {owner: "Id[owners]"}
    indexes: {by_owner: [owner]}
"""


def test_it_reads(models: ModuleType, db: Database) -> None:
    ada, bob = db.insert_many(models.OwnerNew(name=name) for name in ("Ada", "Bob"))
    items = db.insert_many(models.ItemNew(owner=owner) for owner in (ada, bob, ada))

    def of_ada(item: Any) -> bool:
        owner: Any = db.get(item.owner)
        return bool(owner.name == "Ada")

    query = models.items.full_scan().filter(of_ada)
    assert [item.id for item in db.run(query)] == [items[0], items[2]]
    assert db.run(query.first()).id == items[0]


def test_it_reads_in_a_transaction(models: ModuleType, db: Database) -> None:
    with db.transaction():
        ada = db.insert(models.OwnerNew(name="Ada"))
        item = db.insert(models.ItemNew(owner=ada))
        query = models.items.full_scan().filter(lambda item: db.get(item.owner))
        assert [item.id for item in db.run(query.take(5))] == [item]


def test_in_memory_it_can_not_write(models: ModuleType) -> None:
    with models.server.connect("sqlite://") as db:
        ada = db.insert(models.OwnerNew(name="Ada"))
        db.insert(models.ItemNew(owner=ada))

        def write(item: Any) -> bool:
            db.delete(item.id)
            return True

        with pytest.raises(RuntimeError, match="a filter reads only"):
            db.run(models.items.full_scan().filter(write))
        assert len(db.run(models.items.full_scan())) == 1
        db.insert(models.ItemNew(owner=ada))
