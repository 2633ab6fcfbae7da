"""A server whose disk is full or damaged, or that can only be read: typed errors, nothing lost."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import psycopg
import pytest

from codegen.runtime import (
    CorruptDatabase,
    DatabaseError,
    ReadOnlyDatabase,
    StorageFailed,
)
from tests.cases.cases import codegen
from tests.engines.safety.places import Schema

SCHEMA = """
tables:
  items: {fields: {name: str}, indexes: {by_name: [name]}}
"""


@pytest.fixture
def admin(postgres_url: str) -> Any:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection


def fail(admin: Any, code: str, *, at_the_end: bool) -> None:
    """Has each write of an item fail as the server says it, at once or when it is committed."""
    admin.execute(
        "CREATE OR REPLACE FUNCTION failure() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION USING ERRCODE = '{code}', MESSAGE = 'could not extend file';"
        " END $$"
    )
    how = "CONSTRAINT TRIGGER failure AFTER" if at_the_end else "TRIGGER failure BEFORE"
    deferred = "DEFERRABLE INITIALLY DEFERRED" if at_the_end else ""
    admin.execute(
        f"CREATE {how} INSERT OR UPDATE ON items {deferred}"
        " FOR EACH ROW EXECUTE FUNCTION failure()"
    )


@pytest.mark.parametrize("at_the_end", [False, True])
@pytest.mark.parametrize(
    ("code", "error", "said"),
    [
        ("53100", StorageFailed, r"the server's disk is full \(could not extend file"),
        ("58030", StorageFailed, "the server's disk failed"),
        ("XX001", CorruptDatabase, "restore a backup"),
    ],
)
def test_a_disk_that_fails(
    models: ModuleType,
    there: Any,
    admin: Any,
    code: str,
    error: type[DatabaseError],
    said: str,
    at_the_end: bool,
) -> None:
    id = there.insert(models.ItemNew(name="before"))
    fail(admin, code, at_the_end=at_the_end)
    new = models.ItemNew(name="lost")
    with pytest.raises(error, match=said):
        there.insert(new)
    with pytest.raises(error, match=said):
        there.insert_many([new] * 3)
    with pytest.raises(error, match=said):
        there.patch(id, models.ItemPatch(name="lost"))
    with pytest.raises(error, match=said), there.transaction():
        there.insert(new)
    assert [item.name for item in there.run(models.items.full_scan())] == ["before"]
    admin.execute("DROP TRIGGER failure ON items")
    there.insert(models.ItemNew(name="after"))
    assert len(there.run(models.items.by_name())) == 2


def test_commands_on_a_full_disk(
    models: ModuleType, postgres_url: str, admin: Any, tmp_path: Any
) -> None:
    with models.server.connect(postgres_url) as db:
        db.insert_many([models.ItemNew(name=f"n{n}") for n in range(3)])
    (tmp_path / "items.jsonl").write_text('{"name": "new"}')
    (tmp_path / "m.py").write_text(
        "from codegen.migrations import upgrade\n"
        "@upgrade('items')\ndef f(item): return {**item, 'name': 'x'}\n"
    )
    assert codegen(["backup", "--db", postgres_url, "b.zip"], tmp_path)[0] == 0
    fail(admin, "53100", at_the_end=False)
    before = Schema(postgres_url).dump()
    for argv in (
        ["import-data", "items.jsonl", "--mode", "append"],
        ["import-data", "b.zip", "--mode", "replace"],
        ["migrate", "m.py"],
    ):
        code, out, errors = codegen([*argv, "--db", postgres_url], tmp_path)
        assert (code, out) == (2, "")
        assert "error[E601]: the server's disk is full" in errors
        assert "run it again to go on" not in errors  # there is nothing that was done
        assert Schema(postgres_url).dump() == before
    assert codegen(["doctor", "--db", postgres_url], tmp_path)[0] == 0


def test_a_server_that_can_only_be_read(
    models: ModuleType, postgres_url: str, tmp_path: Any
) -> None:
    """As a replica is."""
    with models.server.connect(postgres_url) as db:
        id = db.insert(models.ItemNew(name="a"))
    replica = f"{postgres_url}%20-cdefault_transaction_read_only%3Don"
    with models.server.connect(replica) as db:
        assert db.get(id).name == "a"
        assert [item.id for item in db.run(models.items.by_name("a"))] == [id]
        for _ in range(2):
            with pytest.raises(ReadOnlyDatabase, match="only be read"):
                db.insert(models.ItemNew(name="b"))
            with pytest.raises(ReadOnlyDatabase), db.transaction():
                db.patch(id, models.ItemPatch(name="b"))
        assert len(db.run(models.items.full_scan())) == 1
    for command in (["doctor"], ["verify", "--applied"], ["export-data", "out"]):
        code, _, errors = codegen([*command, "--db", replica], tmp_path)
        assert (code, errors) == (0, "")
