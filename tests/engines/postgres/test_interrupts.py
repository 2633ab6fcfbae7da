"""Interrupts, as by a keyboard or an alarm, while the server is waited for."""

from __future__ import annotations

import signal
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
