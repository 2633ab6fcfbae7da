"""A stored document that could not be read back stops what moves it, which says which one it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

from codegen.engines.bare import open_bare
from tests.cases.cases import codegen
from tests.transfer.contents import contents, done

SCHEMA = """
tables:
  cities: {fields: {}}
  people:
    fields:
      name: str
"""


class Stored(NamedTuple):
    """A database with three people, the first of which is written over by others."""

    url: str
    id: str

    def write(self, value: object) -> None:
        with open_bare(self.url, 10_000, changes=True) as database:
            dialect = database.catalog.dialect
            with dialect.alone():
                dialect.connection.execute(
                    f"UPDATE {dialect.name('people')} SET _document = ? WHERE _id = ?",
                    (value, self.id),
                )


@pytest.fixture(params=["sqlite", "postgres"])
def stored(
    request: pytest.FixtureRequest, tmp_path: Path, models: ModuleType
) -> Stored:
    url = f"sqlite:///{tmp_path}/app.db"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    with models.server.connect(url) as db:
        ids = db.insert_many([models.PersonNew(name=name) for name in "CAB"])
    return Stored(url, str(ids[0]))


WAYS_OUT = [
    ["export-data", "--db", "URL", "new"],
    ["export-data", "--db", "URL", "new.zip"],
    ["export-data", "--db", "URL", "new.jsonl", "--table", "people"],
    ["copy", "URL", "sqlite:///new"],
]


def is_empty(url: str) -> bool:
    with open_bare(url, 10_000) as database:
        return database.catalog.is_empty()


def refused(argv: list[str], stored: Stored, folder: Path) -> str:
    """What a command says that leaves nothing behind."""
    before = {path.name for path in folder.iterdir()}
    argv = [stored.url if word == "URL" else word for word in argv]
    code, out, errors = codegen(argv, folder)
    assert (code, out) == (2, "")
    left = {path.name for path in folder.iterdir()} - before
    if "copy" not in argv:
        assert left == set()
    elif left:
        assert is_empty(f"sqlite:///{folder}/new")
    return errors


@pytest.mark.parametrize("way_out", WAYS_OUT)
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a":1}', "`_id` is missing"),
        ("[1]", "it is not a JSON object"),
        ('{"_id":"x"}', "`_id` is not that of its row"),
        ('{"_id":"ID"}', "`_creationTime` is missing"),
        ('{"_id":"ID","_creationTime":1.5}', "`_creationTime` is not that of its row"),
    ],
)
def test_what_is_no_document(
    stored: Stored, tmp_path: Path, way_out: list[str], text: str, reason: str
) -> None:
    stored.write(text.replace("ID", stored.id))
    errors = refused(way_out, stored, tmp_path)
    assert f"document {stored.id} of table `people` is damaged: {reason}\n" in errors
    assert "`codegen doctor` names all" in errors
    assert stored.id in codegen(["doctor", "--db", stored.url], tmp_path)[1]


@pytest.mark.parametrize("stored", ["sqlite"], indirect=True)
@pytest.mark.parametrize("way_out", WAYS_OUT)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "{oops",
        '{"_id":"ID","name":NaN}',
        '{"_id":"ID","name":"\\ud800"}',
        '{"_id":"ID"} {}',
        b"{}",
    ],
)
def test_what_is_not_json(
    stored: Stored, tmp_path: Path, way_out: list[str], text: str | bytes
) -> None:
    """PostgreSQL takes no such text."""
    stored.write(text.replace("ID", stored.id) if isinstance(text, str) else text)
    errors = refused(way_out, stored, tmp_path)
    assert f"document {stored.id} of table `people` is damaged: it is not " in errors
    assert stored.id in codegen(["doctor", "--db", stored.url], tmp_path)[1]


@pytest.mark.parametrize("stored", ["postgres"], indirect=True)
def test_a_backup_of_a_server(stored: Stored, tmp_path: Path) -> None:
    stored.write('{"a":1}')
    errors = refused(["backup", "--db", "URL", "new.zip"], stored, tmp_path)
    assert f"document {stored.id} of table `people` is damaged: `_id`" in errors


@pytest.mark.parametrize("stored", ["sqlite"], indirect=True)
def test_a_backup_of_a_file_onto_a_server(
    stored: Stored, tmp_path: Path, new_schema: Callable[[], str]
) -> None:
    """A copy of the bytes has what the file has."""
    stored.write('{"a":1}')
    done(["backup", "--db", stored.url, "b.db"], tmp_path)
    url = new_schema()
    errors = refused(["restore", "b.db", "--db", url], stored, tmp_path)
    assert f"b.db: document {stored.id} of table `people` is damaged: `_id`" in errors
    assert is_empty(url)


@pytest.mark.parametrize("stored", ["sqlite"], indirect=True)
def test_bytes_that_are_no_text(stored: Stored, tmp_path: Path) -> None:
    with open_bare(stored.url, 10_000, changes=True) as database:
        sql = "UPDATE people SET _document = CAST(x'7bff7d' AS TEXT) WHERE _id = ?"
        database.catalog.dialect.connection.execute(sql, (stored.id,))
    reason = "its text is not UTF-8"
    for way_out in WAYS_OUT:
        errors = refused(way_out, stored, tmp_path)
        path = f"{tmp_path}/app.db"
        assert (
            f"{path}: document {stored.id} of table `people` is damaged: {reason}\n"
            in errors
        )
    code, out, errors = codegen(["doctor", "--db", stored.url], tmp_path)
    assert (code, errors) == (1, "")
    assert "cities: 0 documents, 1 index: sound\n" in out
    assert f"people: 3 documents, 1 index: 1 fault\n  {stored.id}: {reason}" in out
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema/app.yaml").write_text(SCHEMA)
    code, _, errors = codegen(["verify", "--db", stored.url], tmp_path)
    assert code == 2
    assert "error[E601]: a text in the database is none" in errors


@pytest.mark.parametrize("stored", ["sqlite"], indirect=True)
def test_an_id_that_is_no_text(stored: Stored, tmp_path: Path) -> None:
    with open_bare(stored.url, 10_000, changes=True) as database:
        sql = "UPDATE people SET _id = CAST(x'61ff' AS TEXT) WHERE _id = ?"
        database.catalog.dialect.connection.execute(sql, (stored.id,))
    for way_out in WAYS_OUT:
        errors = refused(way_out, stored, tmp_path)
        assert "document a\ufffd of table `people` is damaged: its text is" in errors
    code, out, _ = codegen(["doctor", "--db", stored.url], tmp_path)
    assert code == 1
    assert "people: 3 documents, 1 index: 1 fault\n  a\ufffd: its text is" in out


@pytest.mark.parametrize("name", ["new", "new.zip"])
def test_texts_that_others_have_laid_out(
    stored: Stored, tmp_path: Path, models: ModuleType, name: str
) -> None:
    """A document is one line of JSON lines, however it is stored."""
    text = contents(stored.url)["people"]["by_creation_time"][0]
    stored.write(text.replace("{", "{\n\r\n  ").replace('"C"', '"\\n"'))
    done(["export-data", "--db", stored.url, name], tmp_path)
    again = f"sqlite:///{tmp_path}/again.db"
    done(["import-data", "--db", again, name], tmp_path)
    with models.server.connect(again) as db:
        assert [one.name for one in db.run(models.people.full_scan())] == ["\n", *"AB"]


@pytest.mark.parametrize("stored", ["sqlite"], indirect=True)
def test_a_damaged_file_is_told_from_the_one_that_is_written(
    stored: Stored, tmp_path: Path
) -> None:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as connection:
        sql = "SELECT rootpage FROM sqlite_master WHERE name = 'people'"
        (page,) = connection.execute(sql).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    for way_out in WAYS_OUT:
        errors = refused(way_out, stored, tmp_path)
        assert f"{path}: the database is damaged: restore a backup" in errors
        (tmp_path / "new").unlink(missing_ok=True)
