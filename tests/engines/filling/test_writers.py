"""Writers at the same time as the batches that fill search and vector indexes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from random import Random
from types import ModuleType
from typing import Any

import pytest

from codegen.engines.access import applied_schema
from codegen.engines.bare import open_bare
from codegen.engines.migration import migrate
from codegen.engines.sql import backfill
from codegen.engines.sql.backfill import Filled
from codegen.engines.table_rows import defined_tables
from codegen.migrations import Document
from tests.engines.filling.bringing import bring, check_entries, check_sound
from tests.engines.filling.conftest import Make
from tests.engines.filling.notes import COUNT, NEW, STAGED, check_answers, note

PATIENCE_S = 60


class Threads:
    """Other threads of a test, whose faults are its own."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self._faults: list[BaseException] = []

    def start(self, work: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except BaseException as fault:
                self._faults.append(fault)

        thread = threading.Thread(target=run, daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread

    def join(self) -> None:
        for thread in self._threads:
            thread.join(PATIENCE_S)
            assert not thread.is_alive()
        assert self._faults == []


def change(made: Any, random: Random, db: Any) -> None:
    """Reads a document and writes one or two, in a transaction."""
    one = random.choice(db.run(made.notes.full_scan()))
    number = random.randrange(100)
    match random.randrange(4):
        case 0:
            db.insert(note(made, number, text="new 7"))
            db.insert_many([note(made, number), note(made, number + 1)])
        case 1:
            db.patch(one.id, made.NotePatch(text=f"changed {number}", rank=-1))
        case 2:
            db.replace(one.id, note(made, number))
        case _:
            db.delete(one.id)


def write_until(
    end: threading.Event, made: Any, url: str, seed: int, **options: Any
) -> None:
    random = Random(seed)
    with made.server.connect(url, **options) as db:
        while not end.is_set():
            db.transact(partial(change, made, random))
            end.wait(0.001)


def change_all(url: str) -> None:
    """What `codegen migrate` does."""

    def change(document: Document) -> Document:
        return {**document, "text": f"{document['text']} changed"}

    with open_bare(url, 30_000) as database:
        catalog = database.catalog
        with catalog.dialect.snapshot():
            applied = applied_schema(catalog)
            layouts = catalog.layouts()
        table = defined_tables(applied.schema, layouts)["notes"]
        run = database.runner(layouts)
        migrate(
            *(catalog, run, applied, table, "m1", change),
            batch=7,
            watch=lambda _: None,
        )


@pytest.mark.parametrize("options", [{}, {"pooled": True}])
def test_writers_beside_the_batches(
    old: ModuleType,
    make: Make,
    place: str,
    fresh: str,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, Any],
) -> None:
    if options and not place.startswith("postgresql"):
        options = {"synchronous": "normal"}
    # As few as a batch can have: there are as many moments between two as can be.
    monkeypatch.setattr(backfill, "BATCH", 1)
    monkeypatch.setattr(backfill, "_ENTERED", 1)
    staged = make(STAGED, "filling_staged")
    staged.server.connect(place).close()
    threads, end = Threads(), threading.Event()
    for seed in range(3):
        threads.start(partial(write_until, end, staged, place, seed, **options))
    seen: list[Filled] = []
    try:
        bring(place, staged, seen.append, staged=True)
    finally:
        end.set()
    threads.join()
    assert len(seen) > 5
    check_sound(place)
    check_answers(make(NEW, "filling_new"), place, fresh)


def test_a_batch_waits_for_a_transaction(
    old: ModuleType, make: Make, place: str, fresh: str
) -> None:
    staged = make(STAGED, "filling_staged")
    threads = Threads()
    with staged.server.connect(place) as db:
        notes = db.run(staged.notes.full_scan())
        with db.transaction():
            db.patch(notes[0].id, staged.NotePatch(text="changed"))
            db.delete(notes[1].id)
            batches = partial(bring, place, staged, lambda _: None, staged=True)
            filling = threads.start(batches)
            filling.join(0.5)
            assert filling.is_alive()
            db.patch(notes[2].id, staged.NotePatch(text="changed"))
            db.insert(note(staged, 7, text="new 7"))
        threads.join()
    check_sound(place)
    check_answers(make(NEW, "filling_new"), place, fresh)


def test_a_writer_waits_for_a_batch(
    old: ModuleType,
    make: Make,
    place: str,
    fresh: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    staged = make(STAGED, "filling_staged")
    threads = Threads()
    begun, go_on = threading.Event(), threading.Event()
    enter = backfill.enter

    def enter_slowly(*given: Any) -> None:
        enter(*given)
        begun.set()
        assert go_on.wait(PATIENCE_S)

    monkeypatch.setattr(backfill, "enter", enter_slowly)
    with staged.server.connect(place) as db:
        notes = db.run(staged.notes.full_scan())

        def write() -> None:
            db.delete(notes[0].id)
            db.patch(notes[1].id, staged.NotePatch(text="changed"))
            db.insert(note(staged, 7, text="new 7"))

        threads.start(partial(bring, place, staged, lambda _: None, staged=True))
        assert begun.wait(PATIENCE_S)
        waiting = [threads.start(work) for work in (write, partial(change_all, place))]
        for thread in waiting:
            thread.join(0.5)
            assert thread.is_alive()
        # Who only reads waits for nobody.
        assert len(db.run(staged.notes.full_scan())) == COUNT
        go_on.set()
        threads.join()
    check_sound(place)
    check_answers(make(NEW, "filling_new"), place, fresh)


def test_a_clock_that_is_late(
    old: ModuleType,
    make: Make,
    place: str,
    fresh: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a server its documents come between those that were there."""
    staged = make(STAGED, "filling_staged")
    with staged.server.connect(place) as db:
        times = [one.creation_time for one in db.run(staged.notes.full_scan())]

    def insert_at(time: float) -> None:
        with monkeypatch.context() as patch:
            patch.setattr("codegen.engines.clock.now_ms", lambda: time)
            with staged.server.connect(place) as db:
                db.insert(note(staged, 7, text="new 7"))
        check_entries(place)

    def watch(filled: Filled) -> None:
        insert_at((times[0] + times[1]) / 2)
        insert_at((times[-1] + times[-2]) / 2)
        times.pop()

    bring(place, staged, watch, staged=True)
    check_sound(place)
    check_answers(make(NEW, "filling_new"), place, fresh)


def test_tasks_beside_the_batches(
    old: ModuleType, make: Make, place: str, fresh: str
) -> None:
    staged: Any = make(STAGED, "filling_staged")
    ids: list[Any] = []

    async def write() -> None:
        async with await staged.server.async_connect(place) as db:
            notes = await db.run(staged.notes.full_scan())

            async def change(number: int) -> None:
                await db.patch(notes[number].id, staged.NotePatch(text="changed"))
                await db.delete(notes[number + 1].id)
                ids.extend(await db.insert_many([note(staged, n) for n in (number, 7)]))

            batches = partial(bring, place, staged, lambda _: None, staged=True)
            filling = asyncio.to_thread(batches)
            writers = [change(number) for number in range(0, COUNT, 12)]
            await asyncio.gather(*writers[:2], filling, *writers[2:])

    asyncio.run(write())
    assert len(ids) == 2 * COUNT // 12
    check_sound(place)
    check_answers(make(NEW, "filling_new"), place, fresh)
