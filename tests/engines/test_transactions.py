"""Transactions: all that is done inside, or nothing, and nobody sees a half of it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress
from threading import Thread
from types import ModuleType
from typing import Any

import pytest

from codegen.runtime import Conflict, DatabaseError, ValidationFailed

SCHEMA = """
tables:
  items:
    fields: {name: str}
    indexes: {by_name: [name]}
"""


class Undo(Exception):
    pass


@pytest.fixture
def items(models: ModuleType, db: Any) -> Any:
    """What the tests below do: insert a name, and list the names."""

    class Items:
        def add(self, name: str) -> Any:
            return db.insert(models.ItemNew(name=name))

        def names(self) -> str:
            return "".join(item.name for item in db.run(models.items.full_scan()))

    return Items()


def in_another_thread(call: Any) -> Any:
    """What the call returns or raises there."""
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(call())
        except BaseException as error:
            found.append(error)

    thread = Thread(target=run)
    thread.start()
    thread.join(timeout=20)
    assert found, "the other thread hangs"
    return found[0]


def test_it_is_kept_at_the_end(db: Any, items: Any) -> None:
    with db.transaction() as inside:
        assert inside is db
        items.add("a")
        items.add("b")
    assert items.names() == "ab"


@pytest.mark.parametrize("error", [Undo, KeyboardInterrupt, GeneratorExit])
def test_it_is_undone_by_an_exception(
    models: ModuleType, db: Any, items: Any, error: type[BaseException]
) -> None:
    kept = items.add("a")
    with pytest.raises(error), db.transaction():
        items.add("b")
        db.patch(kept, models.ItemPatch(name="c"))
        db.delete(kept)
        raise error
    assert items.names() == "a"
    items.add("d")
    assert items.names() == "ad"


def test_it_sees_its_own_writes(models: ModuleType, db: Any, items: Any) -> None:
    with db.transaction():
        id = items.add("a")
        assert db.get(id).name == "a"
        assert len(db.run(models.items.by_name("a"))) == 1
        db.patch(id, models.ItemPatch(name="b"))
        assert db.run(models.items.by_name("a")) == []
        assert db.run(models.items.by_name("b").unique()).id == id
        assert [item.id for item in db.stream(models.items.full_scan())] == [id]
        page = db.run(models.items.by_name().paginate(1))
        assert page.items[0].name == "b"
        db.delete(id)
        assert db.get(id) is None


def test_one_inside_another_is_undone_alone(db: Any, items: Any) -> None:
    with db.transaction():
        items.add("a")
        with suppress(Undo), db.transaction():
            items.add("b")
            with db.transaction():
                items.add("c")
            raise Undo
        items.add("d")
        with db.transaction():
            items.add("e")
            with suppress(Undo), db.transaction():
                items.add("f")
                raise Undo
            items.add("g")
    assert items.names() == "adeg"


def test_one_inside_another_is_undone_with_it(db: Any, items: Any) -> None:
    with suppress(Undo), db.transaction():
        with db.transaction():
            items.add("a")
        assert items.names() == "a"
        raise Undo
    assert items.names() == ""


def test_very_deep(db: Any, items: Any) -> None:
    def nest(depth: int) -> None:
        with db.transaction():
            items.add("x")
            if depth:
                nest(depth - 1)

    nest(50)
    assert len(items.names()) == 51


def test_a_function_is_a_transaction(models: ModuleType, db: Any, items: Any) -> None:
    def rename(inside: Any, fails: bool = False) -> str:
        assert inside is db
        before = items.names()
        items.add("b")
        if fails:
            raise Undo
        return f"{before} and {items.names()}"

    items.add("a")
    assert db.transact(rename) == "a and ab"
    with pytest.raises(Undo):
        db.transact(lambda inside: rename(inside, fails=True))
    assert items.names() == "ab"
    with db.transaction():
        with suppress(Undo):
            db.transact(lambda inside: rename(inside, fails=True))
        assert db.transact(rename) == "ab and abb"
    with pytest.raises(Undo):
        db.transact(lambda inside: inside.transact(rename) and rename(inside, True))
    assert items.names() == "abb"


def test_a_call_that_fails_does_nothing(
    models: ModuleType, db: Any, items: Any
) -> None:
    """Outside of transactions and inside, where what was done before it stays."""
    bad = models.ItemNew.model_construct()
    with pytest.raises(ValidationFailed):
        db.insert_many([models.ItemNew(name="a"), bad])
    assert items.names() == ""
    with db.transaction():
        items.add("b")
        with pytest.raises(ValidationFailed):
            db.insert_many([models.ItemNew(name="c"), bad])
        assert items.names() == "b"
    assert items.names() == "b"


def test_others_see_it_at_its_end(models: ModuleType, url: str) -> None:
    """Readers of a file go on meanwhile, with what was there before."""
    with models.server.connect(url) as db:
        db.insert(models.ItemNew(name="a"))

        def count() -> Any:
            return len(db.run(models.items.full_scan()))

        with db.transaction():
            db.insert(models.ItemNew(name="b"))
            assert (count(), in_another_thread(count)) == (2, 1)
        assert in_another_thread(count) == 2
        with suppress(Undo), db.transaction():
            db.insert(models.ItemNew(name="c"))
            assert in_another_thread(count) == 2
            raise Undo
        assert in_another_thread(count) == 2


def test_other_programs_see_it_at_its_end(models: ModuleType, url: str) -> None:
    with models.server.connect(url) as one, models.server.connect(url) as other:
        with one.transaction():
            id = one.insert(models.ItemNew(name="a"))
            assert other.get(id) is None
        assert other.get(id).name == "a"


@pytest.mark.parametrize("place", ["memory", "file"])
def test_others_wait_for_it(models: ModuleType, url: str, place: str) -> None:
    """Until the timeout: then they have a conflict, and nothing was written."""
    where = "sqlite://" if place == "memory" else url
    with models.server.connect(where, timeout_ms=50) as db:

        def insert() -> Any:
            return db.insert(models.ItemNew(name="other"))

        with db.transaction():
            db.insert(models.ItemNew(name="a"))
            assert isinstance(in_another_thread(insert), Conflict)
            if place == "memory":
                read = models.items.full_scan()
                assert isinstance(in_another_thread(lambda: db.run(read)), Conflict)
        assert type(in_another_thread(insert)) is models.ItemId
        names = [item.name for item in db.run(models.items.full_scan())]
        assert names == ["a", "other"]


@pytest.mark.parametrize("db", ["memory", "file"], indirect=True)
def test_others_go_on_after_it(models: ModuleType, db: Any, items: Any) -> None:
    found: list[Any] = []
    with db.transaction():
        items.add("a")
        thread = Thread(target=lambda: found.append(items.add("b")))
        thread.start()
        thread.join(timeout=0.05)
        assert thread.is_alive() and items.names() == "a"
    thread.join(timeout=20)
    assert items.names() == "ab" and len(found) == 1


def test_it_is_of_its_thread_alone(db: Any, items: Any) -> None:
    """A transaction of one thread does not take in what another does."""
    with suppress(Undo), db.transaction():
        items.add("a")
        raise Undo
    in_another_thread(lambda: items.add("b"))
    with suppress(Undo), db.transaction():
        raise Undo
    assert items.names() == "b"


def test_two_databases_at_once(models: ModuleType, url: str) -> None:
    with models.server.connect(url) as one, models.server.connect("sqlite://") as other:
        with suppress(Undo), one.transaction():
            one.insert(models.ItemNew(name="a"))
            other.insert(models.ItemNew(name="b"))
            raise Undo
        assert one.run(models.items.full_scan()) == []
        assert len(other.run(models.items.full_scan())) == 1


def test_a_transaction_that_is_forgotten(db: Any, items: Any) -> None:
    """Its `with` never ends, and it is undone when nobody has it any more."""
    forgotten = db.transaction()
    forgotten.__enter__()
    items.add("a")
    del forgotten
    assert items.names() == ""
    items.add("b")
    assert items.names() == "b"


def test_it_cannot_be_entered_twice(db: Any, items: Any) -> None:
    transaction = db.transaction()
    with transaction:
        items.add("a")
    with pytest.raises((RuntimeError, AttributeError, DatabaseError)), transaction:
        items.add("b")
    assert items.names() == "a"


def test_the_database_is_not_closed_inside(db: Any, items: Any) -> None:
    with db.transaction():
        items.add("a")
        with pytest.raises(RuntimeError, match="after the transaction"):
            db.close()
        items.add("b")
    assert items.names() == "ab"


def works(db: Any, items: Any) -> bool:
    """Reads, writes and transactions do what they always do."""
    before = items.names()
    items.add("x")
    with suppress(Undo), db.transaction():
        items.add("y")
        raise Undo
    with db.transaction():
        items.add("z")
    return bool(items.names() == before + "xz")


def test_one_that_ends_before_one_inside_it(db: Any, items: Any) -> None:
    """As two generators do that take turns: an error, and no harm to the database."""

    def writes() -> Generator[None]:
        with db.transaction():
            items.add("a")
            yield

    outer = writes()
    next(outer)
    with suppress(RuntimeError, DatabaseError), db.transaction():
        items.add("b")
        next(outer, None)
    outer.close()
    assert items.names() in ("", "ab")
    assert works(db, items)
    assert in_another_thread(lambda: works(db, items)) is True


def test_one_that_ends_in_another_thread(db: Any, items: Any) -> None:
    """As a generator does that a pool of threads runs: an error, and no harm."""
    transaction = db.transaction()
    transaction.__enter__()
    items.add("a")

    def leave() -> None:
        with suppress(RuntimeError, DatabaseError):
            transaction.__exit__(None, None, None)

    in_another_thread(leave)
    with suppress(RuntimeError, DatabaseError, StopIteration):
        transaction.__exit__(None, None, None)
    assert items.names() in ("", "a")
    assert works(db, items)
    assert in_another_thread(lambda: works(db, items)) is True
