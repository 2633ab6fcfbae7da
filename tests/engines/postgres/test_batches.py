"""Calls in few messages: what the server gets, and when it gets it one by one after all."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.engines.postgres import links
from codegen.engines.postgres.pipeline import statement
from codegen.engines.postgres.silence import PatientConnection
from codegen.runtime import SchemaChanged, StorageFailed, UniqueViolation
from tests.engines.packages import package
from tests.engines.postgres.conftest import Sent

SCHEMA = """
tables:
  items:
    fields: {name: str, n: float}
    indexes: {by_name: [name]}
  labels:
    fields: {name: str}
    indexes: {by_name: {fields: [name], unique: true}}
"""


@pytest.fixture
def db(models: ModuleType, postgres_url: str) -> Iterator[Any]:
    with models.server.connect(postgres_url) as made:
        made.insert(models.ItemNew(name="first", n=0))  # the connection is known now
        yield made


def test_how_many_messages_a_call_takes(
    models: ModuleType, db: Any, sent: Sent
) -> None:
    id = db.insert(models.ItemNew(name="a", n=0))
    assert sent.count() == 1
    db.patch(id, models.ItemPatch(n=1))
    assert sent.count() == 2
    db.replace(id, models.ItemNew(name="b", n=2))
    assert sent.count() == 2
    db.patch(id, models.ItemPatch(n=2))  # nothing to change: read, and ended
    assert sent.count() == 2
    db.insert(models.LabelNew(name="red"))
    assert sent.count() == 2
    db.delete(id)
    assert sent.count() == 2
    with pytest.raises(ValueError, match="ends"):
        db.transact(lambda _: fail("ends"))
    assert db.run(models.items.by_name("a")) == []


def fail(why: str) -> None:
    raise ValueError(why)


def test_after_a_rollback(models: ModuleType, db: Any, sent: Sent) -> None:
    """The server knows the statements that were prepared before."""
    for _ in range(2):
        with pytest.raises(ValueError), db.transaction():
            db.insert(models.ItemNew(name="undone", n=0))
            raise ValueError
        sent.count()
        db.insert(models.ItemNew(name="a", n=1))
        assert sent.count() == 1
    assert [item.n for item in db.run(models.items.by_name("a"))] == [1, 1]


def prepared(db: Any) -> int:
    """How many statements of batches the server knows, on the connection at hand."""
    pool = db._storage._pool
    connection = pool.take()
    (count,) = connection.execute(
        "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'tablewright%'"
    ).fetchone()
    pool.give_back(connection)
    return int(count)


def test_statements_are_prepared_once(models: ModuleType, db: Any) -> None:
    known = prepared(db)
    for n in range(3):
        id = db.insert(models.ItemNew(name="a", n=n))
        db.patch(id, models.ItemPatch(n=n + 10))
        with pytest.raises(ValueError), db.transaction():
            db.insert(models.ItemNew(name="undone", n=0))
            raise ValueError
    after = prepared(db)
    assert known < after <= known + 3  # an insert, a read and an update
    for n in range(3):
        db.patch(db.insert(models.ItemNew(name="a", n=n)), models.ItemPatch(n=n + 10))
    assert prepared(db) == after


def test_a_server_that_has_forgotten(models: ModuleType, db: Any) -> None:
    for n in range(3):
        db.insert(models.ItemNew(name="a", n=n))
        pool = db._storage._pool
        connection = pool.take()
        connection.command(b"DEALLOCATE ALL")
        pool.give_back(connection)
    assert [item.n for item in db.run(models.items.by_name("a"))] == [0, 1, 2]


def test_what_is_refused_is_not_written(models: ModuleType, db: Any) -> None:
    db.insert(models.LabelNew(name="red"))
    for _ in range(3):
        with pytest.raises(UniqueViolation):
            db.insert(models.LabelNew(name="red"))
        db.insert(models.ItemNew(name="a", n=0))
    assert len(db.run(models.labels.full_scan())) == 1
    assert len(db.run(models.items.by_name("a"))) == 3


def test_a_failure_of_the_server(
    models: ModuleType, db: Any, postgres_url: str
) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("ALTER TABLE items ADD CHECK (_document->>'name' <> 'bad')")
    known = prepared(db)
    for _ in range(5):
        with pytest.raises(StorageFailed, match="check"):
            db.insert(models.ItemNew(name="bad", n=0))
        db.insert(models.ItemNew(name="good", n=0))
    assert len(db.run(models.items.full_scan())) == 6
    assert prepared(db) <= known + 1


def test_what_was_learned_before_a_failure_stays(
    models: ModuleType, db: Any, postgres_url: str
) -> None:
    id = db.insert(models.ItemNew(name="a", n=0))
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("ALTER TABLE items ADD CHECK (_document->>'name' <> 'bad')")
    with pytest.raises(StorageFailed, match="check"):
        db.patch(id, models.ItemPatch(name="bad"))  # it reads first, which is right
    known = prepared(db)
    db.patch(id, models.ItemPatch(name="good"))
    assert db.get(id).name == "good"
    assert prepared(db) == known


def test_another_schema(
    models: ModuleType, db: Any, postgres_url: str, tmp_path: Any
) -> None:
    newer = package(tmp_path, SCHEMA.replace("n: float", "n?: float"), "newer_batches")
    newer.server.connect(postgres_url).close()
    for _ in range(2):
        with pytest.raises(SchemaChanged):
            db.insert(models.ItemNew(name="a", n=0))
    assert db.run(models.items.by_name("a")) == []


def test_somebody_listens(models: ModuleType, db: Any, postgres_url: str) -> None:
    """Who writes in batches does not tell: with somebody there it is done one by one."""
    items = models.items.by_name("a")
    with (
        models.server.connect(postgres_url) as other,
        other.subscribe(items) as answers,
    ):
        each = iter(answers)
        assert next(each) == []
        db.insert(models.ItemNew(name="a", n=1))
        assert [item.n for item in next(each)] == [1]
    for _ in range(3):
        db.insert(models.ItemNew(name="a", n=2))
    assert len(db.run(items)) == 4


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)))
values = (
    texts | st.binary() | st.integers(-(2**63), 2**63 - 1) | st.none() | st.floats()
)


@given(st.lists(values, min_size=1, max_size=4))
def test_values_arrive_as_they_are(server: str, given: list[Any]) -> None:
    types = {str: "text", bytes: "bytea", float: "float8", int: "numeric"}
    casts = [types.get(type(value), "text") for value in given]
    marks = ", ".join(f'${n}::{cast} AS "$1"' for n, cast in enumerate(casts, 1))
    with PatientConnection.connect(server, autocommit=True) as connection:
        sent = [statement(f"SELECT {marks}".encode(), given)]
        for _ in ("new", "prepared"):
            (row,) = connection.wait(connection.pipelined.run(sent)).rows
            assert list(map(repr, row)) == [
                f"Decimal('{value}')" if type(value) is int else repr(value)
                for value in given
            ]


def test_a_text_that_would_end_early() -> None:
    with pytest.raises(psycopg.DataError, match="NUL"):
        statement(b"SELECT $1", ["a\0; DROP TABLE items"])


def test_more_statements_than_are_prepared(server: str) -> None:
    with PatientConnection.connect(server, autocommit=True) as connection:
        for _ in range(2):
            for n in range(250):
                sent = [statement(f"SELECT {n} + $1::int".encode(), [1])]
                said = connection.wait(connection.pipelined.run(sent))
                assert said.rows == [(n + 1,)]
        found = connection.execute("SELECT count(*) FROM pg_prepared_statements")
        assert found.fetchone() == (100,)


def test_more_is_sent_than_the_network_holds(server: str) -> None:
    """The server is heard while it is told, or both would wait for each other."""
    text = "x" * 1_000_000
    with PatientConnection.connect(server, autocommit=True) as connection:
        sent = [statement(b"SELECT $1::text, repeat('y', 1000000)", [text])] * 30
        assert connection.wait(connection.pipelined.run(sent)).rows[0][0] == text
        found = connection.execute("SELECT count(*) FROM pg_prepared_statements")
        assert found.fetchone() == (1,)


@pytest.mark.parametrize("way", ["FROM STDIN", "TO STDOUT"])
def test_a_copy_goes_through_no_pipeline(server: str, way: str) -> None:
    with PatientConnection.connect(server, autocommit=True) as connection:
        connection.command(b"CREATE TEMPORARY TABLE copied (a text)")
        sent = [statement(f"COPY copied {way}".encode())]
        with pytest.raises(psycopg.Error, match="COPY"):
            connection.wait(connection.pipelined.run(sent))
        connection.close()


def test_without_pipelines(
    models: ModuleType, db: Any, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a libpq before 14."""
    monkeypatch.setattr(links, "IS_SUPPORTED", False)
    sent.count()
    db.insert(models.ItemNew(name="a", n=1))
    assert sent.count() == 3
    assert [item.n for item in db.run(models.items.by_name("a"))] == [1]
