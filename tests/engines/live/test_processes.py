"""Several programs: what one commits, the others' subscriptions follow."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import psycopg
import pytest

from codegen.engines.access import catalog_of
from codegen.runtime import Closed, SchemaChanged, between
from tests.engines.live.following import SOON_MS, Following
from tests.engines.packages import imported, package
from tests.engines.safety.processes import Pipe, other
from tests.engines.safety.test_forks import ended_well, forked

SCHEMA = """
tables:
  items:
    fields: {name: str, n: float}
    indexes:
      by_n: [n]
      by_name: [name, n]
"""
WRITERS = 4
NUMBERS = 30


@pytest.fixture
def made(tmp_path: Path) -> ModuleType:
    """A package that other processes find by the name `shared`."""
    return package(tmp_path, SCHEMA, "shared")


def execute(url: str, sql: str) -> list[Any]:
    """What a plain connection answers."""
    if url.startswith("postgresql"):
        with psycopg.connect(url, autocommit=True) as server:
            done = server.execute(sql.encode())
            return done.fetchall() if done.description else []
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
        file.isolation_level = None
        return file.execute(sql).fetchall()


def queries(made: ModuleType) -> list[Any]:
    items = made.items
    return [
        items.full_scan(),
        items.full_scan().order("desc").take(5),
        items.by_n(between(10, 15)),
        items.by_n().take(3),
        items.by_name("w1").order("desc").first(),
        items.by_n().filter(lambda item: item.n % 7 == 0).take(4),
        items.by_name().paginate(6),
    ]


def write(pipe: Pipe, folder: Path, url: str, seed: int, turns: int) -> None:
    """Inserts, moves and deletes documents at random."""
    made = imported(folder, "shared")
    chance = Random(seed)
    name = f"w{seed}"

    def turn(db: Any) -> None:
        n = chance.randrange(NUMBERS)
        mine = db.run(made.items.by_name(name))
        if len(mine) < 10 or chance.random() < 0.3:
            db.insert(made.ItemNew(name=name, n=n))
        elif chance.random() < 0.6:
            db.patch(chance.choice(mine).id, made.ItemPatch(n=n))
        else:
            db.delete(chance.choice(mine).id)

    with made.server.connect(url, synchronous="normal") as db:
        pipe.send("ready")
        pipe.recv()
        for _ in range(turns):
            db.transact(turn)
    pipe.send("done")


@pytest.mark.parametrize("turns", [60, pytest.param(600, marks=pytest.mark.slow)])
def test_no_write_of_others_is_lost(
    made: ModuleType, tmp_path: Path, lasting: str, turns: int
) -> None:
    with made.server.connect(lasting) as db, ExitStack() as stack:
        writers = [
            stack.enter_context(other(write, tmp_path, lasting, seed, turns))
            for seed in range(WRITERS)
        ]
        for writer in writers:
            assert writer.hear() == "ready"
        done = threading.Event()
        with ThreadPoolExecutor(2 * len(queries(made))) as pool:
            jobs = [pool.submit(step_until, done, db, query) for query in queries(made)]
            for writer in writers:
                writer.pipe.send("go")
            # Some come while the others write.
            jobs += [
                pool.submit(step_until, done, db, query) for query in queries(made)
            ]
            for writer in writers:
                assert writer.hear() == "done"
            done.set()
            for job in jobs:
                job.result(120)


def step_until(done: threading.Event, db: Any, query: Any) -> None:
    """Takes results while others write, and then up to the present one."""
    one = Following(db, query, timeout_ms=2000)
    while not done.is_set():
        with suppress(TimeoutError):
            one.step()
    one.catch_up(db)


def follow(pipe: Pipe, folder: Path, url: str) -> None:
    """Says each result that it gets."""
    made = imported(folder, "shared")
    with made.server.connect(url) as db:
        for found in db.subscribe(made.items.by_n(between(1, 5))):
            pipe.send(sorted(item.n for item in found))


def is_listened_to(url: str) -> bool:
    if url.startswith("postgresql"):
        sql = "SELECT listened_until > now() FROM _tablewright_schemas"
    else:
        sql = "SELECT count(*) FROM _tablewright_listeners"
    return bool(execute(url, sql)[0][0])


def let_the_lease_end(url: str) -> None:
    """As if a listener had not been heard of for long enough."""
    if url.startswith("postgresql"):
        sql = "UPDATE _tablewright_schemas SET listened_until = now()"
    else:
        sql = "UPDATE _tablewright_listeners SET until_ms = 0"
    execute(url, sql)


def test_a_subscriber_in_another_process(
    made: ModuleType, tmp_path: Path, lasting: str
) -> None:
    with made.server.connect(lasting) as db:
        db.insert(made.ItemNew(name="a", n=1))
        with other(follow, tmp_path, lasting) as process:
            assert process.hear() == [1]
            id = db.insert(made.ItemNew(name="a", n=5))
            assert process.hear() == [1, 5]
            db.insert(made.ItemNew(name="a", n=6))
            db.delete(id)
            assert process.hear() == [1]


def test_one_that_is_killed_costs_nothing_for_long(
    made: ModuleType, tmp_path: Path, lasting: str
) -> None:
    with made.server.connect(lasting) as db:
        with other(follow, tmp_path, lasting) as process:
            assert process.hear() == []
            db.insert(made.ItemNew(name="a", n=1))
            assert process.hear() == [1]
            assert process.process.pid is not None
            os.kill(process.process.pid, signal.SIGKILL)
            process.process.join()
        assert is_listened_to(lasting)
        let_the_lease_end(lasting)
        db.insert(made.ItemNew(name="a", n=2))
        assert not is_listened_to(lasting)
        if lasting.startswith("sqlite"):
            assert execute(lasting, "SELECT * FROM _tablewright_changes") == []


def test_one_that_was_gone_for_too_long_asks_again(
    made: ModuleType, lasting: str
) -> None:
    """Nobody told it of a write, and it finds that out."""
    with made.server.connect(lasting) as db, made.server.connect(lasting) as writer:
        one = Following(db, made.items.full_scan())
        let_the_lease_end(lasting)
        writer.insert(made.ItemNew(name="a", n=1))
        one.step()
        assert len(one.latest) == 1
        assert is_listened_to(lasting)
        writer.insert(made.ItemNew(name="a", n=2))
        one.step()
        assert len(one.latest) == 2


def test_writers_that_began_before_it(made: ModuleType, lasting: str) -> None:
    """They do not know of it; on a file, it waits for them."""
    with made.server.connect(lasting) as db, made.server.connect(lasting) as writer:
        begun, go = threading.Event(), threading.Event()

        def hold() -> None:
            with writer.transaction():
                writer.insert(made.ItemNew(name="a", n=1))
                begun.set()
                go.wait(60)

        thread = threading.Thread(target=hold)
        thread.start()
        assert begun.wait(60)
        threading.Timer(0.2, go.set).start()
        one = Following(db, made.items.full_scan())
        one.catch_up(writer)
        thread.join(60)
        one.catch_up(writer)
        assert len(one.latest) == 1


def test_another_program_applies_another_schema(
    made: ModuleType, tmp_path: Path, lasting: str
) -> None:
    changed = SCHEMA.replace("n: float}", "n: float, more?: str}")
    newer = package(tmp_path, changed, "newer")
    with made.server.connect(lasting) as db:
        live = db.subscribe(made.items.full_scan(), timeout_ms=SOON_MS)
        next(live)
        with newer.server.connect(lasting) as other_one:
            for _ in range(2):
                with pytest.raises(SchemaChanged):
                    next(live)
            with pytest.raises(SchemaChanged):
                next(db.subscribe(made.items.full_scan()))
            one = Following(other_one, newer.items.full_scan())
            other_one.insert(newer.ItemNew(name="a", n=1))
            one.step()


def test_who_writes_by_sql_announces_it(made: ModuleType, lasting: str) -> None:
    """As imports and migrations do, in their transaction."""
    text, json = "_document", "?"
    if lasting.startswith("postgresql"):
        text, json = "_document::text", "?::json"
    with (
        made.server.connect(lasting) as db,
        catalog_of(lasting, 5000, changes=True) as catalog,
    ):
        db.insert(made.ItemNew(name="n0", n=1))
        one = Following(db, made.items.by_n(1))
        for turn, tables in enumerate([("items",), ("others", "items"), ()]):
            with catalog.dialect.alone():
                sql = f"SELECT {text} FROM items"
                (document,) = catalog.connection.execute(sql).fetchone()
                changed = document.replace(f'"n{turn}"', f'"n{turn + 1}"')
                sql = f"UPDATE items SET _document = {json}"
                catalog.connection.execute(sql, (changed,))
                catalog.announce(*tables)
            one.step()
            assert one.latest[0].name == f"n{turn + 1}"


def fork_while_it_follows(pipe: Pipe, folder: Path, url: str) -> None:
    made = imported(folder, "shared")
    db = made.server.connect(url)
    live = db.subscribe(made.items.full_scan(), timeout_ms=SOON_MS)
    assert next(live) == []

    def child() -> None:
        for _ in range(2):
            try:
                next(live)
            except Closed:
                continue
            raise AssertionError
        live.close()
        mine = db.subscribe(made.items.full_scan(), timeout_ms=SOON_MS)
        next(mine)
        db.insert(made.ItemNew(name="child", n=1))
        assert len(next(mine)) == 1
        db.close()

    for turn in range(3):
        pid = forked(child if turn == 0 else lambda: None)
        assert ended_well(pid)
    assert [item.name for item in next(live)] == ["child"]
    db.insert(made.ItemNew(name="parent", n=1))
    assert len(next(live)) == 2
    db.close()


def test_a_fork(made: ModuleType, tmp_path: Path, lasting: str) -> None:
    """The subscriptions stay the parent's; the child makes its own."""
    with other(fork_while_it_follows, tmp_path, lasting) as process:
        process.finish()
    eventually(lambda: lasting.startswith("postgresql") or not is_listened_to(lasting))


def eventually(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)
