"""However much is written, and however slow those are who follow, what is kept is bounded."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from types import ModuleType
from typing import Any

import pytest

from codegen.engines.live.changes import (
    ANYTHING,
    CUT,
    LONGEST,
    Change,
    changes_of,
    texts,
)
from codegen.engines.live.watch import MOST, Watch
from codegen.engines.live.written import MOST as MOST_WRITTEN
from codegen.engines.sqlite.change_log import (
    LISTENING,
    add_listener,
    append,
    heard,
)

SCHEMA = """
tables:
  items:
    fields: {name: str, n: float}
    indexes:
      by_n: [n]
"""


def test_changes_while_a_query_runs_are_kept_up_to_a_number() -> None:
    woken: list[int] = []
    watch = Watch(lambda: woken.append(1))
    read = watch.begin()
    elsewhere = Change("others", "1", {})
    for _ in range(MOST):
        watch.tell([elsewhere])
    watch.finish(read)
    assert not watch.is_due
    read = watch.begin()
    for _ in range(MOST + 1):
        watch.tell([elsewhere])
    watch.finish(read)
    assert watch.is_due
    assert woken == [1]


def test_the_log_of_a_file_is_trimmed() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for sql in LISTENING.values():
            connection.execute(sql)
        append(connection, [Change("a", "1")])
        sql = "SELECT count(*) FROM _tablewright_changes"
        assert connection.execute(sql).fetchone() == (0,)  # nobody listens
        first = add_listener(connection, "one")
        append(connection, [Change("a", "1"), Change("a", "2")])
        last, changes = heard(connection, first)
        assert [change.id for change in changes] == ["1", "2"]
        for n in range(3000):
            append(connection, [Change("a", str(n))])
        assert connection.execute(sql).fetchone()[0] <= 1000
        newest, changes = heard(connection, last)
        assert changes == [ANYTHING]
        assert heard(connection, newest) == (newest, [])


def test_a_large_transaction_is_told_by_its_tables(
    models: ModuleType, url: str
) -> None:
    with (
        models.server.connect(url) as db,
        models.server.connect(url) as writer,
        db.subscribe(models.items.by_n(-1), timeout_ms=10_000) as live,
        closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as plain,
    ):
        assert next(live) == []
        many = [models.ItemNew(name="a" * 500, n=n) for n in range(20_000)]
        writer.insert_many([*many, models.ItemNew(name="a", n=-1)])
        rows = plain.execute("SELECT changes FROM _tablewright_changes")
        assert rows.fetchall() == [('[["items","",{}]]',)]
        assert len(next(live)) == 1


@pytest.mark.parametrize("count", [1, 3, MOST_WRITTEN])
@pytest.mark.parametrize("indexes", [1, 8, 32, 200])
def test_texts_are_short_and_lossless(count: int, indexes: int) -> None:
    key = b"\x10" + b"k" * (CUT - 1)
    keys = {f"by_{n}": (key, b"\x00\xff") for n in range(indexes)}
    changes = [Change("items", f"id{n}", keys) for n in range(count)]
    sent = [*texts(changes)]
    assert all(len(text) <= LONGEST and text.isascii() for text in sent)
    read = [change for text in sent for change in changes_of(text)]
    if indexes == 200:
        assert read == [Change("items")] * count
        return
    assert [change.id for change in read] == [change.id for change in changes]
    assert read[0].keys["by_0"] == [key, b"\x00\xff"]


def test_no_results_are_kept(models: ModuleType, url: str) -> None:
    """A thousand changes that nobody takes are one result."""
    with models.server.connect(url, synchronous="normal") as db:
        live: Any = db.subscribe(models.items.full_scan(), timeout_ms=200)
        next(live)
        for n in range(1500):
            db.insert(models.ItemNew(name="a", n=n))
        assert len(next(live)) == 1500
        with pytest.raises(TimeoutError):
            next(live)
