"""Whatever becomes of connections: money is moved once, or not at all."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from types import ModuleType
from typing import Any

import psycopg
import pytest

from codegen.runtime import Conflict, StorageFailed

SCHEMA = """
tables:
  accounts: {fields: {balance: int}}
  moves: {fields: {name: str}, indexes: {by_name: [name]}}
"""
ACCOUNTS = 5
THREADS = 4
MOVES = 60


@pytest.mark.slow
def test_connections_are_lost_all_the_time(
    models: ModuleType, postgres_url: str
) -> None:
    done: set[str] = set()
    unknown: set[str] = set()
    ended = Event()

    def move(db: Any, ids: list[Any], name: str) -> None:
        one, other = sorted(random.sample(ids, 2))
        amount = random.randrange(10)

        def exchange(db: Any) -> None:
            for id, change in ((one, -amount), (other, amount)):
                balance = db.get(id).balance + change
                db.patch(id, models.AccountPatch(balance=balance))
            db.insert(models.MoveNew(name=name))

        try:
            if random.random() < 0.7:
                db.transact(exchange)
            else:
                with db.transaction():
                    exchange(db)
            done.add(name)
        except (Conflict, StorageFailed) as error:
            if "may have been written" in str(error):
                unknown.add(name)

    def terminate() -> int:
        count = 0
        with psycopg.connect(postgres_url, autocommit=True) as admin:
            while not ended.wait(random.random() * 0.03):
                found = admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE"
                    " application_name = 'terminated' ORDER BY random() LIMIT 1"
                )
                count += found.rowcount
        return count

    url = f"{postgres_url}&application_name=terminated"
    with (
        models.server.connect(url, timeout_ms=10_000) as db,
        ThreadPoolExecutor(THREADS + 1) as pool,
    ):
        ids = db.insert_many([models.AccountNew(balance=100)] * ACCOUNTS)
        killer = pool.submit(terminate)
        names = [f"move {number}" for number in range(THREADS * MOVES)]
        try:
            for job in [pool.submit(move, db, ids, name) for name in names]:
                job.result(60)
        finally:
            ended.set()
        assert killer.result(60) > 5
        written = Counter(found.name for found in db.run(models.moves.full_scan()))
        assert max(written.values()) == 1
        assert done <= set(written) <= done | unknown
        assert len(done) > len(names) / 2
        balances = [found.balance for found in db.run(models.accounts.full_scan())]
        assert sum(balances) == 100 * ACCOUNTS
