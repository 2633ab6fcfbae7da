"""New indexes of tables with many documents: built in batches, by whoever is alive."""

from __future__ import annotations

import signal
import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from codegen.engines.sql import backfill
from codegen.engines.sql.backfill import Filled
from codegen.runtime import SchemaChanged, SchemaMismatch
from tests.engines.filling.bringing import bring, kill_after
from tests.engines.packages import imported, package
from tests.engines.safety.places import Place
from tests.engines.safety.processes import Pipe, other

OLD = """\
tables:
  users:
    fields: {name: str, age: float, team?: str}
    indexes:
      by_name: [name]
"""
BY_AGE = f"{OLD}      by_age: [age, name]\n"
STAGED = f"{OLD}      by_age: {{fields: [age, name], staged: true}}\n"
COUNT = 3500

Make = Callable[[str, str], ModuleType]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    return lambda schema, name: package(tmp_path, schema, name)


@pytest.fixture
def old(make: Make, place: Place) -> ModuleType:
    """The package of before, of whose documents the database has many."""
    made = make(OLD, "backfill_old")
    with made.server.connect(place.url) as db:
        db.insert_many(made.UserNew(name=f"n{n}", age=n % 50) for n in range(COUNT))
    return made


def ages(made: Any, place: Place) -> list[float]:
    with made.server.connect(place.url) as db:
        return [user.age for user in db.run(made.users.by_age())]


def is_built(place: Place) -> bool:
    return "users.by_age" in place.indexes("users")


@pytest.mark.parametrize("batches", [1, 2, 4])
def test_a_kill_in_the_middle(
    old: ModuleType, make: Make, place: Place, tmp_path: Path, batches: int
) -> None:
    new = make(BY_AGE, "backfill_new")
    with other(kill_after, tmp_path, "backfill_new", place.url, batches) as killed:
        assert killed.hear() == min(COUNT, batches * backfill.BATCH)
        killed.process.join(30)
        assert killed.process.exitcode == -signal.SIGKILL
    assert not is_built(place)
    seen: list[Filled] = []
    bring(place.url, new, seen.append)
    # What was done before is not done again.
    assert len(seen) == 4 - batches
    assert all(f.documents == COUNT and f.indexes == ("by_age",) for f in seen)
    assert is_built(place)
    assert ages(new, place) == sorted(n % 50 for n in range(COUNT))
    assert place.check(new) == COUNT


def test_connecting_ends_what_another_began(
    old: ModuleType, make: Make, place: Place, tmp_path: Path
) -> None:
    new = make(BY_AGE, "backfill_new")
    with other(kill_after, tmp_path, "backfill_new", place.url, 2) as killed:
        killed.hear()
        killed.process.join(30)
    assert ages(new, place) == sorted(n % 50 for n in range(COUNT))
    assert place.check(new) == COUNT
    before = place.trace()
    new.server.connect(place.url).close()
    assert place.trace() == before


def connect(pipe: Pipe, folder: Path, name: str, url: str) -> None:
    made = imported(folder, name)
    pipe.send("ready")
    pipe.recv()
    with made.server.connect(url) as db:
        pipe.send(len(db.run(made.users.by_age())))


def test_two_that_start_at_once(
    old: ModuleType, make: Make, place: Place, tmp_path: Path
) -> None:
    new = make(BY_AGE, "backfill_new")
    arguments = (tmp_path, "backfill_new", place.url)
    with other(connect, *arguments) as one, other(connect, *arguments) as two:
        for process in (one, two):
            assert process.hear() == "ready"
        for process in (one, two):
            process.pipe.send("go")
        assert [one.hear(), two.hear()] == [COUNT, COUNT]
        one.finish()
        two.finish()
    assert place.check(new) == COUNT


def test_writers_during_the_backfill(
    old: ModuleType, make: Make, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer with the schema that is being applied loses nothing, one without it is told."""
    new = make(STAGED, "backfill_staged")
    monkeypatch.setattr(backfill, "BATCH", 200)
    faults: list[BaseException] = []
    with old.server.connect(place.url) as before:
        new.server.connect(place.url).close()  # staged: nothing is built
        assert not is_built(place)
        users = before.run(old.users.full_scan())
        with pytest.raises(SchemaChanged):
            before.insert(old.UserNew(name="x", age=1))
    going = threading.Event()

    def change() -> None:
        try:
            with new.server.connect(place.url) as db:
                for number, user in enumerate(users[::7]):
                    if number == 10:
                        going.set()
                    id = new.UserId(str(user.id))
                    db.patch(id, new.UserPatch(age=1000 + number))
                    db.insert(new.UserNew(name="new", age=2000 + number))
                    db.delete(new.UserId(str(users[number * 7 + 1].id)))
        except BaseException as error:
            faults.append(error)
            going.set()

    writer = threading.Thread(target=change)
    writer.start()
    going.wait(30)
    bring(place.url, new, lambda _: None, staged=True)
    writer.join(60)
    assert faults == []
    assert is_built(place)
    assert place.check(new) == COUNT
    made = make(BY_AGE, "backfill_new")
    seen: list[Filled] = []
    bring(place.url, made, seen.append)
    assert seen == []
    assert ages(made, place)[-500:] == [2000.0 + n for n in range(500)]


def test_an_index_that_is_dropped_before_it_is_built(
    old: ModuleType, make: Make, place: Place
) -> None:
    make(STAGED, "backfill_staged").server.connect(place.url).close()
    with old.server.connect(place.url, older_schema=True) as db:
        db.insert(old.UserNew(name="x", age=1))
    assert place.check(old) == COUNT + 1


def test_an_unbuilt_index_that_becomes_unique(
    old: ModuleType, make: Make, place: Place
) -> None:
    make(STAGED, "backfill_staged").server.connect(place.url).close()
    unique = f"{OLD}      by_age: {{fields: [age, name], unique: true}}\n"
    made = make(unique, "backfill_unique")
    assert ages(made, place) == sorted(n % 50 for n in range(COUNT))
    assert place.check(made) == COUNT
    clashing = unique.replace("[age, name]", "[age]")
    with pytest.raises(SchemaMismatch) as refused:
        make(clashing, "backfill_clash").server.connect(place.url)
    assert refused.value.count == COUNT - 50
    assert len(refused.value.ids) == 20


def test_a_schema_that_is_applied_meanwhile(
    old: ModuleType, make: Make, place: Place
) -> None:
    new, newer = make(BY_AGE, "backfill_new"), make(
        OLD.replace("team?: str", "team?: str | None"), "backfill_newer"
    )

    def interfere(filled: Filled) -> None:
        if filled.done < 2 * backfill.BATCH:
            newer.server.connect(place.url).close()

    with pytest.raises(SchemaChanged):
        bring(place.url, new, interfere)
    assert place.check(newer) == COUNT


@pytest.mark.slow
def test_memory_is_bounded(make: Make, place: Place) -> None:
    """50,000 documents of 2 KiB are 100 MiB: only some are in memory at a time."""
    old = make(OLD, "backfill_old")
    text = "x" * 2000
    with old.server.connect(place.url) as db:
        for first in range(0, 50_000, 1000):
            numbers = range(first, first + 1000)
            db.insert_many(old.UserNew(name=f"{n}{text}", age=n) for n in numbers)
    new = make(BY_AGE.replace("age: float", "age: float | int"), "backfill_new")
    tracemalloc.start()
    try:
        bring(place.url, new, lambda _: None)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 16 << 20
    assert place.check(new) == 50_000
