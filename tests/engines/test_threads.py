"""Threads share a database: none sees a half of what another does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import pytest

from codegen.runtime import Int64, UniqueViolation

SCHEMA = """
tables:
  accounts: {fields: {name: str, balance: int}, indexes: {by_name: [name]}}
  names: {fields: {name: str}, indexes: {by_name: {fields: [name], unique: true}}}
"""

THREADS = 8


def in_threads(work: Any) -> list[Any]:
    """What `work` returns for the number of each thread; an error in one is raised."""
    with ThreadPoolExecutor(THREADS) as pool:
        return [*pool.map(work, range(THREADS), timeout=60)]


def test_inserts(models: ModuleType, db: Any) -> None:
    def insert(thread: int) -> list[Any]:
        new = models.AccountNew
        return [db.insert(new(name=f"{thread}", balance=n)) for n in range(40)]

    ids = in_threads(insert)
    for thread, mine in enumerate(ids):
        found = db.run(models.accounts.by_name(f"{thread}"))
        assert [account.id for account in found] == mine
    every = db.run(models.accounts.full_scan())
    times = [account.creation_time for account in every]
    assert len(every) == 40 * THREADS and times == sorted(set(times))


def test_money_is_moved_and_not_made(models: ModuleType, db: Any) -> None:
    """Each move is a transaction; whoever looks meanwhile finds the same sum."""
    new = models.AccountNew
    ids = db.insert_many([new(name="a", balance=100) for _ in range(THREADS)])
    sums: set[int] = set()

    def total() -> int:
        return sum(account.balance for account in db.run(models.accounts.full_scan()))

    def exchange(db: Any, changes: list[tuple[Any, int]]) -> None:
        for id, change in changes:
            balance = db.get(id).balance + change
            db.patch(id, models.AccountPatch(balance=balance))

    def move(thread: int) -> None:
        for turn in range(25):
            # In one order: else two could wait for each other.
            changes = sorted([(ids[thread], -1), (ids[(thread + turn) % THREADS], 1)])
            db.transact(lambda db, changes=changes: exchange(db, changes))
            sums.add(total())

    in_threads(move)
    assert sums == {100 * THREADS}


def test_reads_go_on_beside_writes(models: ModuleType, db: Any) -> None:
    """Queries, pages, filters and streams, while half of the threads write."""
    new, patch = models.AccountNew, models.AccountPatch
    accounts = models.accounts
    db.insert_many([new(name="old", balance=n) for n in range(300)])

    def work(thread: int) -> int:
        if thread % 2:
            for n in range(30):
                id = db.insert(new(name=f"{thread}", balance=n))
                db.patch(id, patch(balance=-1))
                db.delete(id)
            return 300
        found = 0
        for _ in range(4):
            query = accounts.by_name("old")
            assert len(db.run(query)) == 300
            filtered = query.filter(lambda account: account.balance % 2 == 0)
            assert len(db.run(filtered.take(200))) == 150
            assert len(db.run(query.paginate(500)).items) == 300
            found = sum(1 for _ in db.stream(query))
        return found

    assert in_threads(work) == [300] * THREADS
    assert len(db.run(accounts.full_scan())) == 300


def test_one_of_them_gets_the_name(models: ModuleType, db: Any) -> None:
    def take(thread: int) -> int:
        taken = 0
        for number in range(20):
            try:
                db.insert(models.NameNew(name=f"{number}"))
            except UniqueViolation:
                continue
            taken += 1
        return taken

    assert sum(in_threads(take)) == 20
    assert len(db.run(models.names.full_scan())) == 20


def test_transactions_that_fail_are_alone(models: ModuleType, db: Any) -> None:
    def work(thread: int) -> None:
        for number in range(20):
            try:
                with db.transaction():
                    db.insert(models.AccountNew(name=f"{thread}", balance=number))
                    if number % 2:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                pass

    in_threads(work)
    found = db.run(models.accounts.full_scan())
    assert len(found) == 10 * THREADS
    assert {account.balance % 2 for account in found} == {0}


@pytest.mark.parametrize("place", ["memory", "file"])
def test_counting(models: ModuleType, url: str, place: str) -> None:
    where = "sqlite://" if place == "memory" else url
    with models.server.connect(where, synchronous="normal") as db:
        id = db.insert(models.AccountNew(name="a", balance=Int64(0)))

        def count(thread: int) -> None:
            for _ in range(25):
                with db.transaction():
                    balance = db.get(id).balance + 1
                    db.patch(id, models.AccountPatch(balance=balance))

        in_threads(count)
        assert db.get(id).balance == 25 * THREADS
