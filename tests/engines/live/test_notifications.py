"""Following queries on a server: its connection is lost, others notify, too."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest

from codegen.engines.postgres import listening
from codegen.runtime import StorageFailed, UnusableDatabase
from tests.engines.behind import behind
from tests.engines.live.following import SOON_MS, Following
from tests.engines.live.test_processes import follow, is_listened_to
from tests.engines.packages import package
from tests.engines.postgres.restarts import restartable_server
from tests.engines.safety.processes import other

SCHEMA = """
tables:
  items:
    fields: {name: str, n: float}
    indexes:
      by_n: [n]
"""


@pytest.fixture(params=["threads", "tasks"])
def there(
    models: ModuleType, postgres_url: str, request: pytest.FixtureRequest
) -> Iterator[Any]:
    """A database on a server, for threads and for tasks."""
    if request.param == "tasks":
        with behind(models, postgres_url) as made:
            yield made
        return
    with models.server.connect(postgres_url) as made:
        yield made


@pytest.fixture
def admin(postgres_url: str) -> Iterator[Any]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection


def new(models: ModuleType, n: float = 1) -> Any:
    return models.ItemNew(name="a", n=n)


def test_its_connection_is_lost(models: ModuleType, there: Any, admin: Any) -> None:
    one = Following(there, models.items.full_scan())
    for n in range(1, 4):
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE application_name = 'tablewright'"
        )
        there.insert(new(models))
        one.catch_up(there)
        assert len(one.latest) == n


def test_the_server_is_started_again(models: ModuleType) -> None:
    with (
        restartable_server() as server,
        models.server.connect(server.url, timeout_ms=1000) as db,
    ):
        one = Following(db, models.items.full_scan())
        server.stop()
        with pytest.raises((StorageFailed, UnusableDatabase)):
            db.insert(new(models))
        time.sleep(0.2)
        server.start()
        db.insert(new(models))
        one.catch_up(db)
        assert len(one.latest) == 1


@pytest.mark.parametrize("text", ["", "[", "{}", "[1]", '[["items"]]', '[["","",0]]'])
def test_texts_that_can_not_be_read_may_mean_anything(
    models: ModuleType, there: Any, admin: Any, runs: list[Any], text: str
) -> None:
    live = there.subscribe(models.items.full_scan(), timeout_ms=SOON_MS)
    next(live)
    before = len(runs)
    (channel,) = admin.execute("SELECT 'tablewright ' || current_schema()").fetchone()
    admin.execute("SELECT pg_notify(%s, %s)", (channel, text))
    short = there.subscribe(models.items.full_scan(), timeout_ms=100)
    next(short)
    there.insert(new(models))
    assert len(next(live)) == 1
    assert len(runs) > before + 1


def test_schemas_of_a_server_are_databases_of_their_own(
    models: ModuleType, new_schema: Any, runs: list[Any]
) -> None:
    with (
        models.server.connect(new_schema()) as mine,
        models.server.connect(new_schema()) as theirs,
    ):
        live = mine.subscribe(models.items.full_scan(), timeout_ms=150)
        next(live)
        before = len(runs)
        theirs.insert(new(models))
        with pytest.raises(TimeoutError):
            next(live)
        assert len(runs) == before


def test_behind_a_pgbouncer_it_is_refused(
    models: ModuleType, postgres_url: str
) -> None:
    with models.server.connect(postgres_url, pooled=True) as db:
        with pytest.raises(UnusableDatabase, match="pooled=True"):
            db.subscribe(models.items.full_scan())
        with models.server.connect(postgres_url) as direct:
            one = Following(direct, models.items.full_scan())
            db.insert(new(models))
            one.step()
            assert len(one.latest) == 1


def test_a_serializable_server(
    models: ModuleType, server: str, new_schema: Any
) -> None:
    """Whatever its transactions are by default, those who listen are in nobody's way."""
    url = f"{new_schema()}%20-cdefault_transaction_isolation%3Dserializable"
    with models.server.connect(url) as db:
        one = Following(db, models.items.full_scan())
        for n in range(20):
            with db.transaction():
                db.insert(new(models, n))
        one.catch_up(db)
        assert len(one.latest) == 20


@pytest.mark.slow
def test_a_program_that_was_stopped_for_long(tmp_path: Path, postgres_url: str) -> None:
    """The others stop to tell it, and it asks again when it goes on."""
    made = package(tmp_path, SCHEMA, "shared")
    with (
        made.server.connect(postgres_url) as db,
        other(follow, tmp_path, postgres_url) as process,
    ):
        assert process.hear() == []
        assert process.process.pid is not None
        os.kill(process.process.pid, signal.SIGSTOP)
        end = time.monotonic() + 60
        while is_listened_to(postgres_url):
            assert time.monotonic() < end
            time.sleep(0.2)
        db.insert(made.ItemNew(name="a", n=1))
        os.kill(process.process.pid, signal.SIGCONT)
        assert process.hear() == [1]


def test_it_was_forgotten_while_it_waited_to_renew(
    models: ModuleType,
    there: Any,
    admin: Any,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It asked in time, and came too late."""
    spans = {"LEASE_S": 2.0, "_RENEWS_EVERY_S": 1.0, "_MARGIN_S": 0.1}
    for name, seconds in spans.items():
        monkeypatch.setattr(listening, name, seconds)
    one = Following(there, models.items.full_scan())
    with models.server.connect(postgres_url) as writer:
        with admin.transaction():
            admin.execute("SELECT id FROM _tablewright_schemas FOR UPDATE")
            while is_listened_to(postgres_url):
                time.sleep(0.05)
            writer.insert(new(models))
        one.catch_up(writer)
    assert len(one.latest) == 1
