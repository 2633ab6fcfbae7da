"""Connections: refused, lost, all in use, and those of a process that forks."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Thread
from types import ModuleType
from typing import Any

import psycopg
import pytest

from codegen.engines.postgres.pool import MOST
from codegen.runtime import (
    Closed,
    Conflict,
    DatabaseError,
    StorageFailed,
    UnusableDatabase,
)
from tests.cases.cases import codegen
from tests.engines.postgres.restarts import Restartable, restartable_server

SCHEMA = """
tables:
  items:
    fields: {name: str, n: float}
    indexes: {by_name: [name]}
"""


@pytest.fixture(scope="module")
def own() -> Iterator[Restartable]:
    """A server of this module's own."""
    with restartable_server() as server:
        yield server


@pytest.fixture
def admin(postgres_url: str) -> Iterator[Any]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection


def terminate(admin: Any) -> None:
    """Ends all connections of ours, as a server that shuts down does."""
    admin.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE application_name = 'tablewright'"
    )


def new(models: ModuleType, name: str = "a") -> Any:
    return models.ItemNew(name=name, n=0)


def names(models: ModuleType, db: Any) -> str:
    return "".join(item.name for item in db.run(models.items.full_scan()))


def calls(models: ModuleType, db: Any, id: Any) -> list[Callable[[], object]]:
    filtered = models.items.by_name().filter(lambda item: item.name == "a")
    return [
        lambda: db.get(id),
        lambda: db.run(models.items.by_name("a")),
        lambda: db.run(filtered.take(1)),
        lambda: [*db.stream(models.items.full_scan())],
        lambda: db.patch(id, models.ItemPatch(n=1)),
        lambda: db.insert(new(models)),
        lambda: db.insert_many([new(models), new(models)]),
        lambda: db.transact(lambda inside: inside.insert(new(models))),
        lambda: db.explain(models.items.full_scan()),
    ]


def test_connections_that_were_lost_are_replaced(
    models: ModuleType, there: Any, admin: Any
) -> None:
    id = there.insert(new(models))
    for call in calls(models, there, id):
        terminate(admin)
        call()
    terminate(admin)
    with there.transaction():
        there.insert(new(models))
    assert names(models, there) == "a" * 6


def test_many_connections_that_were_lost(
    models: ModuleType, there: Any, admin: Any
) -> None:
    id = there.insert(new(models))
    threads = 8
    barrier = Barrier(threads)

    def read(_: int) -> str:
        barrier.wait(20)
        return str(there.get(id).name)

    with ThreadPoolExecutor(threads) as pool:
        assert [*pool.map(read, range(threads))] == ["a"] * threads
        terminate(admin)
        assert [*pool.map(read, range(threads))] == ["a"] * threads


def test_one_that_is_lost_inside_a_transaction(
    models: ModuleType, there: Any, admin: Any
) -> None:
    failing = pytest.raises(StorageFailed, match="nothing was written")
    with failing, there.transaction():
        there.insert(new(models))
        terminate(admin)
        there.insert(new(models))
    assert names(models, there) == ""


def test_one_that_is_lost_while_a_function_is_transacted(
    models: ModuleType, there: Any, admin: Any
) -> None:
    runs: list[int] = []

    def work(db: Any) -> None:
        runs.append(1)
        db.insert(new(models, "a"))
        if len(runs) == 1:
            terminate(admin)
        db.insert(new(models, "b"))

    there.transact(work)
    assert len(runs) == 2 and names(models, there) == "ab"


def at_the_end(admin: Any, does: str) -> None:
    """Has the server do something when a transaction that inserted an item is committed."""
    admin.execute("CREATE SEQUENCE ends")
    admin.execute(
        "CREATE FUNCTION at_the_end() RETURNS trigger LANGUAGE plpgsql"
        f" AS $$BEGIN {does} RETURN NULL; END$$"
    )
    admin.execute(
        "CREATE CONSTRAINT TRIGGER last AFTER INSERT ON items DEFERRABLE"
        " INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION at_the_end()"
    )


def test_one_that_is_lost_while_it_ends(
    models: ModuleType, there: Any, admin: Any
) -> None:
    """Nobody can say whether it was written: it is not done again."""
    at_the_end(
        admin,
        "PERFORM nextval('ends'); PERFORM pg_terminate_backend(pg_backend_pid());",
    )
    for call in (
        lambda: there.insert(new(models)),
        lambda: there.transact(lambda db: db.insert(new(models))),
    ):
        with pytest.raises(StorageFailed, match="may have been written, or not"):
            call()
    assert admin.execute("SELECT last_value FROM ends").fetchone() == (2,)
    assert names(models, there) == ""


def test_a_conflict_at_the_end_is_no_end(
    models: ModuleType, there: Any, admin: Any
) -> None:
    at_the_end(
        admin,
        "IF nextval('ends') < 3 THEN RAISE 'not now' USING ERRCODE = '40001'; END IF;",
    )
    there.insert(new(models))
    assert admin.execute("SELECT last_value FROM ends").fetchone() == (3,)
    assert names(models, there) == "a"


def test_a_failure_that_was_caught_inside_is_met_at_the_end(
    models: ModuleType, there: Any, admin: Any
) -> None:
    admin.execute("ALTER TABLE items ADD CHECK (_document->>'name' <> 'bad')")
    with pytest.raises(StorageFailed, match="violates check"), there.transaction():
        there.insert(new(models))
        with pytest.raises(StorageFailed):
            there.insert(new(models, "bad"))
    assert names(models, there) == ""


@pytest.mark.slow
def test_a_server_that_is_started_again(models: ModuleType, own: Restartable) -> None:
    with models.server.connect(own.url, timeout_ms=10_000) as db:
        id = db.insert(new(models))
        for call in calls(models, db, id):
            own.stop()
            own.start()
            call()
        own.stop()
        starter = Thread(target=lambda: (time.sleep(0.5), own.start()))
        starter.start()
        db.insert(new(models, "later"))
        starter.join()
        assert names(models, db) == "aaaaalater"


def test_a_server_that_is_away(models: ModuleType, own: Restartable) -> None:
    with models.server.connect(own.url, timeout_ms=500) as db:
        id = db.insert(new(models))
        own.stop()
        try:
            start = time.monotonic()
            for call in calls(models, db, id)[::4]:
                with pytest.raises(DatabaseError, match="connect"):
                    call()
            assert time.monotonic() - start < 30
            with pytest.raises(UnusableDatabase, match="can't be connected to"):
                models.server.connect(own.url)
        finally:
            own.start()
        assert db.get(id) is not None


SECRET = "s3cret/@%:word"
QUOTED = "s3cret%2F%40%25%3Aword"


def test_a_wrong_password_is_not_told(models: ModuleType, own: Restartable) -> None:
    with psycopg.connect(own.url, autocommit=True) as admin:
        admin.execute("CREATE ROLE someone LOGIN PASSWORD 'xyzzy'")
        admin.execute("CREATE SCHEMA someone AUTHORIZATION someone")
    own.ask_for_passwords("someone")
    url = own.url.replace("postgres@", f"someone:{QUOTED}@")
    with pytest.raises(UnusableDatabase, match="password authentication") as refused:
        models.server.connect(url)
    assert_untold(refused.value)
    # One who may do no more than what is needed.
    right = own.url.replace("postgres@", "someone:xyzzy@")
    for count in (1, 2):
        with models.server.connect(right) as db:
            db.insert(new(models))
            assert names(models, db) == "a" * count
            assert "xyzzy" not in repr(db) + repr(vars(db._storage))


def assert_untold(error: BaseException) -> None:
    told = "".join(traceback.format_exception(error))
    assert "s3cret" not in told and "word" not in told.replace("password", "")


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://me:{SECRET}@host/name",
        f"postgresql://me:{QUOTED}@host:port/name",
        f"postgresql://me:{QUOTED}@host/name?nonsense=1",
        f"postgres://me:{QUOTED}@host/na%zzme",
        "postgresql://me:a/b?s3cret=word@host/name",
    ],
)
def test_a_url_that_is_none_is_not_told(models: ModuleType, url: str) -> None:
    with pytest.raises((ValueError, UnusableDatabase)) as refused:
        models.server.connect(url, timeout_ms=100)
    assert_untold(refused.value)


def test_an_option_that_is_none_is_named(models: ModuleType, tmp_path: Path) -> None:
    url = f"postgresql://me:{QUOTED}@host/name?sslmode=disable&schemas=app"
    with pytest.raises(ValueError, match="the option `schemas`") as refused:
        models.server.connect(url)
    assert_untold(refused.value)
    code, _, errors = codegen(["doctor", "--db", url], tmp_path)
    assert code == 2 and "the option `schemas`" in errors


def test_what_is_not_there(models: ModuleType, server: str) -> None:
    for url, said in {
        server.replace("/postgres?", "/nowhere?"): "nowhere",
        server.replace("postgres@", "nobody_there@"): "nobody_there",
        "postgresql://127.0.0.1:9/app": "refused",
    }.items():
        start = time.monotonic()
        with pytest.raises(UnusableDatabase, match=said):
            models.server.connect(url, timeout_ms=1000)
        assert time.monotonic() - start < 20


def test_a_database_that_can_not_hold_all_texts(
    models: ModuleType, server: str
) -> None:
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    with pytest.raises(UnusableDatabase, match="UTF8"):
        models.server.connect(server.replace("/postgres?", "/latin?"))


def test_one_who_may_not_make_tables(models: ModuleType, postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("CREATE ROLE guest LOGIN")
        (schema,) = admin.execute("SELECT current_schema()").fetchone() or ("",)
        admin.execute(f"GRANT USAGE ON SCHEMA {schema} TO guest".encode())
    url = postgres_url.replace("postgres@", "guest@")
    with pytest.raises(UnusableDatabase, match="permission denied"):
        models.server.connect(url)


def test_all_connections_in_use(models: ModuleType, postgres_url: str) -> None:
    busy = Barrier(MOST + 1)

    with models.server.connect(postgres_url, timeout_ms=300) as db:

        def hold() -> None:
            with db.transaction():
                busy.wait(60)
                busy.wait(60)

        threads = [Thread(target=hold) for _ in range(MOST)]
        for thread in threads:
            thread.start()
        busy.wait(60)
        with pytest.raises(Conflict, match=f"all {MOST} connections"):
            db.run(models.items.full_scan())
        busy.wait(60)
        for thread in threads:
            thread.join(60)
        assert names(models, db) == ""


def test_an_error_of_another_server_in_a_filter(
    models: ModuleType, postgres_url: str
) -> None:
    """It is the filter's own: the transaction goes on."""

    def ask(item: Any) -> bool:
        raise psycopg.errors.UniqueViolation("there")

    with models.server.connect(postgres_url) as db:
        with db.transaction():
            db.insert(new(models, "a"))
            for _ in range(2):
                with pytest.raises(psycopg.errors.UniqueViolation, match="there"):
                    db.run(models.items.full_scan().filter(ask))
            db.insert(new(models, "b"))
        with pytest.raises(psycopg.errors.UniqueViolation, match="there"):
            db.run(models.items.full_scan().filter(ask))
        assert names(models, db) == "ab"


def test_a_closed_database(models: ModuleType, postgres_url: str) -> None:
    db: Any = models.server.connect(postgres_url)
    id = db.insert(new(models))
    unused = models.server.connect(postgres_url)
    for closed in (db, unused):
        closed.close()
        closed.close()
        for call in calls(models, closed, id):
            with pytest.raises(Closed):
                call()


def test_no_connection_is_left(
    models: ModuleType, postgres_url: str, admin: Any
) -> None:
    url = f"{postgres_url}&application_name=counted"
    with models.server.connect(url) as db:
        for _ in range(20):
            db.insert(new(models))
    sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'counted'"
    end = time.monotonic() + 10
    while admin.execute(sql).fetchone() != (0,):
        assert time.monotonic() < end
        time.sleep(0.01)
