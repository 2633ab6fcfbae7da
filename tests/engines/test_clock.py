"""Creation times: always later than those before, whatever the clock says."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any

import pytest

from codegen.engines import clock

SCHEMA = """
tables:
  items: {fields: {name: str}}
  others: {fields: {name: str}}
"""

SetClock = Callable[[float], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Stops the clock at a time."""

    def set_clock(now: float) -> None:
        monkeypatch.setattr(clock, "now_ms", lambda: now)

    return set_clock


def insert(models: ModuleType, db: Any, model: str = "Item") -> float:
    """The creation time of a new document."""
    document = db.get(db.insert(getattr(models, f"{model}New")(name="a")))
    assert document is not None
    return float(document.creation_time)


def test_it_is_the_time(models: ModuleType, db: Any) -> None:
    before = time.time() * 1000 - 1
    assert before <= insert(models, db) <= time.time() * 1000 + 1


def test_a_stopped_clock(models: ModuleType, db: Any, set_clock: SetClock) -> None:
    set_clock(1000.5)
    times = [insert(models, db) for _ in range(20)]
    assert times[0] == 1000.5
    assert times == sorted(set(times)) and times[-1] < 1000.51
    set_clock(2000)
    assert insert(models, db) == 2000


def test_a_clock_that_was_set_back(
    models: ModuleType, db: Any, set_clock: SetClock
) -> None:
    set_clock(2000)
    first = insert(models, db)
    set_clock(1000)
    later = [insert(models, db), insert(models, db), insert(models, db, "Other")]
    assert [first, *later] == sorted({first, *later})


def test_a_clock_that_was_set_back_between_two_runs(
    models: ModuleType, url: str, set_clock: SetClock
) -> None:
    set_clock(2000)
    with models.server.connect(url) as db:
        times = [insert(models, db), insert(models, db)]
    set_clock(1000)
    with models.server.connect(url) as db:
        times += [insert(models, db) for _ in range(3)]
    assert times == sorted(set(times))


def test_two_programs_with_different_clocks(
    models: ModuleType, url: str, set_clock: SetClock
) -> None:
    times = []
    with models.server.connect(url) as one, models.server.connect(url) as other:
        for turn in range(4):
            set_clock(2000)
            times.append(insert(models, one))
            set_clock(1000)
            times.append(insert(models, other))
            if turn == 2:
                times.append(insert(models, other))
    assert times == sorted(set(times))


def test_a_transaction_takes_the_next_floats(models: ModuleType, db: Any) -> None:
    """As on the server: one time for it, and each insert a step after the last."""
    with db.transaction():
        times = [insert(models, db)]
        time.sleep(0.002)
        times.append(insert(models, db, "Other"))
        with suppress(ZeroDivisionError), db.transaction():
            times.append(insert(models, db))
            raise ZeroDivisionError
        times.append(insert(models, db))
        ids = db.insert_many([models.ItemNew(name="b"), models.OtherNew(name="b")])
        times += [db.get(id).creation_time for id in ids]
    steps = itertools.pairwise(times)
    assert all(math.nextafter(before, math.inf) == after for before, after in steps)
    assert len(times) == 6


def test_many_at_once_take_the_next_floats(models: ModuleType, db: Any) -> None:
    ids = db.insert_many([models.ItemNew(name=str(n)) for n in range(300)])
    times = [db.get(id).creation_time for id in ids]
    steps = itertools.pairwise(times)
    assert all(math.nextafter(before, math.inf) == after for before, after in steps)
    assert [item.id for item in db.run(models.items.full_scan())] == ids


def test_after_one_that_was_undone(
    models: ModuleType, db: Any, set_clock: SetClock
) -> None:
    set_clock(1000)
    times = [insert(models, db)]
    with suppress(ZeroDivisionError), db.transaction():
        insert(models, db)
        raise ZeroDivisionError
    times.append(insert(models, db))
    assert times == sorted(set(times))


def test_changes_do_not_touch_it(models: ModuleType, db: Any) -> None:
    id = db.insert(models.ItemNew(name="a"))
    before: Any = db.get(id)
    db.patch(id, models.ItemPatch(name="b"))
    db.replace(id, models.ItemNew(name="c"))
    after: Any = db.get(id)
    assert after.creation_time == before.creation_time and after.name == "c"
