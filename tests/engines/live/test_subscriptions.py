"""A query that is followed gives a result whenever a write changes it, and only then."""

from __future__ import annotations

import gc
import threading
import time
from types import ModuleType
from typing import Any

import pytest

from codegen.runtime import (
    REMOVE,
    Closed,
    InvalidQuery,
    NotUnique,
    between,
    gt,
    gte,
)

SCHEMA = """
tables:
  items:
    fields: {name: str, n: float, extra?: Any}
    indexes:
      by_n: [n]
      by_name: [name, n]
  others:
    fields: {n: float}
"""
SOON_MS = 10_000
"""What comes, comes by then."""
QUIET_MS = 150
"""What does not come by then does not come."""


def new(models: ModuleType, n: float, name: str = "a") -> Any:
    return models.ItemNew(name=name, n=n)


def numbers(documents: Any) -> list[float]:
    return [document.n for document in documents]


@pytest.fixture
def quiet(db: Any, runs: list[Any]) -> Any:
    """Asserts that a subscription has nothing to do, and does not even ask the database."""

    def quiet(subscription: Any) -> None:
        before = len(runs)
        with pytest.raises(TimeoutError, match=f"{QUIET_MS} ms"):
            next(subscription)
        assert len(runs) == before

    return quiet


def test_the_present_result_comes_at_once(models: ModuleType, db: Any) -> None:
    db.insert(new(models, 1))
    with db.subscribe(models.items.full_scan(), timeout_ms=0) as live:
        assert numbers(next(live)) == [1]


def test_each_write_in_the_range_is_followed(
    models: ModuleType, db: Any, writer: Any
) -> None:
    with db.subscribe(models.items.by_n(gte(5)), timeout_ms=SOON_MS) as live:
        assert next(live) == []
        id = writer.insert(new(models, 5))
        assert numbers(next(live)) == [5]
        writer.patch(id, models.ItemPatch(name="b"))
        assert [item.name for item in next(live)] == ["b"]
        writer.replace(id, new(models, 7))
        assert numbers(next(live)) == [7]
        writer.insert_many([new(models, n) for n in range(10)])
        assert numbers(next(live)) == [5, 6, 7, 7, 8, 9]
        writer.delete(id)
        assert numbers(next(live)) == [5, 6, 7, 8, 9]


def test_its_own_program_may_write(models: ModuleType, db: Any) -> None:
    with db.subscribe(models.items.full_scan(), timeout_ms=SOON_MS) as live:
        for n in range(5):
            assert len(next(live)) == n
            db.insert(new(models, n))


def test_writes_outside_of_the_range_do_not_run_it(
    models: ModuleType, db: Any, writer: Any, quiet: Any
) -> None:
    ids = writer.insert_many([new(models, n) for n in range(10)])
    with db.subscribe(models.items.by_n(between(3, 5)), timeout_ms=QUIET_MS) as live:
        assert numbers(next(live)) == [3, 4, 5]
        writer.insert(new(models, 2.9))
        writer.insert(new(models, 5.1))
        writer.patch(ids[6], models.ItemPatch(n=60, name="b"))
        writer.delete(ids[7])
        writer.insert(models.OtherNew(n=4))
        quiet(live)


def test_documents_that_come_into_the_range_and_leave_it(
    models: ModuleType, db: Any, writer: Any, quiet: Any
) -> None:
    id = writer.insert(new(models, 1))
    with db.subscribe(models.items.by_n(gt(5)), timeout_ms=SOON_MS) as live:
        assert next(live) == []
        writer.patch(id, models.ItemPatch(n=6))
        assert numbers(next(live)) == [6]
        writer.patch(id, models.ItemPatch(n=4))
        assert next(live) == []
    with db.subscribe(models.items.by_n(gt(5)), timeout_ms=QUIET_MS) as live:
        next(live)
        writer.patch(id, models.ItemPatch(n=3))
        quiet(live)


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_what_is_beyond_a_limit_does_not_matter(
    models: ModuleType, db: Any, writer: Any, quiet: Any, order: Any
) -> None:
    writer.insert_many([new(models, n) for n in range(0, 40, 2)])
    query = models.items.by_n().order(order).take(10)
    beyond, within, first = (30, 9, -1) if order == "asc" else (9, 31, 50)
    with db.subscribe(query, timeout_ms=QUIET_MS) as live:
        next(live)
        writer.insert(new(models, beyond))
        quiet(live)
    with db.subscribe(query, timeout_ms=SOON_MS) as live:
        next(live)
        writer.insert(new(models, within))
        assert within in numbers(next(live))
        writer.insert(new(models, first))
        assert numbers(next(live))[0] == first


def test_a_limit_that_is_not_reached_is_none(
    models: ModuleType, db: Any, writer: Any
) -> None:
    with db.subscribe(models.items.by_n().take(3), timeout_ms=SOON_MS) as live:
        assert next(live) == []
        for n in (5, 9, 1, 3):
            writer.insert(new(models, n))
            found = numbers(next(live))
            assert n in found and len(found) <= 3


def test_first_and_unique(models: ModuleType, db: Any, writer: Any, quiet: Any) -> None:
    first = db.subscribe(models.items.by_n(gt(0)).first(), timeout_ms=SOON_MS)
    only = db.subscribe(models.items.by_name("x").unique(), timeout_ms=SOON_MS)
    assert next(first) is None and next(only) is None
    id = writer.insert(new(models, 5, "x"))
    assert next(first).n == 5 and next(only).id == id
    writer.insert(new(models, 6))
    writer.insert(new(models, 4))
    assert next(first).n == 4
    second = writer.insert(new(models, 6, "x"))
    for _ in range(2):
        with pytest.raises(NotUnique):
            next(only)
        writer.patch(second, models.ItemPatch(extra="again"))
    writer.delete(id)
    assert next(only).id == second


def test_that_it_is_not_unique_is_an_answer_that_holds(
    models: ModuleType, db: Any, writer: Any, quiet: Any
) -> None:
    writer.insert_many([new(models, 1, "x"), new(models, 2, "x")])
    query = models.items.by_name("x").unique()
    with db.subscribe(query, timeout_ms=QUIET_MS) as live:
        with pytest.raises(NotUnique):
            next(live)
        writer.insert(new(models, 3, "y"))
        quiet(live)


def test_pages(models: ModuleType, db: Any, writer: Any, quiet: Any) -> None:
    writer.insert_many([new(models, n) for n in range(0, 20, 2)])
    cursor = db.run(models.items.by_n().paginate(3)).cursor
    second = models.items.by_n().paginate(3, cursor)
    with db.subscribe(second, timeout_ms=QUIET_MS) as live:
        assert numbers(next(live).items) == [6, 8, 10]
        writer.insert_many([new(models, 3), new(models, 11)])
        quiet(live)
    with db.subscribe(second, timeout_ms=SOON_MS) as live:
        next(live)
        writer.insert(new(models, 7))
        assert numbers(next(live).items) == [6, 7, 8]


def test_filters_read_on_until_there_is_enough(
    models: ModuleType, db: Any, writer: Any, quiet: Any
) -> None:
    writer.insert_many([new(models, n) for n in range(1500)])
    query = models.items.by_n().filter(lambda item: item.n % 400 == 399).take(2)
    with db.subscribe(query, timeout_ms=QUIET_MS) as live:
        assert numbers(next(live)) == [399, 799]
        writer.insert(new(models, 1100.5))
        quiet(live)
    with db.subscribe(query, timeout_ms=SOON_MS) as live:
        next(live)
        writer.insert(new(models, -1))
        assert numbers(next(live)) == [-1, 399]


def test_a_run_with_an_equal_result_gives_nothing(
    models: ModuleType, db: Any, writer: Any, runs: list[Any]
) -> None:
    """As of a document that a filter drops."""
    query = models.items.by_n().filter(lambda item: item.n > 5)
    with db.subscribe(query, timeout_ms=QUIET_MS) as live:
        next(live)
        before = len(runs)
        writer.insert(new(models, 1))
        with pytest.raises(TimeoutError):
            next(live)
        assert len(runs) > before


@pytest.mark.parametrize(
    "values", [(1.0, True), (0.0, -0.0), ([0.0], [False]), (None, REMOVE)]
)
def test_values_that_python_takes_for_equal(
    models: ModuleType, db: Any, writer: Any, values: tuple[Any, Any]
) -> None:
    before, after = values
    id = writer.insert(models.ItemNew(name="a", n=1, extra=before))
    with db.subscribe(models.items.full_scan(), timeout_ms=SOON_MS) as live:
        (found,) = next(live)
        writer.patch(id, models.ItemPatch(extra=after))
        (changed,) = next(live)
        assert found.to_wire_json() != changed.to_wire_json()


def test_nan_is_no_change(models: ModuleType, db: Any, writer: Any) -> None:
    writer.insert(new(models, float("nan")))
    query = models.items.by_n().filter(lambda item: item.name == "a")
    with db.subscribe(query, timeout_ms=QUIET_MS) as live:
        next(live)
        writer.insert(new(models, 1, "b"))
        with pytest.raises(TimeoutError):
            next(live)


def test_a_transaction_is_one_change(
    models: ModuleType, db: Any, writer: Any, quiet: Any
) -> None:
    with db.subscribe(models.items.full_scan(), timeout_ms=QUIET_MS) as live:
        next(live)
        with writer.transaction():
            for n in range(5):
                writer.insert(new(models, n))
            writer.insert_many([new(models, n) for n in range(300)])
        assert len(next(live)) == 305
        with pytest.raises(TimeoutError):
            next(live)


def test_what_is_undone_gives_nothing(
    models: ModuleType, db: Any, writer: Any, quiet: Any
) -> None:
    id = writer.insert(new(models, 1))
    with db.subscribe(models.items.full_scan(), timeout_ms=QUIET_MS) as live:
        next(live)
        with pytest.raises(LookupError), writer.transaction():
            writer.insert(new(models, 2))
            writer.delete(id)
            raise LookupError
        quiet(live)
        with (
            writer.transaction(),
            pytest.raises(LookupError),
            writer.transaction(),
        ):
            writer.insert(new(models, 3))
            raise LookupError
        with pytest.raises(TimeoutError):
            next(live)


def test_what_is_between_two_steps_is_not_kept(
    models: ModuleType, db: Any, writer: Any
) -> None:
    with db.subscribe(models.items.full_scan(), timeout_ms=QUIET_MS) as live:
        next(live)
        for n in range(500):
            writer.insert(new(models, n))
        time.sleep(0.1)
        assert len(next(live)) == 500
        with pytest.raises(TimeoutError):
            next(live)


def test_keys_that_are_long_and_alike(models: ModuleType, db: Any, writer: Any) -> None:
    """Only the beginnings of keys are told."""
    name = "x" * 5000
    query = models.items.by_name(name + "b")
    with db.subscribe(query, timeout_ms=SOON_MS) as live:
        assert next(live) == []
        writer.insert(new(models, 1, name + "a"))
        writer.insert(new(models, 2, name + "b"))
        assert numbers(next(live)) == [2]


def test_many_at_once(models: ModuleType, db: Any, writer: Any) -> None:
    lives = [
        db.subscribe(models.items.by_n(n).take(1), timeout_ms=SOON_MS)
        for n in range(20)
    ]
    assert [next(live) for live in lives] == [[]] * 20
    writer.insert_many([new(models, n) for n in range(20)])
    assert [numbers(next(live)) for live in lives] == [[n] for n in range(20)]


def test_after_a_timeout_it_goes_on(models: ModuleType, db: Any, writer: Any) -> None:
    with db.subscribe(models.items.full_scan(), timeout_ms=QUIET_MS) as live:
        next(live)
        with pytest.raises(TimeoutError):
            next(live)
        writer.insert(new(models, 1))
        assert numbers(next(live)) == [1]


def test_after_it_is_closed(models: ModuleType, db: Any) -> None:
    live = db.subscribe(models.items.full_scan())
    next(live)
    live.close()
    assert list(live) == []
    live.close()
    never = db.subscribe(models.items.full_scan())
    never.close()
    assert list(never) == []


def test_the_end_of_the_database_ends_it(models: ModuleType, db: Any) -> None:
    live = db.subscribe(models.items.full_scan())
    next(live)
    db.close()
    for _ in range(2):
        with pytest.raises(Closed):
            next(live)
    with pytest.raises(Closed):
        next(db.subscribe(models.items.full_scan()))


def test_one_that_waits_is_ended(models: ModuleType, db: Any) -> None:
    raised: list[BaseException] = []

    def wait() -> None:
        live = db.subscribe(models.items.full_scan())
        next(live)
        ready.set()
        try:
            next(live)
        except Closed as error:
            raised.append(error)

    ready = threading.Event()
    thread = threading.Thread(target=wait)
    thread.start()
    assert ready.wait(10)
    db.close()
    thread.join(10)
    assert len(raised) == 1


def test_wrong_arguments(models: ModuleType, db: Any) -> None:
    with pytest.raises(InvalidQuery):
        next(db.subscribe(models.items.by_n(1, 2, 3)))
    with pytest.raises(TypeError):
        next(db.subscribe("items"))
    for timeout_ms in (-1, float("nan")):
        with pytest.raises(ValueError, match="timeout_ms"):
            db.subscribe(models.items.full_scan(), timeout_ms=timeout_ms)


def test_not_inside_a_transaction(models: ModuleType, db: Any) -> None:
    live = db.subscribe(models.items.full_scan(), timeout_ms=SOON_MS)
    next(live)
    with db.transaction():
        db.insert(new(models, 1))
        with pytest.raises(RuntimeError, match="transaction"):
            next(live)
    assert numbers(next(live)) == [1]


def test_a_filter_that_raises_is_asked_again(
    models: ModuleType, db: Any, writer: Any
) -> None:
    def keep(item: Any) -> bool:
        return bool(1 / item.n)

    writer.insert(new(models, 1))
    query = models.items.by_n().filter(keep)
    with db.subscribe(query, timeout_ms=SOON_MS) as live:
        assert numbers(next(live)) == [1]
        id = writer.insert(new(models, 0))
        with pytest.raises(ZeroDivisionError):
            next(live)
        writer.delete(id)
        assert numbers(next(live)) == [1]


def listening_threads() -> int:
    return sum(one.name == "tablewright-live" for one in threading.enumerate())


def eventually(condition: Any) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_nobody_listens_after_the_last(models: ModuleType, db: Any) -> None:
    """However it ends: closed, or forgotten."""
    query = models.items.full_scan()
    live = db.subscribe(query)
    next(live)
    assert listening_threads() == (db.url != "sqlite://")
    live.close()
    eventually(lambda: listening_threads() == 0)
    for found in db.subscribe(query):
        assert found == []
        break
    db.run(query)  # a task has its last call until the next one
    gc.collect()
    eventually(lambda: listening_threads() == 0)
