"""`pooled=True`: each transaction may get another connection of the server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from codegen.engines.postgres.poolers import FOUND, look_for
from codegen.engines.postgres.silence import PatientConnection
from codegen.runtime import Conflict, UnusableDatabase
from tests.engines.behind import behind
from tests.engines.postgres.bouncers import folder_of, needs_pgbouncer, pgbouncer
from tests.postgres import new_database

SCHEMA = """
tables:
  items:
    fields: {name: str, n: float}
    indexes: {by_name: [name]}
"""


def use(models: ModuleType, db: Any, name: str, times: int = 20) -> None:
    """All that a database does, often enough for statements to be prepared."""
    items = models.items
    for number in range(times):
        id = db.insert(models.ItemNew(name=name, n=number))
        assert db.get(id).n == number
        db.transact(lambda db, id=id: db.patch(id, models.ItemPatch(n=db.get(id).n)))
        with db.transaction():
            db.insert_many([models.ItemNew(name=name, n=-1) for _ in range(3)])
        db.delete(db.run(items.by_name(name).order("desc").first()).id)
        odd = items.by_name(name).filter(lambda item: item.n >= 0)
        assert len(db.run(odd.take(5))) == min(5, number + 1)
    assert len(db.run(items.by_name(name))) == times * 3
    assert "by_name" in db.explain(items.by_name(name))


def settings(db: Any) -> tuple[str, list[str]]:
    """What is left in a connection: a setting of ours, and prepared statements."""
    connection = db._storage._pool.take()
    try:
        (timeout,) = connection.execute("SHOW lock_timeout", prepare=False).fetchone()
        prepared = connection.execute(
            "SELECT statement FROM pg_prepared_statements", prepare=False
        ).fetchall()
        return timeout, [statement for (statement,) in prepared]
    finally:
        db._storage._pool.give_back(connection)


def test_nothing_is_left_in_a_connection(models: ModuleType, postgres_url: str) -> None:
    with models.server.connect(postgres_url, timeout_ms=1234, pooled=True) as db:
        use(models, db, "a")
        assert settings(db) == ("0", [])
    with models.server.connect(postgres_url, timeout_ms=1234) as db:
        use(models, db, "b")
        timeout, prepared = settings(db)
        assert timeout == "1234ms" and len(prepared) > 3


def test_others_are_waited_for_as_long(models: ModuleType, postgres_url: str) -> None:
    connected = models.server.connect(postgres_url, timeout_ms=100, pooled=True)
    with connected as db, psycopg.connect(postgres_url) as admin:
        id = db.insert(models.ItemNew(name="a", n=0))
        admin.execute("LOCK TABLE items")
        for call in (lambda: db.get(id), lambda: db.delete(id)):
            with pytest.raises(Conflict, match="too long"):
                call()
        admin.rollback()
        assert db.get(id).n == 0


# One refuses settings that are sent with a new connection, the other loses them.
@pytest.fixture(scope="module", params=["", "options"], ids=["refusing", "ignoring"])
def bouncer(server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A PgBouncer."""
    with pgbouncer(server, ignored=request.param) as url:
        yield url


@pytest.fixture
def database(server: str, bouncer: str) -> Iterator[str]:
    """An empty database behind the PgBouncer."""
    with new_database(server) as url:
        path = urlsplit(url).path
        yield urlsplit(bouncer)._replace(path=path).geturl()


@needs_pgbouncer
def test_behind_a_pgbouncer(models: ModuleType, database: str) -> None:
    with models.server.connect(database, pooled=True) as db:
        with ThreadPoolExecutor(6) as pool:
            jobs = [pool.submit(use, models, db, f"{n}", 10) for n in range(6)]
            for job in jobs:
                job.result(60)
        assert len(db.run(models.items.full_scan())) == 6 * 30


@needs_pgbouncer
def test_one_that_is_not_told_of(models: ModuleType, database: str) -> None:
    """Others would run its statements, and it would wait for ever."""
    with pytest.raises(UnusableDatabase, match="pooled=True"):
        models.server.connect(database)
    with pytest.raises(UnusableDatabase, match="pooled=True"):
        asyncio.run(opened_and_closed(models, database))


async def opened_and_closed(models: ModuleType, url: str, **options: Any) -> None:
    async with models.server.async_connect(url, **options):
        pass


@needs_pgbouncer
@pytest.mark.parametrize(
    "option",
    [
        "-csearch_path%3Dapart",
        "-c%20search_path%3Dapart",
        "--search-path%3Dapart",
        "-cSEARCH_PATH%3Dapart",
        "-csearch_path%3D",
    ],
)
def test_another_schema_is_not_taken(
    models: ModuleType, database: str, option: str
) -> None:
    """The URL chooses a schema, of which a PgBouncer knows nothing."""
    url = f"{database}&options={option}"
    with pytest.raises(UnusableDatabase):
        models.server.connect(url, pooled=True)
    with pytest.raises(UnusableDatabase):
        asyncio.run(opened_and_closed(models, url, pooled=True))
    with psycopg.connect(database) as admin:
        found = admin.execute("SELECT FROM pg_tables WHERE tablename = 'items'")
        assert found.fetchall() == []


@pytest.mark.parametrize(
    ("path", "of_url", "is_found"),
    [
        ("a, public", "a,public", True),
        ("A, public", "a,PUBLIC", True),
        ("a, public", "A,\\ public", True),
        ('"a b, c", public', '"a\\ b,\\ c",public', True),
        ('"A", public', "A,public", False),
        ("a, public", "public,a", False),
        ("a, public", "a", False),
        ('"a, public"', "a,public", False),
    ],
)
def test_the_search_path_of_the_server_is_that_of_the_url(
    server: str, path: str, of_url: str, is_found: bool
) -> None:
    """It is set there, as the error says, in another form of the same."""
    look = look_for(pooled=True, options=f"-c search_path={of_url}")
    assert look is not None
    with new_database(server) as url, PatientConnection.connect(url) as connection:
        connection.command(f"SET search_path = {path}".encode())
        assert (connection.command(look) == FOUND) == is_found


@needs_pgbouncer
def test_a_search_path_that_was_set_for_the_database(
    models: ModuleType, server: str
) -> None:
    with (
        new_database(server, "CREATE SCHEMA apart") as url,
        pgbouncer(server, ignored="options") as bouncer,
    ):
        name = urlsplit(url).path
        with psycopg.connect(url) as admin:
            admin.execute(
                f'ALTER DATABASE "{name[1:]}" SET search_path = Apart, public'.encode()
            )
        chosen = urlsplit(bouncer)._replace(path=name).geturl()
        chosen += "&options=-csearch_path%3DApart,public"
        models.server.connect(chosen, pooled=True).close()
        asyncio.run(opened_and_closed(models, chosen, pooled=True))
        with psycopg.connect(url) as admin:
            found = admin.execute(
                "SELECT schemaname FROM pg_tables WHERE tablename = 'items'"
            )
            assert found.fetchall() == [("apart",)]


def test_the_schema_of_a_url_is_found(models: ModuleType, server: str) -> None:
    """Where nothing is lost, as on the server itself."""
    with new_database(server, 'CREATE SCHEMA "a b"') as url:
        chosen = f'{url}&options=-c%20search_path%3Dpg_temp%20--search_path%3D"a\\%20b",public'
        with models.server.connect(chosen, pooled=True) as db:
            db.insert(models.ItemNew(name="a", n=1))
        with psycopg.connect(url) as admin:
            rows = admin.execute('SELECT count(*) FROM "a b".items').fetchone()
            assert rows == (1,)


@needs_pgbouncer
def test_one_that_takes_the_place_of_the_server(
    models: ModuleType, server: str, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    place.symlink_to(folder_of(server))
    url = f"postgresql://postgres@/postgres?host={place}"
    with (
        pgbouncer(server, ignored="options") as bouncer,
        models.server.connect(url, timeout_ms=500) as db,
        behind(models, url, timeout_ms=500) as other,
    ):
        place.unlink()
        place.symlink_to(folder_of(bouncer))
        query = models.items.full_scan()
        for opened in (db, other):
            with pytest.raises(UnusableDatabase, match="pooled=True"):
                opened.run(query)
            with pytest.raises(UnusableDatabase, match="pooled=True"):
                next(iter(opened.subscribe(query)))
