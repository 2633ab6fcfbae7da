"""`codegen doctor` finds what another program has done to a database."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cases.cases import codegen

from .packages import package

SCHEMA = """\
tables:
  users:
    fields: {name: str, email?: str, friend?: "Id[users]"}
    indexes:
      by_name: [name]
      by_email: {fields: [email], unique: true}
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A file with three users; two have one name."""
    users = package(tmp_path, SCHEMA, "doctored")
    with users.server.connect(f"sqlite:///{tmp_path}/app.db") as db:
        ada = db.insert(users.UserNew(name="Ada", email="ada@example.org"))
        db.insert_many([users.UserNew(name="C", friend=ada), users.UserNew(name="C")])
    return tmp_path / "app.db"


def doctor(database: Path, *more: str) -> tuple[int, str, str]:
    argv = ["doctor", "--db", f"sqlite:///{database.name}", *more]
    return codegen(argv, database.parent)


def spoil(database: Path, sql: str) -> None:
    connection = sqlite3.connect(database)
    with connection:
        connection.execute(sql)
    connection.close()


def test_a_sound_database(database: Path) -> None:
    assert doctor(database) == (
        0,
        "app.db: sound\nusers: 3 documents, 3 indexes: sound\n",
        "",
    )
    assert doctor(database, "--format", "json") == (0, "", "")


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        (
            "UPDATE users SET _document = replace(_document, 'Ada', 'Eve')",
            "index `by_name` does not have its values",
        ),
        (
            "UPDATE users SET by_email = NULL WHERE _document LIKE '%Ada%'",
            "index `by_email`",
        ),
        (
            "UPDATE users SET _document = replace(_document, '\"Ada\"', '7')",
            "it does not fit the schema: .name: 7.0 is not str",
        ),
        (
            "UPDATE users SET _document = '{' WHERE _document LIKE '%friend%'",
            "is not a JSON object",
        ),
        (
            "UPDATE users SET _document = '[]' WHERE _document LIKE '%friend%'",
            "is not a JSON object",
        ),
        (
            "UPDATE users SET _id = 'x' WHERE _row = (SELECT max(_row) FROM users)",
            "its id is malformed",
        ),
        (
            "UPDATE users SET _row = _row + 1 WHERE _document LIKE '%Ada%'",
            "its row does not have the number of its id",
        ),
        (
            "UPDATE users SET _creationTime = 5 WHERE _row = (SELECT max(_row) FROM users)",
            "its id or creation time is another in the document",
        ),
        (
            'UPDATE users SET _document = replace(_document, \'"friend":"\','
            ' \'"friend":"0\')',
            "it does not fit the schema: .friend: ",
        ),
        (
            "UPDATE _tablewright_schemas SET schema ="
            ' replace(schema, \'"by_name"}\', \'"by_name", "unique": true}\')',
            "unique index `by_name`: another document has its values",
        ),
    ],
)
def test_a_spoilt_document_is_named(database: Path, sql: str, found: str) -> None:
    spoil(database, sql)
    code, out, errors = doctor(database)
    assert (code, errors) == (1, "")
    assert found in out
    assert "app.db: sound" in out and "users: 3 documents, 3 indexes: " in out
    code, lines, _ = doctor(database, "--format", "json")
    faults = [json.loads(line) for line in lines.splitlines()]
    assert code == 1
    assert all(fault["table"] == "users" and fault["id"] for fault in faults)
    assert any(found in fault["fault"] for fault in faults)


def test_a_damaged_index_of_sqlite_is_found(database: Path) -> None:
    spoil(database, "PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(database.read_bytes())
    size = int.from_bytes(data[16:18], "big")
    connection = sqlite3.connect(database)
    (page,) = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'users.by_name'"
    ).fetchone()
    connection.close()
    end = page * size
    data[end - 60 : end] = bytes(60)
    database.write_bytes(data)
    code, out, _ = doctor(database)
    assert code == 1
    assert "app.db: " in out.splitlines()[0] and "fault" in out.splitlines()[0]


def test_a_file_that_is_none(database: Path) -> None:
    database.with_name("none.db").write_text("hello, this is a text file\n")
    for url, message in {
        "sqlite:///missing.db": "missing.db does not exist",
        "sqlite:///none.db": "none.db is not an SQLite database",
        "sqlite://": "a database in memory is gone with its program",
        "mysql://app": "'mysql://app' is not the URL of a database",
        "mysql://me:secret@app/x": "'mysql://…@app/x' is not the URL of a database",
        "postgresql://me:secret@app/x": "the database can't be connected to",
    }.items():
        code, out, errors = codegen(["doctor", "--db", url], database.parent)
        assert (code, out) == (2, "")
        assert f"error[E601]: {message}" in errors
    assert not database.with_name("missing.db").exists()


def test_a_file_is_left_as_it_is(database: Path) -> None:
    before = database.read_bytes()
    assert doctor(database)[0] == 0
    assert database.read_bytes() == before
