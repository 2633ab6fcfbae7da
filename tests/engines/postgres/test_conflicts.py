"""Transactions beside each other: what can't be true of one after the other is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from threading import Thread
from time import monotonic
from types import ModuleType
from typing import Any

import psycopg
import pytest

from codegen.engines.database import Database
from codegen.runtime import Conflict, UniqueViolation

SCHEMA = """
tables:
  items:
    fields: {name: str, n: float}
    indexes: {by_name: [name]}
  names: {fields: {name: str}, indexes: {by_name: {fields: [name], unique: true}}}
"""


@pytest.fixture
def beside(models: ModuleType, postgres_url: str) -> Iterator[Database]:
    """The same database, for another program."""
    with models.server.connect(postgres_url, timeout_ms=5000) as made:
        yield made


class Mistake(Exception):
    pass


def adding(models: ModuleType, id: Any, amount: float) -> Callable[[Any], None]:
    def add(db: Any) -> None:
        db.patch(id, models.ItemPatch(n=db.get(id).n + amount))

    return add


def test_a_transaction_that_others_were_in_the_way_of(
    models: ModuleType, there: Any, beside: Any
) -> None:
    """It is a conflict, and nothing of it was written."""
    id = there.insert(models.ItemNew(name="a", n=0))
    with pytest.raises(Conflict, match=r"db\.transact"), there.transaction():
        there.insert(models.ItemNew(name="b", n=0))
        assert there.get(id).n == 0
        beside.patch(id, models.ItemPatch(n=1))
        there.patch(id, models.ItemPatch(n=2))
    assert [(one.name, one.n) for one in there.run(models.items.full_scan())] == [
        ("a", 1)
    ]


def test_one_that_was_refused_writes_nothing_more(
    models: ModuleType, there: Any, beside: Any
) -> None:
    """Whoever goes on after the conflict meets it again, at the end at the latest."""
    id = there.insert(models.ItemNew(name="a", n=0))
    with pytest.raises(Conflict), there.transaction():
        there.get(id)
        beside.patch(id, models.ItemPatch(n=1))
        for _ in range(2):
            with pytest.raises(Conflict):
                there.patch(id, models.ItemPatch(n=2))
        with pytest.raises(Conflict):
            there.get(id)
        with pytest.raises(Conflict), there.transaction():
            there.insert(models.ItemNew(name="b", n=0))
    assert len(there.run(models.items.full_scan())) == 1


def test_two_that_read_what_the_other_writes(
    models: ModuleType, there: Any, beside: Any
) -> None:
    """Each would be right alone; together they would leave nobody on duty."""
    first, second = there.insert_many(
        [models.ItemNew(name="on duty", n=n) for n in range(2)]
    )

    def leave(db: Any, id: Any) -> None:
        if len(db.run(models.items.by_name("on duty"))) > 1:
            db.patch(id, models.ItemPatch(name="off"))

    with pytest.raises(Conflict), there.transaction():
        leave(there, first)
        beside.transact(lambda db: leave(db, second))
        there.insert(models.ItemNew(name="log", n=0))
    assert [one.n for one in there.run(models.items.by_name("on duty"))] == [0]


def test_transact_does_it_again(models: ModuleType, there: Any, beside: Any) -> None:
    id = there.insert(models.ItemNew(name="a", n=0))
    runs = 0

    def work(db: Any) -> str:
        nonlocal runs
        runs += 1
        assert db is there
        db.insert(models.ItemNew(name="b", n=runs))
        if runs < 4:
            beside.transact(adding(models, id, 10))
        adding(models, id, 1)(db)
        return f"run {runs}"

    assert there.transact(work) == "run 4"
    assert there.get(id).n == 31
    assert [one.n for one in there.run(models.items.by_name("b"))] == [4]


def test_it_does_it_again_whatever_the_function_makes_of_the_conflict(
    models: ModuleType, there: Any, beside: Any
) -> None:
    id = there.insert(models.ItemNew(name="a", n=0))
    for meets in (suppress(Conflict), pytest.raises(Conflict)):
        runs = 0

        def work(db: Any, meets: Any = meets) -> None:
            nonlocal runs
            runs += 1
            before = db.get(id).n
            if runs > 1:
                db.patch(id, models.ItemPatch(n=before + 1))
                return
            beside.transact(adding(models, id, 10))
            with meets:
                db.patch(id, models.ItemPatch(n=before + 1))
            if not isinstance(meets, suppress):
                raise Mistake

        there.transact(work)
        assert runs == 2
    assert there.get(id).n == 22


def test_a_mistake_is_not_done_again(models: ModuleType, there: Any) -> None:
    runs: list[int] = []

    def work(db: Any) -> None:
        runs.append(1)
        db.insert(models.ItemNew(name="a", n=0))
        raise Mistake

    with pytest.raises(Mistake):
        there.transact(work)
    assert len(runs) == 1 and there.run(models.items.full_scan()) == []


def test_inside_another_it_is_a_part_of_that(
    models: ModuleType, there: Any, beside: Any
) -> None:
    id = there.insert(models.ItemNew(name="a", n=0))
    runs = 0

    def work(db: Any) -> None:
        nonlocal runs
        runs += 1
        with suppress(Mistake):
            db.transact(adding(models, id, 100))
            db.transact(fails)
        db.transact(adding(models, id, 1))
        if runs == 1:
            beside.insert(models.ItemNew(name="beside", n=0))
            assert db.run(models.items.by_name("beside")) == []

    def fails(db: Any) -> None:
        db.patch(id, models.ItemPatch(n=-1))
        raise Mistake

    there.transact(work)
    assert (runs, there.get(id).n) == (1, 101)
    assert len(there.run(models.items.by_name("beside"))) == 1


def test_it_gives_up_after_the_timeout(
    models: ModuleType, postgres_url: str, beside: Any
) -> None:
    id = beside.insert(models.ItemNew(name="a", n=0))

    def work(db: Any) -> None:
        before = db.get(id).n
        beside.transact(adding(models, id, 1))
        db.patch(id, models.ItemPatch(n=before - 1))

    with models.server.connect(postgres_url, timeout_ms=300) as db:
        start = monotonic()
        with pytest.raises(Conflict):
            db.transact(work)
        assert 0.1 < monotonic() - start < 5
    assert beside.get(id).n > 2


def test_single_writes_are_done_again(models: ModuleType, postgres_url: str) -> None:
    """Threads that insert the same names: one of them wins, nobody has a conflict."""
    taken: list[int] = []
    failures: list[BaseException] = []

    def take(db: Any) -> None:
        for number in range(15):
            try:
                db.insert_many([models.NameNew(name=f"{number}")])
                taken.append(number)
            except UniqueViolation:
                continue
            except BaseException as error:
                failures.append(error)

    with ExitStack() as stack:
        connect = models.server.connect
        dbs = [stack.enter_context(connect(postgres_url)) for _ in range(4)]
        threads = [Thread(target=take, args=(db,)) for db in dbs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert failures == [] and sorted(taken) == [*range(15)]


def test_many_are_taken_before_any_is_written(models: ModuleType, there: Any) -> None:
    """They may have to be written twice: what the iterable itself writes is apart."""

    def writing() -> Iterator[Any]:
        for number in range(3):
            there.insert(models.NameNew(name=f"of {number}"))
            yield models.ItemNew(name="a", n=number)
        raise Mistake

    with pytest.raises(Mistake):
        there.insert_many(writing())
    assert there.run(models.items.full_scan()) == []
    assert len(there.run(models.names.full_scan())) == 3


def test_a_lock_is_waited_for_and_not_for_ever(
    models: ModuleType, postgres_url: str
) -> None:
    with (
        models.server.connect(postgres_url, timeout_ms=200) as db,
        psycopg.connect(postgres_url) as admin,
    ):
        id = db.insert(models.ItemNew(name="a", n=0))
        admin.execute("LOCK TABLE items")
        start = monotonic()
        calls: list[Callable[[], object]] = [
            lambda: db.get(id),
            lambda: db.run(models.items.by_name("a")),
            lambda: db.patch(id, models.ItemPatch(n=1)),
            lambda: db.insert(models.ItemNew(name="b", n=0)),
        ]
        for call in calls:
            with pytest.raises(Conflict, match="too long"):
                call()
        assert monotonic() - start < 10
        admin.rollback()
        assert db.get(id).n == 0
        assert len(db.run(models.items.full_scan())) == 1
