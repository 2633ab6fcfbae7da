"""A table that is renamed in the schema keeps its documents, and their ids."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.runtime import SchemaMismatch
from tests.engines.packages import package

BEFORE = """\
tables:
  people:
    fields: {name: str, friend?: "Id[people]"}
    indexes: {by_name: [name]}
"""
AFTER = """\
tables:
  users:
    renamedFrom: people
    fields: {name: str, friend?: "Id[users]", age?: float}
    indexes: {by_name: [name], by_age: [age]}
"""
FIELD = """\
tables:
  people:
    fields: {title: {$type: str, $renamedFrom: name}, friend?: "Id[people]"}
    indexes: {by_name: [title]}
"""


def test_a_renamed_table(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/app.db"
    before = package(tmp_path, BEFORE, "renamed_before")
    with before.server.connect(url) as db:
        ada = db.insert(before.PersonNew(name="Ada"))
        bob = db.insert(before.PersonNew(name="Bob", friend=ada))
    after = package(tmp_path, AFTER, "renamed_after")
    for _ in range(2):
        with after.server.connect(url) as db:
            found = db.get(after.UserId(bob))
            assert (found.name, found.friend) == ("Bob", after.UserId(ada))
            assert db.run(after.users.by_name("Ada").unique()).id == ada
            cid = db.insert(after.UserNew(name="Cid", age=7.0))
            assert db.run(after.users.by_age(7.0).first()).id == cid
            db.delete(cid)


def test_a_renamed_field_is_refused_by_name(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/app.db"
    before = package(tmp_path, BEFORE, "renamed_field_before")
    with before.server.connect(url) as db:
        ada = db.insert(before.PersonNew(name="Ada"))
    after = package(tmp_path, FIELD, "renamed_field_after")
    with pytest.raises(SchemaMismatch) as refused:
        after.server.connect(url)
    assert refused.value.ids == (ada,)
    with before.server.connect(url) as db:
        assert db.get(ada).name == "Ada"
