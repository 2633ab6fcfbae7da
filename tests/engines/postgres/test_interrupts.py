"""Interrupts, as by a keyboard or an alarm, while the server is waited for."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, ModuleType
from typing import Any

import psycopg
import pytest

from codegen.engines.database import Database
from codegen.runtime import DatabaseError

SCHEMA = """
tables:
  items: {fields: {name: str}, indexes: {by_name: [name]}}
"""


class Alarm(Exception):
    pass


@pytest.fixture
def there(models: ModuleType, postgres_url: str) -> Iterator[Database]:
    with models.server.connect(postgres_url, timeout_ms=20_000) as made:
        yield made


@contextmanager
def interrupted(error: type[BaseException], after_s: float) -> Iterator[None]:
    """Raises an error in this thread after a while."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise error

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, after_s)
    try:
        with pytest.raises(error):
            yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("error", [KeyboardInterrupt, Alarm])
def test_a_call_that_waits_for_a_lock(
    models: ModuleType, there: Any, postgres_url: str, error: type[BaseException]
) -> None:
    id = there.insert(models.ItemNew(name="a"))
    calls: list[Callable[[], object]] = [
        lambda: there.get(id),
        lambda: there.run(models.items.by_name("a").filter(bool).take(1)),
        lambda: there.insert(models.ItemNew(name="b")),
        lambda: there.transact(lambda db: db.patch(id, models.ItemPatch(name="c"))),
    ]
    with psycopg.connect(postgres_url) as admin:
        for call in [*calls, *calls]:
            admin.execute("LOCK TABLE items")
            with interrupted(error, 0.1):
                call()
            admin.rollback()
            assert [item.name for item in there.run(models.items.full_scan())] == ["a"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, Alarm])
def test_one_that_is_caught_inside_a_transaction(
    models: ModuleType, there: Any, postgres_url: str, error: type[BaseException]
) -> None:
    """The server has undone what was before it, and the end of the block says so."""
    id = there.insert(models.ItemNew(name="a"))
    with psycopg.connect(postgres_url) as admin:
        admin.execute("UPDATE items SET _id = _id")
        with pytest.raises(DatabaseError), there.transaction():
            there.insert(models.ItemNew(name="b"))
            with interrupted(error, 0.1):
                there.delete(id)
        admin.rollback()
    assert [item.name for item in there.run(models.items.full_scan())] == ["a"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, Alarm])
def test_the_connection_stays_after_ctrl_c(
    models: ModuleType, there: Any, postgres_url: str, error: type[BaseException]
) -> None:
    """After another error nobody has read what the server said: such a connection is closed."""
    id = there.insert(models.ItemNew(name="a"))

    def server_process() -> int:
        connection = there._storage._pool.take()
        number = int(connection.info.backend_pid)
        there._storage._pool.give_back(connection)
        return number

    before = server_process()
    with psycopg.connect(postgres_url) as admin:
        admin.execute("LOCK TABLE items")
        with interrupted(error, 0.1):
            there.insert(models.ItemNew(name="b"))
        admin.rollback()
    assert (server_process() == before) == (error is KeyboardInterrupt)
    there.patch(id, models.ItemPatch(name="c"))
    assert [item.name for item in there.run(models.items.full_scan())] == ["c"]


@pytest.mark.parametrize("step", ["enter", "write", "leave"])
def test_between_the_steps_of_a_call(
    models: ModuleType, there: Any, postgres_url: str, step: str
) -> None:
    """A signal's handler may run before the first line of any function."""

    def trace(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if code.co_name == step and code.co_filename.endswith("transactions.py"):
            sys.settrace(None)
            raise Alarm

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with pytest.raises(Alarm):
            there.insert(models.ItemNew(name="a"))
    finally:
        sys.settrace(before)
    assert not there._storage.in_transaction
    there.insert(models.ItemNew(name="b"))
    with models.server.connect(postgres_url) as other:
        assert [item.name for item in other.run(models.items.full_scan())] == ["b"]
