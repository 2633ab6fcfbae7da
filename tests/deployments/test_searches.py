"""Search and vector queries run on a deployment's own indexes.

The mock finds words that begin with what is searched for, in the order of insertion; how a server
ranks them is not seen here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from codegen.convex import Options, Unsupported
from codegen.runtime import (
    ABSENT,
    InvalidQuery,
    NotUnique,
    Page,
    TooManyResults,
    any_of,
)
from tests.deployments.both_ways import Way
from tests.deployments.deployed_schema import deployed_schema
from tests.deployments.faulty import answers, gives, serving
from tests.deployments.mock_deployment import Place
from tests.engines.packages import package

SCHEMA = """
tables:
  notes:
    fields:
      text: str
      kind: Literal["open", "done"]
      meta?: {owner: str}
      size: int | None
      vector: list[float]
    searchIndexes:
      search_text: {field: text, filters: [kind, meta.owner, size]}
    vectorIndexes:
      by_vector: {field: vector, dimensions: 2, filters: [kind, size]}
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return package(tmp_path_factory.mktemp("searches"), SCHEMA, "deployed_notes")


@pytest.fixture(scope="module")
def notes_place(
    tmp_path_factory: pytest.TempPathFactory, node_folder: Path
) -> Iterator[Place]:
    with deployed_schema(node_folder, tmp_path_factory.mktemp("app"), SCHEMA) as place:
        yield place


@pytest.fixture
def db(way: Way, models: ModuleType, notes_place: Place) -> Any:
    """The deployment with three notes; those of earlier tests are gone."""
    db = way.connect(models, notes_place.url, Options(admin_key=notes_place.admin_key))
    with db.batch() as batch:
        for note in db.run(models.notes.full_scan()):
            batch.delete(note.id)
    new = models.NoteNew
    db.insert(new(text="call ann", kind="open", size=1, vector=[1, 0]))
    ann = {"owner": "ann"}
    db.insert(new(text="ann called", kind="done", size=2**60, meta=ann, vector=[1, 1]))
    db.insert(new(text="write bo", kind="done", size=None, vector=[0, -2]))
    return db


def texts(notes: list[Any]) -> list[str]:
    return [note.text for note in notes]


def test_texts(db: Any, models: ModuleType) -> None:
    search = models.notes.search_text
    assert texts(db.run(search("ann"))) == ["call ann", "ann called"]
    assert texts(db.run(search("ann", kind="done"))) == ["ann called"]
    assert texts(db.run(search("ann", size=2**60))) == ["ann called"]
    assert texts(db.run(search("write", size=None))) == ["write bo"]
    assert texts(db.run(search("ann", meta_owner="ann"))) == ["ann called"]
    assert texts(db.run(search("ann", meta_owner=ABSENT))) == ["call ann"]
    assert db.run(search("ann", kind="done", size=None)) == []
    for nothing in ("", " .- "):
        assert db.run(search(nothing)) == []
        assert db.run(search(nothing).paginate(3)) == Page([], None)


def test_parts_of_a_search(db: Any, models: ModuleType) -> None:
    search = models.notes.search_text("ann")
    assert texts(db.run(search.take(1))) == ["call ann"]
    assert db.run(search.take(0)) == []
    assert db.run(search.first()).text == "call ann"
    assert texts(db.run(search.filter(lambda note: note.kind == "done").take(1))) == [
        "ann called"
    ]
    with pytest.raises(NotUnique):
        db.run(search.unique())
    first = db.run(search.paginate(1))
    second = db.run(search.paginate(5, first.cursor))
    assert texts(first.items) == ["call ann"]
    assert texts(second.items) == ["ann called"] and second.cursor is None


def test_too_many(db: Any, models: ModuleType) -> None:
    new = models.NoteNew
    db.insert_many(
        new(text=f"many {n}", kind="open", size=n, vector=[1, n]) for n in range(1025)
    )
    search = models.notes.search_text("many")
    assert len(db.run(search.take(1024))) == 1024
    even = search.filter(lambda note: note.size % 2 == 0)
    assert len(db.run(even.take(500))) == 500
    for read in (search, search.take(1025), even, even.take(600)):
        with pytest.raises(TooManyResults, match="more than 1024"):
            db.run(read)


def test_vectors(db: Any, models: ModuleType) -> None:
    near = models.notes.by_vector
    scored = db.run(near([2, 0]))
    assert [(note.text, score) for note, score in scored] == [
        ("call ann", pytest.approx(1.0)),
        ("ann called", pytest.approx(math.sqrt(0.5))),
        ("write bo", pytest.approx(0.0)),
    ]
    assert scored[0].document == db.get(scored[0].document.id)
    documents = [note for note, _ in db.run(near([2, 0], limit=1))]
    assert texts(documents) == ["call ann"]
    documents = [note for note, _ in db.run(near([0, -1], kind="done"))]
    assert texts(documents) == ["write bo", "ann called"]
    documents = [note for note, _ in db.run(near([1, 0], size=any_of(2**60, None)))]
    assert texts(documents) == ["ann called", "write bo"]


def test_refused(db: Any, models: ModuleType) -> None:
    with pytest.raises(Unsupported, match="by one field"):
        db.run(models.notes.by_vector([1, 0], kind="done", size=1))
    with pytest.raises(InvalidQuery, match="2 dimensions, and got a vector of 3"):
        db.run(models.notes.by_vector([1, 0, 0]))
    with pytest.raises(InvalidQuery, match="no search index `other`"):
        db.run(models.notes._search("other", "ann", {}))
    with pytest.raises(Unsupported, match="filtered in Python"):
        db.run(models.notes.search_text("ann").filter(bool).paginate(2))


def test_what_a_server_refuses_is_typed(way: Way, models: ModuleType) -> None:
    """The words are a server's; the mock never refuses a search."""
    message = "Search query scanned too many documents (fetched 1024). Consider using a smaller limit"
    refusal = answers(f'{{"status":"error","errorMessage":"{message}"}}', 560)
    with serving([refusal]) as server:
        db = way.connect(models, server.url, Options(admin_key="a|b"))
        with pytest.raises(
            TooManyResults, match="index `search_text` of table `notes`"
        ):
            db.run(models.notes.search_text("ann").paginate(2000))


def test_a_document_that_is_deleted_meanwhile_is_left_out(
    way: Way, models: ModuleType
) -> None:
    with serving([gives('[{"score":0.5,"document":null}]')]) as server:
        db = way.connect(models, server.url, Options(admin_key="a|b"))
        assert db.run(models.notes.by_vector([1, 0])) == []
