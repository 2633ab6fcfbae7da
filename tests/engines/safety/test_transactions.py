"""Transactions end when their block does, however it is left, and belong to one thread."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from codegen.runtime import Closed, Conflict
from tests.engines.packages import imported, package
from tests.engines.safety.files import COUNTERS, check_file, plain, url_of
from tests.engines.safety.processes import Pipe, other


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return package(tmp_path_factory.mktemp("made"), COUNTERS, "transactions")


@pytest.fixture(params=["file", "memory"])
def db(made: Any, request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Any]:
    url = url_of(tmp_path / "t.db") if request.param == "file" else "sqlite://"
    with made.server.connect(url, timeout_ms=300) as opened:
        yield opened


def names(db: Any, made: Any) -> list[str]:
    return [counter.name for counter in db.run(made.counters.full_scan())]


class Odd(BaseException):
    """As rude as a BaseException can be."""


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit, Odd])
def test_any_exception_rolls_back_and_the_next_works(
    db: Any, made: Any, kind: type[BaseException]
) -> None:
    with pytest.raises(kind), db.transaction():
        db.insert(made.CounterNew(name="gone", n=1))
        with db.transaction():
            db.insert(made.CounterNew(name="gone too", n=1))
            raise kind
    assert names(db, made) == []
    with db.transaction():
        db.insert(made.CounterNew(name="kept", n=1))
    assert names(db, made) == ["kept"]


def test_an_interrupt_in_a_filter_inside_a_transaction(db: Any, made: Any) -> None:
    def interrupted(_: Any) -> bool:
        raise KeyboardInterrupt

    db.insert(made.CounterNew(name="before", n=1))
    query = made.counters.full_scan()
    with pytest.raises(KeyboardInterrupt), db.transaction():
        db.insert(made.CounterNew(name="gone", n=1))
        db.run(query.filter(interrupted))
    with pytest.raises(KeyboardInterrupt):
        db.run(query.filter(interrupted))
    db.insert(made.CounterNew(name="after", n=1))
    assert names(db, made) == ["before", "after"]


def test_a_generator_that_is_dropped_rolls_back(db: Any, made: Any) -> None:
    def steps() -> Generator[None]:
        with db.transaction():
            db.insert(made.CounterNew(name="gone", n=1))
            yield

    begun = steps()
    next(begun)
    begun.close()
    db.insert(made.CounterNew(name="kept", n=1))
    assert names(db, made) == ["kept"]


def hold(pipe: Pipe, file: Path, seconds: float) -> None:
    """Keeps the write lock of a file for some time."""
    with plain(file) as connection:
        connection.execute("BEGIN IMMEDIATE")
        pipe.send("held")
        sleep(seconds)
        connection.execute("ROLLBACK")


def test_an_interrupt_while_waiting_for_the_lock(made: Any, tmp_path: Path) -> None:
    """SQLite gets the lock before Python sees the signal: it must not be kept."""
    file = tmp_path / "t.db"

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with made.server.connect(url_of(file)) as db, other(hold, file, 0.5) as holder:
        assert holder.hear() == "held"
        before = signal.signal(signal.SIGALRM, interrupt)
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        try:
            with pytest.raises(KeyboardInterrupt):
                db.insert(made.CounterNew(name="gone", n=1))
        finally:
            signal.signal(signal.SIGALRM, before)
        with plain(file) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        db.insert(made.CounterNew(name="next", n=1))
        assert names(db, made) == ["next"]


def test_a_transaction_is_of_its_thread_only(db: Any, made: Any) -> None:
    with ThreadPoolExecutor(1) as pool:
        with db.transaction():
            db.insert(made.CounterNew(name="mine", n=1))
            write = pool.submit(db.insert, made.CounterNew(name="theirs", n=1))
            # It waits for this one to end, and is no part of it.
            with pytest.raises(Conflict):
                write.result()
            assert names(db, made) == ["mine"]
        pool.submit(db.insert, made.CounterNew(name="theirs", n=1)).result()
    assert names(db, made) == ["mine", "theirs"]


def test_other_threads_read_what_is_committed(made: Any, tmp_path: Path) -> None:
    with (
        made.server.connect(url_of(tmp_path / "t.db")) as db,
        ThreadPoolExecutor(1) as pool,
    ):
        with db.transaction():
            db.insert(made.CounterNew(name="mine", n=1))
            assert pool.submit(names, db, made).result() == []
        assert pool.submit(names, db, made).result() == ["mine"]


def test_nothing_is_done_with_a_closed_database(db: Any, made: Any) -> None:
    counter = made.CounterNew(name="a", n=1)
    id = db.insert(counter)
    stream = db.stream(made.counters.full_scan())
    db.close()
    db.close()
    with pytest.raises(Closed):
        next(stream)
    calls: list[Callable[[], object]] = [
        lambda: db.get(id),
        lambda: db.run(made.counters.full_scan()),
        lambda: db.run(made.counters.full_scan().filter(lambda _: True).take(1)),
        lambda: next(db.stream(made.counters.full_scan())),
        lambda: db.insert(counter),
        lambda: db.insert_many([counter]),
        lambda: db.patch(id, made.CounterPatch(n=2)),
        lambda: db.replace(id, counter),
        lambda: db.delete(id),
        lambda: db.transaction().__enter__(),
        lambda: db.explain(made.counters.full_scan()),
    ]
    with ThreadPoolExecutor(1) as pool:
        for call in calls:
            with pytest.raises(Closed):
                call()
            with pytest.raises(Closed):
                pool.submit(call).result()


def test_a_database_is_closed_after_its_transactions(db: Any, made: Any) -> None:
    with ThreadPoolExecutor(1) as pool:
        with db.transaction():
            db.insert(made.CounterNew(name="kept", n=1))
            with pytest.raises(RuntimeError):
                db.close()
            closing = pool.submit(db.close)
            sleep(0.05)
            db.insert(made.CounterNew(name="kept too", n=1))
        closing.result()
    with pytest.raises(Closed):
        names(db, made)


def test_threads_that_work_while_it_is_closed(made: Any, tmp_path: Path) -> None:
    file = tmp_path / "t.db"
    db = made.server.connect(url_of(file), synchronous="normal")

    def work() -> int:
        written = 0
        try:
            while True:
                with db.transaction():
                    db.insert(made.CounterNew(name="pair", n=1))
                    db.insert(made.CounterNew(name="pair", n=1))
                written += 2
                names(db, made)
        except Closed:
            return written

    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(work) for _ in range(4)]
        sleep(0.2)
        db.close()
        written = sum(job.result(timeout=10) for job in jobs)
    assert check_file(file, made) == written
    # No connection is left open: the last one to close takes the log along.
    assert not file.with_name("t.db-wal").exists()


@pytest.mark.parametrize("timeout_ms", [0, 300, 1000])
def test_a_write_waits_for_the_lock_as_long_as_told(
    made: Any, tmp_path: Path, timeout_ms: float
) -> None:
    file = tmp_path / "t.db"
    url = url_of(file)
    made.server.connect(url).close()
    with (
        made.server.connect(url, timeout_ms=timeout_ms) as db,
        other(hold, file, 60) as holder,
    ):
        assert holder.hear() == "held"
        id = None
        for _ in range(2):
            start = monotonic()
            with pytest.raises(Conflict):
                id = db.insert(made.CounterNew(name="a", n=1))
            assert timeout_ms - 50 <= (monotonic() - start) * 1000 < timeout_ms + 1000
        # Who only reads waits for nobody, and one more may connect.
        assert id is None and names(db, made) == []
        with made.server.connect(url, timeout_ms=timeout_ms) as second:
            assert names(second, made) == []
        holder.process.kill()
        holder.process.join()
        db.insert(made.CounterNew(name="after", n=1))
        assert names(db, made) == ["after"]


def test_a_schema_that_can_not_be_applied_in_time(made: Any, tmp_path: Path) -> None:
    wider = package(tmp_path, COUNTERS.replace("float", "float | str"), "tx_wider")
    file = tmp_path / "t.db"
    made.server.connect(url_of(file)).close()
    with other(hold, file, 60) as holder:
        assert holder.hear() == "held"
        start = monotonic()
        with pytest.raises(Conflict):
            wider.server.connect(url_of(file), timeout_ms=300)
        assert monotonic() - start < 1
    wider.server.connect(url_of(file)).close()


def keep(pipe: Pipe, folder: Path, file: Path) -> None:
    """As `hold`, by the engine itself."""
    made = imported(folder, "tx_kept")
    with made.server.connect(url_of(file)) as db, db.transaction():
        db.insert(made.CounterNew(name="theirs", n=1))
        pipe.send("held")
        pipe.recv()


def test_another_process_with_a_transaction(tmp_path: Path) -> None:
    made = package(tmp_path, COUNTERS, "tx_kept")
    file = tmp_path / "t.db"
    with (
        made.server.connect(url_of(file), timeout_ms=200) as db,
        other(keep, tmp_path, file) as holder,
    ):
        assert holder.hear() == "held"
        with pytest.raises(Conflict):
            db.insert(made.CounterNew(name="mine", n=1))
        holder.pipe.send("go")
        holder.finish()
        db.insert(made.CounterNew(name="mine", n=1))
        assert names(db, made) == ["theirs", "mine"]
