"""What is no database, or none that can be read: an error that says so, and nothing else."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.importers.sql.databases import from_file, from_sqlite, sqlite_file

DDL = "CREATE TABLE t (a INT NOT NULL CHECK (a > 0)); CREATE INDEX i ON t (a);"


def _directory(path: Path) -> None:
    path.mkdir()


def _text(path: Path) -> None:
    path.write_text("hello, world " * 100)


def _encrypted(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(8192))


def _truncated(path: Path) -> None:
    sqlite_file(path, DDL)
    path.write_bytes(path.read_bytes()[:3000])


def _header_only(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 200)


def _broken_catalogue(path: Path) -> None:
    sqlite_file(
        path,
        f"{DDL} PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'CREATE TABLE t (';",
    )


def _other_text(path: Path) -> None:
    sqlite_file(path, DDL.replace("CREATE TABLE t (", "CREATE TABLE t (word TEXT, "))
    path.write_bytes(path.read_bytes().replace(b"word", b"w\xffrd"))


def _control_character(path: Path) -> None:
    _other_text(path)
    path.write_bytes(path.read_bytes().replace(b"w\xffrd", b"w\x1brd"))


def _missing(path: Path) -> None:
    assert not path.exists()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (_missing, "No such file or directory"),
        (_directory, "Is a directory"),
        (_text, "is no SQLite database, or an encrypted one"),
        (_encrypted, "is no SQLite database, or an encrypted one"),
        (_truncated, ""),
        (_header_only, ""),
        (_broken_catalogue, "is damaged: malformed database schema"),
        (_other_text, "app.db is damaged: a text in it is not UTF-8"),
        (_control_character, "is damaged: malformed database schema"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_files_that_are_none(
    tmp_path: Path, make: Callable[[Path], None], says: str
) -> None:
    path = tmp_path / "app.db"
    make(path)
    one = from_file(path)
    assert one.text == ""
    (said,) = one.said
    assert said.startswith("E820 ") and says in said and said.isprintable()


def test_files_with_wrong_bytes(tmp_path: Path) -> None:
    """Whatever is wrong in a file, there is a schema or an error."""
    path = sqlite_file(tmp_path / "app.db", DDL)
    data = path.read_bytes()
    chance = random.Random(7)
    failed = 0
    for _ in range(200):
        wrong = bytearray(data)
        for _ in range(chance.randint(1, 20)):
            wrong[chance.randrange(len(wrong))] = chance.randrange(256)
        path.write_bytes(wrong)
        one = from_file(path)
        assert one.text or one.said
        failed += not one.text
    assert failed > 0


def test_an_empty_file_has_no_tables(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    path.write_bytes(b"")
    assert from_file(path).said == ["E822 app.db: there is no table in it"]


def test_a_file_that_is_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codegen.importers.sql.sqlite._BUSY_SECONDS", 0.1)
    path = sqlite_file(tmp_path / "app.db", DDL)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        (said,) = from_file(path).said
    assert said.endswith("app.db is locked by another process")


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_file_is_left_as_it_is(tmp_path: Path, mode: str) -> None:
    path = sqlite_file(tmp_path / "app.db", f"PRAGMA journal_mode = {mode}; {DDL}")
    before = path.read_bytes()
    assert from_file(path).text
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["app.db"]


def test_what_another_program_has_just_written_is_read(tmp_path: Path) -> None:
    path = sqlite_file(tmp_path / "app.db", f"PRAGMA journal_mode = WAL; {DDL}")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("ALTER TABLE t ADD COLUMN b TEXT")
        assert "b?: str | None" in from_file(path).text
        other.execute("INSERT INTO t VALUES (1, 'x')")  # nobody holds a lock


@pytest.mark.parametrize(
    "ddl",
    [
        "CREATE TABLE t (a INT DEFAULT ((((((((((1)))))))))))",
        "CREATE TABLE t (a INT /* CHECK ( */ , -- CHECK (a > ')')\n b TEXT)",
        "CREATE TABLE t (a TEXT CHECK (a <> '--'), b TEXT DEFAULT ')')",
        "CREATE TABLE t AS SELECT 1 AS a, 'x' AS \"b c\"",
        'CREATE TABLE "t (" ("a (" INT, "b"",c" TEXT)',
        "CREATE TABLE t (a INT) STRICT",
        "CREATE TEMP TABLE x (a); CREATE TABLE t (a INT, b TEXT AS ('x'))",
        f"CREATE TABLE t ({', '.join(f'c{i} INT' for i in range(1000))})",
        f"CREATE TABLE t (a INT CHECK ({'(' * 90}a > 1{')' * 90}))",
        f"CREATE TABLE t (a TEXT CHECK (a IN ({', '.join(repr(str(i)) for i in range(5000))})))",
    ],
)
def test_unusual_declarations(tmp_path: Path, ddl: str) -> None:
    assert from_sqlite(ddl, tmp_path).text.startswith("tables:\n")


def test_more_than_a_schema_can_hold(tmp_path: Path) -> None:
    wide = f"CREATE TABLE t ({', '.join(f'c{i} INT NOT NULL' for i in range(1500))})"
    one = from_sqlite(wide, tmp_path)
    assert one.text == ""
    assert one.said[0].startswith("E216 app.db: t: 1500 fields are required")
    many = ";".join(f"CREATE INDEX i{i} ON t (a, c{i})" for i in range(70))
    columns = ", ".join(f"c{i}" for i in range(70))
    one = from_sqlite(f"CREATE TABLE t (a, {columns}); {many}", tmp_path)
    assert one.text.count(": [a, c") == 64
    assert sum("a table has 64 indexes at most" in said for said in one.said) == 6


def test_characters_that_a_terminal_obeys_are_not_told(tmp_path: Path) -> None:
    ddl = """CREATE TABLE "a\x1b[31m" ("b\x07" DATE DEFAULT ('\x9b' || 'x'))"""
    one = from_sqlite(ddl, tmp_path)
    assert {said[:4] for said in one.said} == {"W820", "W821", "W823"}
    assert all(said.isprintable() for said in one.said), one.said
