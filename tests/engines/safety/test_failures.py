"""Storage that fails while it is used: nothing is written half, and the next call works."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen.runtime import DatabaseError, StorageFailed
from tests.engines.packages import imported, package
from tests.engines.safety.files import COUNTERS, check_file, plain, url_of
from tests.engines.safety.processes import Pipe, other

LONG = "x" * 100_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return package(tmp_path_factory.mktemp("made"), COUNTERS, "failures")


@pytest.fixture(params=["file", "memory"])
def db(made: Any, request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Any]:
    url = url_of(tmp_path / "full.db") if request.param == "file" else "sqlite://"
    with made.server.connect(url) as opened:
        opened.insert(made.CounterNew(name="before", n=0))
        limit_pages(opened, 60)
        yield opened


def limit_pages(db: Any, pages: int) -> None:
    """As a full disk does: SQLite gets no more pages than these."""
    db._storage._writer.connection.execute(f"PRAGMA max_page_count={pages}")


def names(db: Any, made: Any) -> list[str]:
    return [counter.name for counter in db.run(made.counters.full_scan())]


def fill(db: Any, made: Any) -> None:
    for n in range(20):
        db.insert(made.CounterNew(name=LONG, n=n))


def test_a_write_on_a_full_disk(db: Any, made: Any) -> None:
    with pytest.raises(StorageFailed, match="full"):
        fill(db, made)
    stored = len(names(db, made))
    with pytest.raises(StorageFailed, match="full"):
        db.insert_many([made.CounterNew(name="x", n=1)] * 5000)
    assert len(names(db, made)) == stored
    limit_pages(db, 10_000)
    db.insert(made.CounterNew(name="after", n=1))
    assert names(db, made)[-1] == "after"


def test_a_transaction_on_a_full_disk(db: Any, made: Any) -> None:
    with pytest.raises(StorageFailed), db.transaction():
        db.insert(made.CounterNew(name="gone", n=1))
        fill(db, made)
    assert names(db, made) == ["before"]


def fill_nested(db: Any, made: Any) -> None:
    with db.transaction():
        fill(db, made)


def fill_at_once(db: Any, made: Any) -> None:
    db.insert_many([made.CounterNew(name=LONG, n=n) for n in range(20)])


@pytest.mark.parametrize("attempt", [fill, fill_nested, fill_at_once])
def test_a_transaction_that_goes_on_after_a_failure_is_whole_or_nothing(
    db: Any, made: Any, attempt: Callable[[Any, Any], None]
) -> None:
    """SQLite may undo just the statement, or all: in that case nothing more is done."""
    committed = False
    try:
        with db.transaction():
            db.insert(made.CounterNew(name="first", n=1))
            with pytest.raises(StorageFailed):
                attempt(db, made)
            db.insert(made.CounterNew(name="second", n=1))
        committed = True
    except StorageFailed:
        pass
    kept = [name for name in names(db, made) if name != LONG]
    assert kept == (["before", "first", "second"] if committed else ["before"])
    limit_pages(db, 10_000)
    db.insert(made.CounterNew(name="after", n=1))


def roll_back_by_itself(db: Any, made: Any) -> None:
    """A write after which SQLite undoes all, as after some failures of the disk."""
    db._storage._writer.connection.execute(
        "CREATE TEMP TRIGGER IF NOT EXISTS failure BEFORE INSERT ON main.counters"
        " WHEN NEW._document LIKE '%failure%'"
        " BEGIN SELECT RAISE(ROLLBACK, 'the disk failed'); END"
    )
    with pytest.raises(StorageFailed):
        db.insert(made.CounterNew(name="failure", n=1))


def test_documents_of_a_caller_who_goes_on_after_a_rollback(db: Any, made: Any) -> None:
    """Nothing of them is stored on its own."""

    def more() -> Iterator[Any]:
        yield from (made.CounterNew(name="lost", n=n) for n in range(150))
        roll_back_by_itself(db, made)
        yield from (made.CounterNew(name="lost", n=n) for n in range(150))

    with pytest.raises(StorageFailed, match="rolled back"):
        db.insert_many(more())
    assert names(db, made) == ["before"]
    db.insert(made.CounterNew(name="after", n=1))


def test_a_transaction_inside_one_that_was_rolled_back(db: Any, made: Any) -> None:
    with pytest.raises(StorageFailed, match="rolled back"), db.transaction():
        roll_back_by_itself(db, made)
        with pytest.raises(StorageFailed, match="rolled back"), db.transaction():
            raise AssertionError("it does not begin")
        with pytest.raises(StorageFailed, match="rolled back"):
            db.insert_many([made.CounterNew(name="lost", n=1)])
    db.insert(made.CounterNew(name="after", n=1))
    assert names(db, made) == ["before", "after"]


class Interrupted(BaseException):
    """What is no error, as Ctrl+C."""


def test_a_query_that_is_interrupted(db: Any, made: Any) -> None:
    """Its connection is not used again: it may be in the middle of a statement."""

    def interrupt(counter: Any) -> bool:
        raise Interrupted

    used = len(db._storage._readers)
    for _ in range(2):
        with pytest.raises(Interrupted):
            db.run(made.counters.full_scan().filter(interrupt))
        assert len(db._storage._readers) <= used
    assert names(db, made) == ["before"]
    db.insert(made.CounterNew(name="after", n=1))


def test_a_transaction_that_sqlite_rolled_back_does_not_go_on_half(
    db: Any, made: Any
) -> None:

    def nested() -> None:
        with db.transaction():
            pass

    id = db.run(made.counters.full_scan().first()).id
    calls: list[Callable[[], object]] = [
        lambda: db.insert(made.CounterNew(name="half", n=1)),
        lambda: db.insert_many([made.CounterNew(name="half", n=1)]),
        lambda: db.patch(id, made.CounterPatch(name="half")),
        lambda: db.delete(id),
        lambda: db.get(id),
        lambda: names(db, made),
        nested,
    ]
    for call in calls:
        with pytest.raises(StorageFailed), db.transaction():
            db.insert(made.CounterNew(name="gone", n=1))
            roll_back_by_itself(db, made)
            # Whatever comes next, it is refused, again and again.
            for _ in range(2):
                with pytest.raises(StorageFailed):
                    call()
        assert names(db, made) == ["before"]


def test_a_nested_transaction_that_sqlite_rolled_back(db: Any, made: Any) -> None:
    with pytest.raises(StorageFailed), db.transaction():
        db.insert(made.CounterNew(name="gone", n=1))
        with pytest.raises(StorageFailed), db.transaction():
            roll_back_by_itself(db, made)
        db.insert(made.CounterNew(name="half", n=1))
    assert names(db, made) == ["before"]


def test_one_that_was_rolled_back_and_does_nothing_more(db: Any, made: Any) -> None:
    with pytest.raises(StorageFailed), db.transaction():
        db.insert(made.CounterNew(name="gone", n=1))
        roll_back_by_itself(db, made)
    assert names(db, made) == ["before"]


def limited_files(pipe: Pipe, folder: Path, name: str) -> None:
    """The system refuses to make any file longer: writes of the log fail half way."""
    made = imported(folder, name)
    file = folder / "limited.db"
    db = made.server.connect(url_of(file))
    db.insert(made.CounterNew(name="before", n=0))
    written = 1
    log = os.path.getsize(f"{file}-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (log + 50_000, resource.RLIM_INFINITY))
    failures = 0
    for n in range(40):
        try:
            with db.transaction():
                db.insert(made.CounterNew(name="pair", n=n))
                db.insert(made.CounterNew(name="pair", n=n))
                db.insert(made.CounterNew(name="x" * 3000, n=n))
            written += 3
        except StorageFailed:
            failures += 1
            assert len(names(db, made)) == written
    assert failures > 5
    resource.setrlimit(
        resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    )
    db.insert(made.CounterNew(name="after", n=0))
    assert len(names(db, made)) == written + 1
    db.close()
    pipe.send(written + 1)


def test_a_log_that_can_not_grow(tmp_path: Path) -> None:
    made = package(tmp_path, COUNTERS, "failing_log")
    with other(limited_files, tmp_path, "failing_log") as process:
        written = process.hear()
        process.finish()
    assert check_file(tmp_path / "limited.db", made) == written


def test_a_schema_that_has_no_room(tmp_path: Path) -> None:
    old = package(tmp_path, COUNTERS, "room_old")
    file = tmp_path / "a.db"
    with old.server.connect(url_of(file)) as db:
        db.insert_many([old.CounterNew(name="x" * 900, n=n) for n in range(200)])
    wider = f"{COUNTERS}      by_all: [name, n]\n"
    new = package(tmp_path, wider, "room_new")
    with other(apply_without_room, tmp_path, "room_new", file) as process:
        assert issubclass(process.hear(), DatabaseError)
        process.finish()
    with plain(file) as connection:
        columns = connection.execute("PRAGMA table_info(counters)").fetchall()
        assert "by_all" not in [column[1] for column in columns]
    assert check_file(file, old) == 200
    new.server.connect(url_of(file)).close()
    assert check_file(file, new) == 200


def apply_without_room(pipe: Pipe, folder: Path, name: str, file: Path) -> None:
    made = imported(folder, name)
    made.server.connect("sqlite://").close()
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))
    try:
        made.server.connect(url_of(file))
    except Exception as error:
        pipe.send(type(error))
