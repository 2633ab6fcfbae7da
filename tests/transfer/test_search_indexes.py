"""Search and vector indexes have what was moved, and not what was there before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest

from codegen.engines.ids import encode, random_bytes
from tests.transfer.contents import check_sound, contents, done, is_timed

SCHEMA = """
tables:
  authors: {fields: {name: str}}
  notes:
    fields:
      text: str
      kind?: str
      vector?: "list[float]"
    indexes:
      by_kind: [kind]
    searchIndexes:
      search_text: {field: text, filters: [kind]}
    vectorIndexes:
      by_vector: {field: vector, dimensions: 3, filters: [kind]}
"""
AUTHORS, NOTES = 10_001, 10_002
TIME = 1_700_000_000_000.25


@pytest.fixture
def url(tmp_path: Path, models: ModuleType) -> str:
    """A file with three notes."""
    url = f"sqlite:///{tmp_path}/notes.db"
    new = models.NoteNew
    with models.server.connect(url) as db:
        db.insert_many(
            [
                new(text="alpha one", kind="a", vector=[1, 0, 0]),
                new(text="beta two", kind="b", vector=[1, 1, 0]),
                new(text="alpha three", vector=[1]),
            ]
        )
    return url


@pytest.fixture(params=["file", "server", "pgvector"])
def other(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    server: str,
    new_schema: Callable[[], str],
) -> Iterator[str]:
    """An empty database."""
    if request.param == "file":
        yield f"sqlite:///{tmp_path}/other.db"
        return
    with psycopg.connect(server, autocommit=True) as connection:
        if request.param == "pgvector":
            connection.execute("CREATE EXTENSION vector")
        try:
            yield new_schema()
        finally:
            connection.execute("DROP EXTENSION IF EXISTS vector CASCADE")


def found(models: ModuleType, url: str) -> dict[str, list[str]]:
    """What some queries find."""
    notes: Any = models.notes
    with models.server.connect(url) as db:
        near = db.run(notes.by_vector([0, 1, 0]))
        return {
            "alpha": sorted(note.text for note in db.run(notes.search_text("alpha"))),
            "b": [note.text for note in db.run(notes.search_text("two", kind="b"))],
            "near": [note.text for note, _ in near],
        }


FOUND = {
    "alpha": ["alpha one", "alpha three"],
    "b": ["beta two"],
    "near": ["beta two", "alpha one"],
}


def test_copies(url: str, other: str, models: ModuleType, tmp_path: Path) -> None:
    done(["copy", url, other], tmp_path)
    assert contents(other) == contents(url)
    assert found(models, other) == found(models, url) == FOUND
    check_sound(other)
    done(["copy", url, other, "--mode", "replace"], tmp_path)
    assert found(models, other) == FOUND
    check_sound(other)


def test_backups(url: str, other: str, models: ModuleType, tmp_path: Path) -> None:
    done(["copy", url, other], tmp_path)
    done(["backup", "--db", other, "backup"], tmp_path)
    with models.server.connect(other) as db:
        db.insert(models.NoteNew(text="alpha four", vector=[0, 1, 0]))
    done(["restore", "backup", "--db", other, "--replace"], tmp_path)
    assert found(models, other) == FOUND
    check_sound(other)


def write_lines(path: Path, *documents: object) -> None:
    path.write_text("".join(f"{json.dumps(one)}\n" for one in documents), "utf-8")


def test_a_foreign_id_lays_a_file_out_anew(
    url: str, models: ModuleType, tmp_path: Path
) -> None:
    foreign = encode(NOTES, random_bytes(TIME))
    document = {"_id": foreign, "_creationTime": TIME, "text": "alpha zero"}
    write_lines(tmp_path / "notes.jsonl", {**document, "vector": [0.0, 1.0, 0.0]})
    argv = ["import-data", "--db", url, "notes.jsonl", "--mode", "append"]
    done(argv, tmp_path)
    assert not is_timed(url, "notes")
    check_sound(url)
    with models.server.connect(url) as db:
        notes: Any = models.notes
        texts = [note.text for note in db.run(notes.search_text("alpha"))]
        # Equally good ones, the newest first: the foreign one is the oldest.
        assert texts == ["alpha three", "alpha one", "alpha zero"]
        (nearest,) = db.run(notes.by_vector([0, 1, 0], limit=1))
        assert nearest.document.id == foreign
        db.patch(nearest.document.id, models.NotePatch(text="gamma", kind="g"))
        assert db.run(notes.search_text("gamma", kind="g").unique()).id == foreign
        db.delete(nearest.document.id)
        assert db.run(notes.search_text("gamma")) == []
    assert found(models, url) == FOUND
    check_sound(url)


def test_tables_with_other_numbers(
    url: str, models: ModuleType, other: str, tmp_path: Path
) -> None:
    with models.server.connect(other):
        pass
    id = encode(AUTHORS, random_bytes(TIME))
    document = {"_id": id, "_creationTime": TIME, "text": "alpha", "vector": [1.0] * 3}
    write_lines(tmp_path / "notes.jsonl", document)
    done(["import-data", "--db", other, "notes.jsonl"], tmp_path)
    assert found(models, other) == {"alpha": ["alpha"], "b": [], "near": ["alpha"]}
    check_sound(other)


def test_migrations(url: str, other: str, models: ModuleType, tmp_path: Path) -> None:
    done(["copy", url, other], tmp_path)
    (tmp_path / "m1.py").write_text(
        "from codegen.migrations import DELETE, upgrade\n"
        '@upgrade("notes")\n'
        "def m(note):\n"
        '    if note["text"] == "alpha one":\n'
        "        return DELETE\n"
        '    return {**note, "text": note["text"] + " new", "vector": [0.0, 1.0, 1.0]}\n'
    )
    done(["migrate", "m1.py", "--db", other], tmp_path)
    assert found(models, other) == {
        "alpha": ["alpha three new"],
        "b": ["beta two new"],
        "near": ["alpha three new", "beta two new"],
    }
    check_sound(other)
