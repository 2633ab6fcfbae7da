"""A server that commits on others, as a coordinator of Citus does; triggers play it here."""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

import psycopg
import pytest

from codegen.engines.postgres.target import Connection
from codegen.runtime import Conflict, StorageFailed
from tests.postgres import new_database

SCHEMA = """
tables:
  items:
    fields: {name: str, n: float}
    indexes: {by_name: [name]}
"""
LOST = "RAISE EXCEPTION 'could not commit transaction for shard 1' USING ERRCODE = 'XX000';"
WARNED = f"RAISE WARNING 'could not serialize access' USING ERRCODE = '40001'; {LOST}"

LOCK = 'LOCK TABLE "public"."_tablewright_schemas" IN ACCESS SHARE MODE'
CITUS = (
    "INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable,"
    " extversion) VALUES (1, 'citus', 10, 11, false, '14.0-1')"
)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Statements that are sent by connections themselves."""
    statements: list[str] = []
    execute: Any = Connection.execute

    def noting(connection: Connection, query: Any, *values: Any, **how: Any) -> Any:
        statements.append(query if isinstance(query, str) else query.decode())
        return execute(connection, query, *values, **how)

    monkeypatch.setattr(Connection, "execute", noting)
    return statements


def refuse(url: str, how: str, times: int) -> None:
    """Has the next commits of an item fail so many times."""
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("CREATE SEQUENCE turns")  # which no rollback takes back
        admin.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF nextval('turns') <= {times} THEN {how} END IF; RETURN NULL; END $$".encode()
        )
        admin.execute(
            "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON items DEFERRABLE INITIALLY"
            " DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()"
        )


def test_a_conflict_that_it_only_warns_of_is_repeated(
    models: ModuleType, there: Any, postgres_url: str
) -> None:
    refuse(postgres_url, WARNED, times=4)
    there.insert(models.ItemNew(name="a", n=1))
    assert [item.n for item in there.run(models.items.by_name("a"))] == [1]


def test_a_transaction_that_it_warns_of_is_a_conflict(
    models: ModuleType, there: Any, postgres_url: str
) -> None:
    refuse(postgres_url, WARNED, times=1)
    with pytest.raises(Conflict, match="serialize"), there.transaction():
        there.insert(models.ItemNew(name="a", n=1))
    assert there.run(models.items.full_scan()) == []
    with there.transaction():
        there.insert(models.ItemNew(name="a", n=2))
    assert len(there.run(models.items.full_scan())) == 1


def test_what_it_does_not_explain_is_not_repeated(
    models: ModuleType, there: Any, postgres_url: str
) -> None:
    """Also where it has warned of a conflict before that."""
    refuse(postgres_url, f"IF lastval() = 1 THEN {WARNED} END IF; {LOST}", times=2)
    with pytest.raises(StorageFailed, match="shard 1"):
        there.insert(models.ItemNew(name="a", n=1))
    there.insert(models.ItemNew(name="a", n=3))
    assert [item.n for item in there.run(models.items.full_scan())] == [3]


def test_nothing_volatile_is_in_what_a_listener_writes(
    models: ModuleType, postgres_url: str, sent: list[str]
) -> None:
    """It would not be the same on all copies of a row, so that Citus refuses it."""
    with models.server.connect(postgres_url) as db:
        next(db.subscribe(models.items.full_scan()))
    updates = [sql for sql in sent if sql.startswith("UPDATE")]
    called = {*re.findall(r"(\w+)\(", "".join(updates))}
    assert "now" in called
    with psycopg.connect(postgres_url) as admin:
        sql = (
            "SELECT proname FROM pg_proc WHERE provolatile = 'v' AND proname = ANY(%s)"
        )
        assert admin.execute(sql, ([*called],)).fetchall() == []


@pytest.mark.parametrize(
    ("ddl", "locks"),
    [
        ("", [LOCK]),
        (
            CITUS,
            [
                "SET LOCAL citus.enable_ddl_propagation = off",
                LOCK,
                "SET LOCAL citus.enable_ddl_propagation TO DEFAULT",
            ],
        ),
    ],
)
def test_who_writes_asks_for_locks_on_its_own_node_only(
    models: ModuleType,
    server: str,
    sent: list[str],
    ddl: str,
    locks: list[str],
) -> None:
    """Citus would ask all nodes, and have the snapshot of one of them before a lock is there."""
    with new_database(server, ddl) as url, models.server.connect(url) as db:
        sent.clear()
        with db.transaction():
            db.insert(models.ItemNew(name="a", n=1))
        begin, *between, record = sent[0].split("; ")
        assert begin == "BEGIN ISOLATION LEVEL SERIALIZABLE"
        assert between == locks
        assert record.startswith("SELECT")
        assert len(db.run(models.items.by_name("a"))) == 1
