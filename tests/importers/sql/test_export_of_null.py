"""Exported tables take NULL wherever a document may have null or nothing."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg

from tests.cases.cases import codegen
from tests.importers.sql.databases import from_sqlite
from tests.postgres import new_database

SCHEMA = """\
types:
  Place: {street: str, town: str}
  Level: Literal["low", "high"]

tables:
  things:
    fields:
      number?: float
      whole: int | None
      bounded?: Annotated[int, Ge(1), Lt(9)] | None
      text: Annotated[str, MinLen(2), MaxLen(5)] | None
      data: bytes | None
      short?: Annotated[bytes, MaxLen(3)]
      truth?: bool
      maybe: bool | None
      level?: Level
      home: Place | None
      anything?: Any
      many?: list[str]
      some: Annotated[list[str], MinLen(1), MaxLen(3)] | None
      mixed?: str | float
      nothing: None
      other?: Id[things]
"""
KEY = "('i', 1)"


def _exported(folder: Path, dialect: str) -> str:
    (folder / "app.yaml").write_text(SCHEMA)
    argv = ["export", "--to", "sql", "--dialect", dialect, "--schema", "app.yaml"]
    code, text, _ = codegen(argv, folder)
    assert code == 0
    return text


def test_in_sqlite(tmp_path: Path) -> None:
    text = _exported(tmp_path, "sqlite")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(text)
        connection.execute(f"INSERT INTO things (id, creation_time) VALUES {KEY}")
        (row,) = connection.execute("SELECT * FROM things").fetchall()
        assert row[2:] == (None,) * 16
        for column, wrong in [("home", "'{'"), ("some", "'[]'"), ("maybe", "2")]:
            try:
                connection.execute(f"UPDATE things SET {column} = {wrong}")
            except sqlite3.IntegrityError:
                continue
            raise AssertionError(f"{column} takes {wrong}")
    assert "home?: Any" in from_sqlite(text, tmp_path).text


def test_in_postgresql(tmp_path: Path, postgres: str) -> None:
    text = _exported(tmp_path, "postgresql")
    with new_database(postgres, text) as url, psycopg.connect(url) as connection:
        insert = f"INSERT INTO things (id, creation_time) VALUES {KEY}"
        connection.execute(insert.encode())
        (row,) = connection.execute("SELECT * FROM things").fetchall()
        assert row[2:] == (None,) * 16


def test_only_columns_that_may_be_null_say_so(tmp_path: Path) -> None:
    text = _exported(tmp_path, "sqlite")
    assert not re.search("NOT NULL.* IS NULL OR", text)
    assert "CHECK (home IS NULL OR json_valid(home))" in text
