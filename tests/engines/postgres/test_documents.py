"""What is stored on a server: the documents as they are written, for any program to read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings

from codegen.engines import clock
from codegen.engines.database import Database
from codegen.runtime import Int64, UniqueViolation, gt, gte, lt, lte
from tests.engines.values import in_python, values

SCHEMA = """
tables:
  notes: {fields: Any, indexes: {by_value: [value]}}
  words:
    fields: {text: str, n?: float}
    indexes:
      by_text: {fields: [text], unique: true}
      by_n_and_text: [n, text]
"""


@pytest.fixture
def there(models: ModuleType, postgres_url: str) -> Iterator[Database]:
    with models.server.connect(postgres_url, synchronous="normal") as made:
        yield made


def rows(url: str, sql: str) -> list[Any]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchall()


def test_the_text_of_a_document(
    models: ModuleType, there: Database, postgres_url: str
) -> None:
    new = models.NoteNew(
        z='é\0"\\\n🔥</script>',
        whole=Int64(-1),
        data=b"\0\xff",
        special=[float("nan"), -0.0, 1e16, 5e-324, 1.0],
        a=None,
    )
    note: Any = there.get(there.insert(new))
    ((id, created, text),) = rows(
        postgres_url, 'SELECT _id, "_creationTime", _document::text FROM notes'
    )
    assert (id, created) == (str(note.id), note.creation_time)
    assert text == note.to_wire_json().decode()
    there.patch(note.id, models.NotePatch(b=1e300))
    ((text,),) = rows(postgres_url, "SELECT _document::text FROM notes")
    assert text == there.get(note.id).to_wire_json().decode()


def test_it_can_be_queried_by_hand(
    models: ModuleType, there: Database, postgres_url: str
) -> None:
    there.insert_many(models.WordNew(text=text, n=n) for n, text in enumerate("abc"))
    sql = (
        "SELECT _document->>'text', (_document::jsonb->>'n')::float FROM words"
        " WHERE (_document->>'n')::float > 0 ORDER BY 1"
    )
    assert rows(postgres_url, sql) == [("b", 1.0), ("c", 2.0)]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(value=values)
def test_any_value_comes_back(models: ModuleType, there: Database, value: Any) -> None:
    new = models.NoteNew(value=in_python(value))
    id = there.insert(new)
    assert exact(there.get(id)) == exact(new)
    found: Any = there.run(models.notes.by_value().order("desc").first())
    assert found is not None
    there.patch(id, models.NotePatch(value=1))
    there.patch(id, models.NotePatch(value=in_python(value)))
    assert exact(there.get(id)) == exact(new)
    there.delete(id)


def exact(model: Any) -> str:
    """Text that tells 1 from 1.0, True from 1, and -0.0 from 0.0."""
    return json.dumps(model.to_wire()["value"], sort_keys=True)


# They are equal for longer than an index of PostgreSQL can tell them apart.
LONG = [
    *("x" * 1990 + end for end in ("", "a", "b", "é")),
    *("x" * 1998 + end for end in ("", "a", "b")),
    *("x" * 2500 + end for end in ("", "a", "\0", "\0\0", "ab", "b", "🔥", "é" * 500)),
    *("x" * 100_000 + end for end in ("", "a", "b")),
    *("", "x", "y", "w" * 3000),
]


def test_long_texts_are_in_order(models: ModuleType, there: Database) -> None:
    words = models.words
    there.insert_many(models.WordNew(text=text) for text in reversed(LONG))

    def texts(query: Any) -> list[str]:
        return [word.text for word in there.run(query)]

    right = sorted(LONG)
    assert texts(words.by_text()) == right
    assert texts(words.by_text().order("desc")) == right[::-1]
    for count in (1, 3, 7, 12):
        assert texts(words.by_text().take(count)) == right[:count]
        assert texts(words.by_text().order("desc").take(count)) == right[::-1][:count]
    for bound in LONG:
        assert texts(words.by_text(bound)) == [bound]
        assert texts(words.by_text(lt(bound))) == [t for t in right if t < bound]
        assert texts(words.by_text(lte(bound))) == [t for t in right if t <= bound]
        assert texts(words.by_text(gt(bound))) == [t for t in right if t > bound]
        assert texts(words.by_text(gte(bound))) == [t for t in right if t >= bound]


@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_pages_of_long_texts(
    models: ModuleType, there: Database, direction: Any
) -> None:
    there.insert_many(models.WordNew(text=text) for text in LONG)
    query = models.words.by_text().order(direction)
    found: list[str] = []
    page = there.run(query.paginate(2))
    while True:
        found += [word.text for word in page.items]
        if page.cursor is None:
            break
        page = there.run(query.paginate(2, page.cursor))
    assert found == sorted(LONG, reverse=direction == "desc")


def test_long_texts_are_unique(models: ModuleType, there: Database) -> None:
    first = there.insert(models.WordNew(text="x" * 3000))
    there.insert(models.WordNew(text="x" * 2999))
    there.insert(models.WordNew(text="x" * 3001))
    with pytest.raises(UniqueViolation) as refused:
        there.insert(models.WordNew(text="x" * 3000))
    assert refused.value.id == first


def test_two_programs_give_one_creation_time(
    models: ModuleType, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their documents are in the order of their ids then, and none is passed over."""
    monkeypatch.setattr(clock, "now_ms", lambda: 1000.0)
    connect = models.server.connect
    with connect(postgres_url) as one, connect(postgres_url) as other:
        ids = [
            db.insert(models.WordNew(text=text, n=1.0))
            for text, db in (("a", one), ("b", other))
        ]
        assert {one.get(id).creation_time for id in ids} == {1000.0}
        for query in (models.words.full_scan(), models.words.by_n_and_text(1.0)):
            pages = [one.run(query.paginate(1))]
            while pages[-1].cursor is not None:
                pages.append(one.run(query.paginate(1, pages[-1].cursor)))
            found = [word.id for page in pages for word in page.items]
            in_order = sorted(ids) if query == models.words.full_scan() else ids
            assert found == in_order
        assert len(one.run(models.words.by_n_and_text(1.0, "a", 1000.0))) == 1
        assert len(one.run(models.words.by_creation_time(1000.0))) == 2


@pytest.mark.parametrize("analyzed", [False, True])
@pytest.mark.parametrize("count", [0, 3000])
def test_the_index_is_used(
    models: ModuleType,
    there: Database,
    postgres_url: str,
    count: int,
    analyzed: bool,
) -> None:
    """From one place to another, and nothing is sorted."""
    words = models.words
    there.insert_many(models.WordNew(text=str(n), n=n % 9) for n in range(count))
    if analyzed:
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute("ANALYZE words")
    for index, query in {
        "by_text": words.by_text("7"),
        "by_n_and_text": words.by_n_and_text(gt(3.0)),
        "by_creation_time": words.full_scan(),
    }.items():
        for direction, way in (("asc", "Scan"), ("desc", "Scan Backward")):
            plan = there.explain(query.order(direction))
            first, condition, *more = plan.splitlines()
            assert first == f'Index {way} using "words.{index}" on words'
            assert condition.strip().startswith("Index Cond:") and not more
