"""A server that is stopped and started again while others write."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from random import Random
from threading import Event
from time import sleep
from types import ModuleType
from typing import Any, NamedTuple

from codegen.runtime import Conflict, StorageFailed
from tests.engines.postgres.restarts import Restartable
from tests.engines.sound import documents_if_sound

SCHEMA = """
tables:
  pairs:
    fields: {name: str, n: float}
    indexes: {by_name: [name, n]}
"""
_WRITERS = 4


class Stopped(NamedTuple):
    """How many writes of a pair succeeded, failed, and failed without saying whether they did."""

    done: int
    failed: int
    unknown: int


class _Writer:
    """Writes pairs of documents, each in its own way and under a name of its own."""

    def __init__(self, models: ModuleType, db: Any, number: int) -> None:
        self.done: set[str] = set()
        self.failed: set[str] = set()
        self.unknown: set[str] = set()
        self._new = models.PairNew
        self._db = db
        self._number = number

    def write_until(self, ended: Event) -> None:
        for step in count():
            if ended.is_set():
                return
            name = f"{self._number}.{step}"
            try:
                self._write(name, step)
                self.done.add(name)
            except (Conflict, StorageFailed) as error:
                maybe = "may have been written" in str(error)
                (self.unknown if maybe else self.failed).add(name)
                sleep(0.005)

    def _write(self, name: str, step: int) -> None:
        pair = [self._new(name=name, n=n) for n in range(2)]
        if step % 3 == 0:
            self._db.insert_many(pair)
        elif step % 3 == 1:
            self._db.transact(lambda db: [db.insert(one) for one in pair])
        else:
            with self._db.transaction():
                for one in pair:
                    self._db.insert(one)


def stop_under_load(
    models: ModuleType, server: Restartable, url: str, stops: int, seed: int = 8
) -> Stopped:
    """Stops and starts a server so many times under some writers; a database of `SCHEMA` is there.

    Asserts that each pair that a writer knew to be written is there once, one that failed is
    not, and none is there by half or twice.
    """
    random, ended = Random(seed), Event()
    with (
        models.server.connect(url, timeout_ms=10_000) as db,
        ThreadPoolExecutor(_WRITERS) as pool,
    ):
        writers = [_Writer(models, db, number) for number in range(_WRITERS)]
        writing = [pool.submit(writer.write_until, ended) for writer in writers]
        try:
            for _ in range(stops):
                sleep(random.uniform(0.05, 0.3))
                server.stop()
                sleep(random.uniform(0, 0.2))
                server.start()
            with suppress(Conflict, StorageFailed):
                db.run(models.pairs.full_scan().first())
            sleep(0.3)
        finally:
            ended.set()
        for one in writing:
            one.result(60)
        found = Counter(pair.name for pair in db.run(models.pairs.full_scan()))
    done, failed, unknown = (
        set[str]().union(*(getattr(writer, kind) for writer in writers))
        for kind in ("done", "failed", "unknown")
    )
    assert set(found.values()) == {2}
    assert done <= set(found) <= done | unknown
    assert documents_if_sound(url) == 2 * len(found)
    return Stopped(len(done), len(failed), len(unknown))
