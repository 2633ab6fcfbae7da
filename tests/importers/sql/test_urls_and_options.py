"""URLs of other databases, and options that say nothing to a source: errors that tell no password."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.cases import codegen
from tests.importers.sql.databases import sqlite_file
from tests.postgres import new_database

DDL = "CREATE TABLE t (a INT NOT NULL CHECK (a > 0), b BIGINT[], c NUMERIC(9))"


@pytest.mark.parametrize(
    "argv",
    [
        ["import", "mysql://a:secretpw@h/x"],
        ["import", "jdbc:postgresql://a:secretpw@h/x"],
        ["import", "jdbc:postgresql://h/x?user=a&password=secretpw"],
        ["import", "sqlite://a:secretpw@h/x"],
        ["import", "postgresql+psycopg://a:secretpw@127.0.0.1:1/x"],
        ["import", "POSTGRESQL://a:secretpw@127.0.0.1:1/x"],
        ["import", "postgresql://a:secretpw@h/x", "--from", "sqlite"],
        ["import", "postgresql://a:secretpw@h/x", "--from", "json"],
        ["import", "postgresql:/a:secretpw@h/x"],
        ["generate", "--schema", "postgresql://a:secretpw@h/x"],
        ["export", "--to", "sql", "--schema", "mysql://a:sec@retpw@h/x?p=secretpw"],
    ],
)
def test_no_password_is_told(tmp_path: Path, argv: list[str]) -> None:
    code, text, said = codegen(argv, tmp_path)
    assert code == 2 and "error[" in said
    assert "secretpw" not in text + said and "retpw" not in said


def test_urls_that_are_known_are_told(tmp_path: Path) -> None:
    _, _, said = codegen(["import", "mysql://a@h/x"], tmp_path)
    assert said == (
        "error[E801]: `mysql://…@h/x` can't be read\n"
        "  help: databases that can be read: `postgresql://user@host/database`, "
        "`sqlite:///file.db`, or the path of a file of SQLite\n\n1 error\n"
    )


def test_a_name_that_is_empty(tmp_path: Path) -> None:
    for argv in (["sqlite:///"], ["sqlite:///", "--from", "sqlite"]):
        code, text, said = codegen(["import", *argv], tmp_path)
        assert (code, text) == (2, "")
        assert said.startswith("error[E820]: `sqlite:///` names no file\n  help: ")


@pytest.mark.parametrize("scheme", ["postgresql+psycopg", "PostgreSQL", "postgres"])
def test_urls_of_sqlalchemy(tmp_path: Path, postgres: str, scheme: str) -> None:
    with new_database(postgres, DDL) as url:
        given = scheme + url.removeprefix("postgresql")
        code, text, _ = codegen(["import", given], tmp_path)
    assert code == 0 and "a: Annotated[int, Gt(0)]" in text


def test_whole_numbers_as_floats(tmp_path: Path, postgres: str) -> None:
    with new_database(postgres, DDL) as url:
        code, text, _ = codegen(["import", url, "--integers", "float"], tmp_path)
    assert code == 0 and text == (
        "tables:\n  t:\n    fields:\n      a: Annotated[float, Gt(0)]\n"
        "      b?: list[float] | None\n      c?: float | None\n"
    )


@pytest.mark.parametrize(
    ("source", "options", "says"),
    [
        ("app.db", ["--sql-schema", "x"], "--sql-schema has no meaning for sqlite"),
        ("app.db", ["--cycles", "error"], "--cycles has no meaning for sqlite"),
        ("app.db", ["--references", "id"], "--references has no meaning for sqlite"),
        ("app.db", ["--allow-remote"], "--allow-remote has no meaning for sqlite"),
        ("app.db", ["--id-suffix", "Id"], "--id-suffix has no meaning for sqlite"),
        ("app.db", ["--evaluate"], "--evaluate has no meaning for sqlite"),
        ("a.json", ["--evaluate"], "--evaluate has no meaning for json"),
        ("a.json", ["--sql-schema", "x"], "--sql-schema has no meaning for json"),
        ("a.yaml", ["--table", "t"], "--table has no meaning for a schema that other"),
    ],
)
def test_options_that_say_nothing(
    tmp_path: Path, source: str, options: list[str], says: str
) -> None:
    sqlite_file(tmp_path / "app.db", "CREATE TABLE t (a INT)")
    (tmp_path / "a.json").write_text('{"a": 1}')
    (tmp_path / "a.yaml").write_text("tables:\n  t:\n    fields:\n      a: int\n")
    code, text, said = codegen(["import", source, *options], tmp_path)
    assert (code, text) == (2, "")
    assert said.startswith(f"error[E502]: {says}") and "help: it is for " in said


def test_a_dialect_of_what_is_no_sql(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("tables:\n  t:\n    fields:\n      a: int\n")
    argv = ["export", "--to", "mermaid", "--dialect", "sqlite", "--schema", "a.yaml"]
    code, text, said = codegen(argv, tmp_path)
    assert (code, text) == (2, "")
    assert said.startswith("error[E502]: --dialect has no meaning for --to mermaid\n")


def test_tables_are_listed_where_one_is_not_there(tmp_path: Path) -> None:
    sqlite_file(tmp_path / "app.db", "CREATE TABLE users (a INT); CREATE TABLE b (a)")
    _, _, said = codegen(["import", "app.db", "--table", "nosuch"], tmp_path)
    assert "there is no table nosuch\n  help: the tables are: users, b\n" in said


def test_a_broken_store_tells_nothing_of_python(tmp_path: Path) -> None:
    ddl = "CREATE TABLE _tablewright_schemas (id INTEGER PRIMARY KEY, schema)"
    insert = "INSERT INTO _tablewright_schemas VALUES (1, '{')"
    sqlite_file(tmp_path / "app.db", f"{ddl}; {insert}")
    _, _, said = codegen(["import", "app.db"], tmp_path)
    assert said == (
        "error[E820]: app.db is damaged: malformed schema in _tablewright_schemas\n"
        "  help: SQLite's own `.recover` may mend a copy\n\n1 error\n"
    )
