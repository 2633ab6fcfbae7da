"""`codegen doctor` looks at a server's database."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from tests.cases.cases import codegen
from tests.engines.packages import package
from tests.engines.test_doctor import SCHEMA


@pytest.fixture
def database(tmp_path: Path, postgres_url: str) -> str:
    """Three users; two have one name."""
    users = package(tmp_path, SCHEMA, "doctored_server")
    with users.server.connect(postgres_url) as db:
        ada = db.insert(users.UserNew(name="Ada", email="ada@example.org"))
        db.insert_many([users.UserNew(name="C", friend=ada), users.UserNew(name="C")])
    return postgres_url


def spoil(url: str, sql: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.encode())


def test_a_sound_database(database: str, tmp_path: Path) -> None:
    code, out, errors = codegen(["doctor", "--db", database], tmp_path)
    assert (code, errors) == (0, "")
    assert out == (
        "postgresql:///postgres: sound\nusers: 3 documents, 3 indexes: sound\n"
    )


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        (
            "UPDATE users SET _document = replace(_document::text, 'Ada', 'Eve')::json",
            "index `by_name` does not have its values",
        ),
        (
            "UPDATE users SET by_email = NULL WHERE _document::text LIKE '%Ada%'",
            "index `by_email` does not have its values",
        ),
        (
            "UPDATE users SET by_creation_time = '' WHERE _document::text LIKE '%Ada%'",
            "index `by_creation_time` does not have its values",
        ),
        (
            "UPDATE users SET _document = replace(_document::text, '\"Ada\"', '7')::json",
            "it does not fit the schema: .name: 7.0 is not str",
        ),
        (
            "UPDATE users SET _document = '[]' WHERE _document::text LIKE '%friend%'",
            "is not a JSON object",
        ),
        (
            "UPDATE users SET _id = 'x' WHERE _document::text LIKE '%Ada%'",
            "x: its id is malformed",
        ),
        (
            "UPDATE users SET _document = replace(_document::text, '\"C\"',"
            ' \'"C","email":"c@example.org"\')::json',
            "unique index `by_email`: another document has its values",
        ),
        (
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid ="
            " '\"users.by_name\"'::regclass",
            "index users.by_name is not valid: REINDEX it",
        ),
    ],
)
def test_what_another_program_did(
    database: str, tmp_path: Path, sql: str, found: str
) -> None:
    spoil(database, sql)
    code, out, errors = codegen(["doctor", "--db", database], tmp_path)
    assert (code, errors) == (1, "")
    assert found in out


def test_an_empty_schema(postgres_url: str, tmp_path: Path) -> None:
    code, out, errors = codegen(["doctor", "--db", postgres_url], tmp_path)
    assert (code, out) == (2, "")
    assert "no schema was applied to it" in errors
