"""`codegen import` of databases, and `codegen export --to sql`, as they are called."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.cases.cases import codegen
from tests.engines.packages import package
from tests.importers.sql.databases import sqlite_file
from tests.postgres import new_database

DDL = """\
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE posts (id INTEGER PRIMARY KEY, author INT REFERENCES users, price NUMERIC);
"""
POSTS = """\
tables:
  users:
    fields:
      name: str

  posts:
    fields:
      author?: Id[users] | None
      price?: float | None
"""
LOSS = "app.db: posts.price: `NUMERIC` is written as `float`"
NOTE = "every document has an `_id`, which stands for users.id, posts.id"


@pytest.mark.parametrize("source", ["app.db", "sqlite:///app.db"])
def test_a_file_of_sqlite(tmp_path: Path, source: str) -> None:
    sqlite_file(tmp_path / "app.db", DDL)
    code, text, said = codegen(["import", source], tmp_path)
    assert code == 0
    assert text.startswith("# 1 thing is not as in the source:\n# - W821: " + LOSS)
    assert text.endswith("\n\n" + POSTS)
    assert f"warning[W821]: {LOSS}" in said and NOTE in said


def test_a_file_of_any_name_is_known_by_its_content(tmp_path: Path) -> None:
    sqlite_file(tmp_path / "history", "CREATE TABLE visits (url TEXT NOT NULL)")
    code, text, said = codegen(["import", "history"], tmp_path)
    assert (code, said) == (0, "")
    assert text == "tables:\n  visits:\n    fields:\n      url: str\n"


def test_a_database_of_tablewright_gives_its_schema_back(tmp_path: Path) -> None:
    made = package(tmp_path, SCHEMA, "kept")
    with closing(made.connect(f"sqlite:///{tmp_path}/app.db")):
        pass
    assert codegen(["import", "app.db"], tmp_path) == (0, SCHEMA, "")
    with closing(sqlite3.connect(tmp_path / "app.db")) as connection, connection:
        connection.execute("UPDATE _tablewright_schemas SET schema = '[1]'")
    code, _, said = codegen(["import", "app.db"], tmp_path)
    assert code == 2 and "error[E820]: app.db is damaged: malformed schema" in said


def test_chosen_tables_are_written_and_generated(tmp_path: Path) -> None:
    sqlite_file(tmp_path / "app.db", DDL)
    argv = ["import", "app.db", "--table", "users", "-o", "schema/app.yaml"]
    code, text, said = codegen([*argv, "--strict"], tmp_path)
    assert (code, text) == (0, "")
    assert said == (
        "wrote schema/app.yaml\n"
        "every document has an `_id`, which stands for users.id\n"
    )
    assert codegen(["generate"], tmp_path)[0] == 0
    assert "posts" not in (tmp_path / "schema/app.yaml").read_text("utf-8")


def test_strict_takes_a_loss_for_an_error(tmp_path: Path) -> None:
    sqlite_file(tmp_path / "app.db", DDL)
    argv = ["import", "app.db", "--strict", "-o", "app.yaml", "--format", "json"]
    code, text, said = codegen(argv, tmp_path)
    assert (code, text) == (2, "")
    assert [json.loads(line)["code"] for line in said.splitlines()] == ["W821"]
    assert not (tmp_path / "app.yaml").exists()


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (
            ["app.db", "--table", "user"],
            "error[E822]: app.db: there is no table user\n",
        ),
        (["text.db"], "error[E820]: text.db is no SQLite database"),
        (["--from", "sqlite", "nowhere"], "error[E820]: nowhere: No such file"),
        (["postgresql://u:secret@127.0.0.1:1/x"], "error[E821]: the database can't be"),
    ],
)
def test_errors(tmp_path: Path, argv: list[str], says: str) -> None:
    sqlite_file(tmp_path / "app.db", DDL)
    (tmp_path / "text.db").write_text("tables:")
    code, text, said = codegen(["import", *argv, "-o", "app.yaml"], tmp_path)
    assert (code, text) == (2, "")
    assert says in said and said.endswith("\n1 error\n")
    assert "secret" not in said and not (tmp_path / "app.yaml").exists()


def test_a_database_of_postgresql(tmp_path: Path, postgres: str) -> None:
    ddl = f"CREATE SCHEMA blog; SET search_path = blog; {DDL}"
    with new_database(postgres, ddl) as url:
        argv = ["import", url, "--sql-schema", "blog", "--table", "users"]
        code, text, said = codegen(argv, tmp_path)
    assert (code, text) == (0, "tables:\n  users:\n    fields:\n      name: str\n")
    assert said == "every document has an `_id`, which stands for users.id\n"


def test_without_the_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    code, _, said = codegen(["import", "postgresql://localhost/app"], tmp_path)
    assert code == 2
    assert 'install the driver: pip install "tablewright[postgres]"' in said


SCHEMA = """\
tables:
  users:
    description: Who writes.
    fields:
      name: Annotated[str, MinLen(1)]  # as others see it
      role: Literal["admin", "member"] = "member"
      code: Annotated[str, Pattern("^[A-Z]+$")]
      home?: {town: str}
    indexes:
      by_name: {fields: [name], unique: true}
      by_town: [home.town]
"""


def test_an_export_that_sqlite_runs(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(SCHEMA)
    argv = ["export", "--to", "sql", "--schema", "app.yaml"]
    code, text, said = codegen(argv, tmp_path)
    assert code == 0
    assert text == """\
-- Not kept: SQLite does not enforce Pattern("^[A-Z]+$") of `code`
-- Not kept: `home` is JSON of any shape, not only {town: str}
CREATE TABLE users ( -- Who writes.
  id TEXT NOT NULL PRIMARY KEY,
  creation_time REAL NOT NULL,
  name TEXT NOT NULL CHECK (length(name) >= 1), -- as others see it
  role TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('admin', 'member')),
  code TEXT NOT NULL,
  home TEXT CHECK (home IS NULL OR json_valid(home))
);
CREATE UNIQUE INDEX users_by_name ON users (name);
CREATE INDEX users_by_town ON users (json_extract(home, '$.town'));
"""
    assert "app.yaml:7:7: warning[W432]: SQLite does not enforce Pattern" in said
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(text)
        insert = "INSERT INTO users VALUES ('i', 1, ?, ?, 'A', ?)"
        connection.execute(insert, ("ann", "admin", '{"town": "Ulm"}'))
        for wrong in [("", "admin", None), ("x", "boss", None), ("x", "admin", "{")]:
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(insert, wrong)


def test_an_export_that_postgresql_runs(tmp_path: Path, postgres: str) -> None:
    (tmp_path / "app.yaml").write_text(SCHEMA)
    argv = ["export", "--to", "sql", "--dialect", "postgresql", "--schema", "app.yaml"]
    code, text, _ = codegen(argv, tmp_path)
    assert code == 0
    assert text == """\
-- Not kept: PostgreSQL does not enforce Pattern("^[A-Z]+$") of `code`
-- Not kept: `home` is JSON of any shape, not only {town: str}
CREATE TABLE users (
  id TEXT PRIMARY KEY,
  creation_time DOUBLE PRECISION NOT NULL,
  name TEXT NOT NULL CHECK (char_length(name) >= 1),
  role TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('admin', 'member')),
  code TEXT NOT NULL,
  home JSONB
);
CREATE UNIQUE INDEX users_by_name ON users (name);
CREATE INDEX users_by_town ON users ((home ->> 'town'));
COMMENT ON TABLE users IS 'Who writes.';
COMMENT ON COLUMN users.name IS 'as others see it';
"""
    with (
        new_database(postgres, text) as url,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        insert = "INSERT INTO users VALUES ('i', 1, %s, %s, 'A')"
        connection.execute(insert, ("ann", "admin"))
        for wrong in [("", "admin"), ("x", "boss")]:
            with pytest.raises(psycopg.errors.CheckViolation):
                connection.execute(insert, wrong)
