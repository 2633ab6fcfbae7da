"""Processes that connect at once, to a new database or to one with an older schema."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from codegen.engines.sqlite.connection import Target
from codegen.runtime import DatabaseError, NewerSchema, SchemaChanged
from tests.engines.packages import imported, package
from tests.engines.safety.conftest import NewPlace
from tests.engines.safety.files import COUNTERS, check_file, url_of
from tests.engines.safety.places import Place
from tests.engines.safety.processes import Pipe, other

WIDER = COUNTERS.replace("n: float", "n: float | str, more?: str")
ROUNDS = 15


def connect(pipe: Pipe, folder: Path, name: str) -> None:
    """Connects to each database that it is told, at the moment it is told, and writes there."""
    made = imported(folder, name)
    made.server.connect("sqlite://").close()
    pipe.send("ready")
    while url := pipe.recv():
        try:
            with made.server.connect(url, synchronous="normal") as db:
                for n in range(5):
                    db.insert(made.CounterNew(name=name, n=n))
            pipe.send("fine")
        except DatabaseError as error:
            pipe.send(f"{type(error).__name__}: {error}")
    pipe.send("bye")


def answers(folder: Path, names: list[str], places: list[Place]) -> list[list[str]]:
    with ExitStack() as stack:
        others = [stack.enter_context(other(connect, folder, name)) for name in names]
        for one in others:
            assert one.hear() == "ready"
        found: list[list[str]] = []
        for place in places:
            for one in others:
                one.pipe.send(place.url)
            found.append([one.hear() for one in others])
        return found


@pytest.mark.slow
def test_a_new_database_is_made_once(tmp_path: Path, new_place: NewPlace) -> None:
    made = package(tmp_path, COUNTERS, "races_new")
    places = [new_place() for _ in range(ROUNDS)]
    for said in answers(tmp_path, ["races_new"] * 4, places):
        assert said == ["fine"] * 4
    for place in places:
        assert place.check(made) == 20


@pytest.mark.slow
def test_an_older_schema_is_changed_once(tmp_path: Path, new_place: NewPlace) -> None:
    old = package(tmp_path, COUNTERS, "races_old")
    new = package(tmp_path, WIDER, "races_wider")
    places = [new_place() for _ in range(ROUNDS)]
    for place in places:
        old.server.connect(place.url).close()
    for said in answers(tmp_path, ["races_wider"] * 4, places):
        assert said == ["fine"] * 4
    for place in places:
        assert place.check(new) == 20


@pytest.mark.slow
def test_of_two_schemas_the_older_is_refused_by_name(
    tmp_path: Path, new_place: NewPlace
) -> None:
    old = package(tmp_path, COUNTERS, "races_a")
    package(tmp_path, WIDER, "races_b")
    places = [new_place() for _ in range(ROUNDS)]
    for place in places:
        old.server.connect(place.url).close()
    for first, second in answers(tmp_path, ["races_a", "races_b"], places):
        assert second == "fine"
        assert first.partition(":")[0] in ("fine", "NewerSchema", "SchemaChanged")


def test_a_program_with_the_older_schema_writes_no_more(
    tmp_path: Path, place: Place
) -> None:
    old = package(tmp_path, COUNTERS, "races_before")
    new = package(tmp_path, WIDER, "races_after")
    url = place.url
    with old.server.connect(url) as before:
        id = before.insert(old.CounterNew(name="a", n=1))
        with new.server.connect(url) as after:
            after.insert(new.CounterNew(name="b", n="two"))
            with pytest.raises(SchemaChanged):
                before.insert(old.CounterNew(name="c", n=3))
            with pytest.raises(SchemaChanged):
                before.patch(id, old.CounterPatch(n=2))
            after.insert(new.CounterNew(name="d", n=4))
            with pytest.raises(NewerSchema):
                old.server.connect(url)
            assert len(after.run(new.counters.full_scan())) == 3
    assert place.check(new) == 3


def test_a_schema_waits_for_a_transaction(tmp_path: Path, place: Place) -> None:
    old = package(tmp_path, COUNTERS, "races_open")
    package(tmp_path, WIDER, "races_late")
    with (
        old.server.connect(place.url) as db,
        other(connect, tmp_path, "races_late") as late,
    ):
        assert late.hear() == "ready"
        with db.transaction():
            db.insert(old.CounterNew(name="a", n=1))
            late.pipe.send(place.url)
            sleep(0.3)
            db.insert(old.CounterNew(name="b", n=2))
            assert not late.pipe.poll()
        assert late.hear() == "fine"


def test_a_file_is_opened_twice_in_one_process(tmp_path: Path) -> None:
    """A process that closes any descriptor of a file loses all its locks there.

    Another that comes and goes would then take the log of writes along.
    """
    made = package(tmp_path, COUNTERS, "races_twice")
    file = tmp_path / "one.db"
    with made.server.connect(url_of(file)) as first:
        first.insert(made.CounterNew(name="a", n=1))
        with made.server.connect(url_of(file)) as second:
            second.insert(made.CounterNew(name="b", n=1))
        with other(connect, tmp_path, "races_twice") as visitor:
            assert visitor.hear() == "ready"
            visitor.pipe.send(url_of(file))
            assert visitor.hear() == "fine"
        first.insert(made.CounterNew(name="c", n=1))
    assert check_file(file, made) == 8


class _Interleaved:
    """Stands for a connection that lets others work before each of its statements."""

    def __init__(self, connection: Any, before: Callable[[], None]) -> None:
        self._connection = connection
        self._before = before

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str, *values: Any) -> Any:
        self._before()
        return self._connection.execute(sql, *values)


def test_a_look_at_a_file_that_is_just_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between any two statements of one that connects, another makes the file."""
    made = package(tmp_path, COUNTERS, "races_steps")
    opened = Target.open
    for moment in range(30):
        file = tmp_path / f"{moment}.db"
        ran = 0

        def before(file: Path = file, moment: int = moment) -> None:
            nonlocal ran
            ran += 1
            if ran == moment + 1:
                monkeypatch.setattr(Target, "open", opened)
                made.server.connect(url_of(file), timeout_ms=0).close()

        def interleaved(target: Target, *, writes: bool = False) -> Any:
            return _Interleaved(opened(target, writes=writes), before)

        monkeypatch.setattr(Target, "open", interleaved)
        try:
            made.server.connect(url_of(file)).close()
        except DatabaseError as error:
            # Inside the transaction of one, the other has to wait: it did not want to.
            assert type(error).__name__ == "Conflict", (moment, error)
        monkeypatch.setattr(Target, "open", opened)
        made.server.connect(url_of(file)).close()
        assert check_file(file, made) == 0
