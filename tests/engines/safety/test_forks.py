"""A database that was opened before `os.fork` works in the parent and in the child."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any

from codegen.runtime import Closed
from tests.engines.packages import imported, package
from tests.engines.safety.files import COUNTERS, plain, url_of
from tests.engines.safety.places import Place
from tests.engines.safety.processes import Pipe, other


def forked(work: Callable[[], object]) -> int:
    """Forks, and runs this in the child, which ends with code 0 if nothing was raised."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def ended_well(pid: int) -> bool:
    return os.waitpid(pid, 0)[1] == 0


def names(db: Any, made: Any) -> set[str]:
    return {counter.name for counter in db.run(made.counters.full_scan())}


# Each of these runs in a process of its own, whose forks have no threads of pytest's.


def both_work(pipe: Pipe, folder: Path, name: str, url: str) -> None:
    made = imported(folder, name)
    db = made.server.connect(url)
    db.insert(made.CounterNew(name="before", n=0))
    assert names(db, made) == {"before"}

    def child() -> None:
        assert "before" in names(db, made)
        for n in range(50):
            db.insert(made.CounterNew(name=f"child {n}", n=n))
        assert "child 49" in names(db, made)
        db.close()

    pid = forked(child)
    for n in range(50):
        db.insert(made.CounterNew(name=f"parent {n}", n=n))
    assert ended_well(pid)
    assert len(names(db, made)) == 101
    db.close()


def child_outlives_the_parents_database(
    pipe: Pipe, folder: Path, name: str, url: str
) -> None:
    made = imported(folder, name)
    db = made.server.connect(url)
    db.insert(made.CounterNew(name="before", n=0))
    closed, go = os.pipe()
    opened, tell = os.pipe()

    def child() -> None:
        db.insert(made.CounterNew(name="child early", n=0))
        os.write(tell, b".")
        os.read(closed, 1)
        db.insert(made.CounterNew(name="child late", n=0))
        assert {"before", "child early", "child late"} <= names(db, made)

    pid = forked(child)
    os.read(opened, 1)
    db.close()
    # The last to close tidies up: another comes and goes, too.
    with made.server.connect(url) as third:
        third.insert(made.CounterNew(name="third", n=0))
    os.write(go, b".")
    assert ended_well(pid)
    with made.server.connect(url) as after:
        assert names(after, made) == {"before", "child early", "child late", "third"}


def another_thread_writes(pipe: Pipe, folder: Path, name: str, url: str) -> None:
    made = imported(folder, name)
    db = made.server.connect(url, timeout_ms=5000)
    inside = Event()

    def hold() -> None:
        with db.transaction():
            db.insert(made.CounterNew(name="held", n=0))
            inside.set()
            sleep(0.3)

    thread = Thread(target=hold)
    thread.start()
    inside.wait()
    pid = forked(lambda: db.insert(made.CounterNew(name="child", n=0)))
    thread.join()
    assert ended_well(pid)
    assert names(db, made) == {"held", "child"}


def inside_a_transaction(pipe: Pipe, folder: Path, name: str, url: str) -> None:
    """The transaction stays the parent's: the child leaves its block without a trace."""
    made = imported(folder, name)
    db = made.server.connect(url, timeout_ms=200)
    parent = os.getpid()
    pid = 0
    try:
        with db.transaction():
            db.insert(made.CounterNew(name="parent", n=0))
            pid = os.fork()
            if pid == 0:
                raise LookupError
            assert ended_well(pid)
    except LookupError:
        os._exit(0)
    finally:
        if os.getpid() != parent:
            os._exit(1)
    assert names(db, made) == {"parent"}


def memory_is_copied(pipe: Pipe, folder: Path, name: str, url: str) -> None:
    made = imported(folder, name)
    db = made.server.connect(url)
    db.insert(made.CounterNew(name="before", n=0))

    def child() -> None:
        db.insert(made.CounterNew(name="child", n=0))
        assert names(db, made) == {"before", "child"}

    assert ended_well(forked(child))
    assert names(db, made) == {"before"}


def closed_stays_closed(pipe: Pipe, folder: Path, name: str, url: str) -> None:
    made = imported(folder, name)
    db = made.server.connect(url)
    db.close()

    def child() -> None:
        try:
            names(db, made)
        except Closed:
            return
        raise AssertionError

    assert ended_well(forked(child))


def run(tmp_path: Path, story: Callable[[Pipe, Path, str, str], None], url: str) -> Any:
    made = package(tmp_path, COUNTERS, story.__name__)
    with other(story, tmp_path, story.__name__, url) as process:
        process.finish()
    return made


def test_parent_and_child_both_work(tmp_path: Path, place: Place) -> None:
    made = run(tmp_path, both_work, place.url)
    assert place.check(made) == 101


def test_the_child_goes_on_after_the_parent_closed(
    tmp_path: Path, place: Place
) -> None:
    made = run(tmp_path, child_outlives_the_parents_database, place.url)
    assert place.check(made) == 4


def test_a_fork_while_another_thread_writes(tmp_path: Path, place: Place) -> None:
    made = run(tmp_path, another_thread_writes, place.url)
    assert place.check(made) == 2


def test_a_fork_inside_a_transaction(tmp_path: Path, place: Place) -> None:
    made = run(tmp_path, inside_a_transaction, place.url)
    assert place.check(made) == 1


def test_a_fork_copies_a_database_in_memory(tmp_path: Path) -> None:
    run(tmp_path, memory_is_copied, "sqlite://")


def test_a_closed_database_is_closed_in_the_child(tmp_path: Path, place: Place) -> None:
    made = run(tmp_path, closed_stays_closed, place.url)
    assert place.check(made) == 0


def test_a_file_keeps_its_log(tmp_path: Path) -> None:
    run(tmp_path, closed_stays_closed, url_of(tmp_path / "f.db"))
    with plain(tmp_path / "f.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
