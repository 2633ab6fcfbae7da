"""Search and vector indexes come and go with schemas, and doctors look at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest

from codegen.engines.access import applied_schema
from codegen.engines.bare import open_bare
from codegen.engines.sql.examination import examine
from codegen.runtime import InvalidQuery, SchemaChanged
from tests.engines.packages import package

FIELDS = """
tables:
  notes:
    fields: {text: str, title: str, kind: str, vector: "list[float]"}
"""
SEARCH = "    searchIndexes: {words: {field: %s, filters: [%s]}}\n"
VECTORS = "    vectorIndexes: {near: {field: vector, dimensions: %d, filters: [%s]}}\n"


class Database:
    """A place, and packages of schemas for it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self._count = 0

    def package(self, schema: str) -> ModuleType:
        self._count += 1
        return package(self.folder, schema, f"sides{self._count}")

    def connect(self, schema: str) -> tuple[Any, Any]:
        """A package's database, and the queries of its notes."""
        made = self.package(schema)
        return made.server.connect(self.url), made.notes

    def fill(self, schema: str, count: int = 3) -> None:
        made = self.package(schema)
        with made.server.connect(self.url) as db:
            db.insert_many(
                made.NoteNew(
                    text=f"text {n}",
                    title=f"title {n}",
                    kind="odd" if n % 2 else "even",
                    vector=[1.0, n, 0.0][: 2 + n % 2],
                )
                for n in range(count)
            )


@pytest.fixture(params=["file", "server", "pgvector"])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, url: str
) -> Iterator[Database]:
    if request.param == "file":
        yield Database(tmp_path, url)
        return
    new_schema: Callable[[], str] = request.getfixturevalue("new_schema")
    server: str = request.getfixturevalue("server")
    with psycopg.connect(server, autocommit=True) as connection:
        if request.param == "pgvector":
            connection.execute("CREATE EXTENSION vector")
        try:
            yield Database(tmp_path, new_schema())
        finally:
            connection.execute("DROP EXTENSION IF EXISTS vector CASCADE")


def texts(db: Any, query: Any) -> list[str]:
    return sorted(note.text for note in db.run(query))


def near(db: Any, query: Any) -> list[str]:
    return [note.text for note, _ in db.run(query)]


def test_a_new_index_has_what_is_there(database: Database) -> None:
    database.fill(FIELDS, 230)
    db, notes = database.connect(FIELDS + SEARCH % ("text", "") + VECTORS % (2, "kind"))
    assert texts(db, notes.words("229")) == ["text 229"]
    assert len(db.run(notes.words("text"))) == 230
    found = near(db, notes.near([1, 0], limit=256, kind="even"))
    assert found[:2] == ["text 0", "text 2"] and len(found) == 115
    db.close()


def test_an_index_that_changes_is_made_anew(database: Database) -> None:
    database.fill(FIELDS + SEARCH % ("text", "kind") + VECTORS % (2, ""))
    db, notes = database.connect(
        FIELDS + SEARCH % ("title", "kind") + VECTORS % (3, "")
    )
    assert texts(db, notes.words("text")) == []
    assert texts(db, notes.words("title", kind="odd")) == ["text 1"]
    assert near(db, notes.near([1, 0, 0])) == ["text 1"]
    db.close()
    db, notes = database.connect(FIELDS + SEARCH % ("title", "title"))
    assert texts(db, notes.words("title", title="title 2")) == ["text 2"]
    db.close()


def test_a_staged_index_is_built_and_not_used(database: Database) -> None:
    search = SEARCH % ("text", "")
    staged = FIELDS + search.replace("[]", "[], staged: true")
    database.fill(FIELDS)
    db, notes = database.connect(staged)
    assert not hasattr(notes, "words")
    with pytest.raises(InvalidQuery, match="staged"):
        db.run(notes._search("words", "text", {}))
    db.close()
    db, notes = database.connect(FIELDS + search)
    assert len(db.run(notes.words("text"))) == 3
    db.close()


def test_a_renamed_table_keeps_its_indexes(database: Database) -> None:
    schema = FIELDS + SEARCH % ("text", "kind") + VECTORS % (2, "kind")
    database.fill(schema)
    renamed = schema.replace("notes:", "papers:\n    renamedFrom: notes")
    made = database.package(renamed)
    with made.server.connect(database.url) as db:
        assert texts(db, made.papers.words("text", kind="odd")) == ["text 1"]
        (id,) = [note.id for note in db.run(made.papers.words("0"))]
        db.patch(id, made.PaperPatch(text="other"))
        assert texts(db, made.papers.words("other")) == ["other"]
        assert near(db, made.papers.near([1, 0], kind="even")) == ["other", "text 2"]


def test_an_index_that_is_gone_leaves_nothing(database: Database) -> None:
    both = FIELDS + SEARCH % ("text", "") + VECTORS % (2, "")
    database.fill(both)
    old, notes = database.connect(both)
    new, _ = database.connect(FIELDS)
    with pytest.raises(SchemaChanged):
        old.run(notes.words("text"))
    new.close()
    old.close()
    db, notes = database.connect(FIELDS + SEARCH % ("text", ""))
    assert len(db.run(notes.words("text"))) == 3
    db.close()


def test_an_old_program_does_not_read_the_new_index(database: Database) -> None:
    first = FIELDS + SEARCH % ("text", "")
    database.fill(first)
    old, notes = database.connect(first)
    new, _ = database.connect(FIELDS + SEARCH % ("title", ""))
    with pytest.raises(SchemaChanged):
        old.run(notes.words("text"))
    new.close()
    old.close()


BOTH = FIELDS + SEARCH % ("text", "kind") + VECTORS % (2, "kind")


def execute(database: Database, sql: str) -> None:
    """Does what another program might do; `{text}` and `{json}` are SQL for a document and back."""
    if database.url.startswith("sqlite"):
        sql = sql.format(text="_document", json="")
    else:
        sql = sql.format(text="_document::text", json="::json")
    with open_bare(database.url, 10_000) as opened, opened.catalog.dialect.alone():
        opened.catalog.connection.execute(sql)


def faults(database: Database) -> list[str]:
    """What doctor finds; of a document that is wrong by itself, too."""
    with open_bare(database.url, 10_000) as opened, opened.catalog.dialect.snapshot():
        schema = applied_schema(opened.catalog).schema
        (table,) = examine(opened.catalog, schema)
        assert table.indexes == 1 + len(schema.tables["notes"].side_indexes)
        return [fault.reason for fault in table.faults]


def test_doctors_find_indexes_sound(database: Database) -> None:
    long = " ".join(f"word{n}" for n in range(20_000))
    database.fill(BOTH, 230)
    made = database.package(BOTH)
    with made.server.connect(database.url) as db:
        ids = [note.id for note in db.run(made.notes.full_scan())]
        db.patch(ids[0], made.NotePatch(text=long))
        db.patch(ids[1], made.NotePatch(text="", vector=[1.0]))
        db.patch(ids[2], made.NotePatch(kind="other"))
        db.delete(ids[3])
    assert faults(database) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("text 1", "text 9", ["words"]),
        ("text 1", "text", ["more words"]),
        ("text 1", "text text 1 more", ["words"]),
        ("odd", "even", ["words", "near"]),
        ("[1.0,2.0]", "[1.0,2.5]", ["near"]),
    ],
)
def test_doctors_find_what_others_changed(
    database: Database, old: str, new: str, found: list[str]
) -> None:
    database.fill(BOTH, 2)
    made = database.package(BOTH)
    with made.server.connect(database.url) as db:
        (id,) = [n.id for n in db.run(made.notes.full_scan()) if n.kind == "odd"]
        db.patch(id, made.NotePatch(vector=[1.0, 2.0]))
    change = f"replace({{text}}, '{old}', '{new}')"
    execute(database, f"UPDATE notes SET _document = {change}{{json}}")
    reasons = faults(database)
    for index in found:
        more = "more " in index and database.url.startswith("sqlite")
        reason = "what no document says" if more else "does not have what it says"
        name = index.removeprefix("more ")
        assert [r for r in reasons if f"`{name}`" in r and reason in r], reasons


def test_doctors_find_entries_without_documents(database: Database) -> None:
    database.fill(BOTH, 4)
    execute(database, "DELETE FROM notes WHERE {text} LIKE '%text 2%'")
    assert faults(database) == [
        f"search or vector index `{name}` has what no document says: a schema without it,"
        " and then with it again, makes it anew"
        for name in ("words", "near")
    ]
