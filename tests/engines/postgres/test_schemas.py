"""The place of the tables: a schema of the server's, beside what others have there."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from codegen.runtime import ForeignDatabase, NewerSchema, UnusableDatabase
from tests.engines.packages import package
from tests.engines.safety.places import Schema

SCHEMA = """
tables:
  items: {fields: {name: str}, indexes: {by_name: [name]}}
"""


def execute(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def test_tables_of_others_are_left_alone(models: ModuleType, postgres_url: str) -> None:
    execute(
        postgres_url, "CREATE TABLE theirs (a int)", "INSERT INTO theirs VALUES (1)"
    )
    for name in "ab":
        with models.server.connect(postgres_url) as db:
            db.insert(models.ItemNew(name=name))
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT * FROM theirs").fetchall() == [(1,)]
        assert connection.execute("SELECT count(*) FROM items").fetchone() == (2,)


@pytest.mark.parametrize(
    "theirs",
    [
        "CREATE TABLE items (a int)",
        "CREATE VIEW items AS SELECT 1",
        "CREATE TYPE items AS ENUM ('a')",
        "CREATE TABLE _tablewright_tables (a int)",
    ],
)
def test_a_table_of_another_program_is_refused(
    models: ModuleType, postgres_url: str, theirs: str
) -> None:
    execute(postgres_url, theirs)
    before = Schema(postgres_url).dump()
    with pytest.raises(ForeignDatabase, match=r"items|_tablewright_tables"):
        models.server.connect(postgres_url)
    assert Schema(postgres_url).dump() == before


def test_a_newer_format_is_refused(models: ModuleType, postgres_url: str) -> None:
    models.server.connect(postgres_url).close()
    execute(postgres_url, "UPDATE _tablewright_format SET format = 99")
    with pytest.raises(NewerSchema, match="format 99"):
        models.server.connect(postgres_url)


def test_an_older_format_is_refused(models: ModuleType, postgres_url: str) -> None:
    models.server.connect(postgres_url).close()
    execute(postgres_url, "UPDATE _tablewright_format SET format = 2")
    before = Schema(postgres_url).dump()
    with pytest.raises(UnusableDatabase, match=r"format 2,.*: begin a new one"):
        models.server.connect(postgres_url)
    assert Schema(postgres_url).dump() == before


@pytest.mark.parametrize(
    "name", ["plain", "Two Words", 'a"b', "a'b", "100%", "%s", "a?b", "é", "a.b", "$1"]
)
def test_a_schema_may_have_any_name(models: ModuleType, server: str, name: str) -> None:
    schema = f"{name} of schemas"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(schema)))
    escaped = Identifier(schema).as_string().replace("\\", "\\\\").replace(" ", "\\ ")
    url = f"{server}&options={quote(f'-csearch_path={escaped}')}"
    for count in (1, 2):
        with models.server.connect(url) as db:
            id = db.insert(models.ItemNew(name="a"))
            db.patch(id, models.ItemPatch(name="b"))
            assert len(db.run(models.items.by_name("b"))) == count
    with psycopg.connect(server) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = %s", (schema,)
        ).fetchone()
        connection.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(schema)))
    assert found == (7,)


def test_two_schemas_are_two_databases(
    models: ModuleType, postgres_url: str, server: str
) -> None:
    execute(server, "CREATE SCHEMA second")
    other_url = f"{server}&options=-csearch_path%3Dsecond"
    connect = models.server.connect
    with connect(postgres_url) as one, connect(other_url) as other:
        id = one.insert(models.ItemNew(name="a"))
        assert other.get(id) is None
        assert other.run(models.items.full_scan()) == []


def test_a_search_path_that_leads_nowhere(models: ModuleType, server: str) -> None:
    with pytest.raises(UnusableDatabase, match="CREATE SCHEMA"):
        models.server.connect(f"{server}&options=-csearch_path%3Dnowhere")


LONG = "a" * 60
HOSTILE = f"""
tables:
  select:
    model: Chosen
    fields: {{a: str, b?: float, c?: str}}
    indexes:
      xmin: [a]
      ctid: [b]
      tableoid: [a, b]
      order: [b, a]
      by_Creation_time: [c]
  select_pkey: {{model: Key, fields: {{a: str}}}}
  SELECT: {{model: Upper, fields: {{a: str, b?: str}}, indexes: {{a: [a], A: [b]}}}}
  {LONG}bcde:
    model: First
    fields: {{a: str, b?: float}}
    indexes: {{{LONG}bcde: [a], {LONG}bcdf: [a, b], {LONG}bcd: [b]}}
  {LONG}bcdf:
    model: Second
    fields: {{a: str, b?: float}}
    indexes: {{{LONG}bcde: [a]}}
"""


def test_names_that_mean_something_to_postgres(
    tmp_path: Path, postgres_url: str
) -> None:
    made: Any = package(tmp_path, HOSTILE, "postgres_hostile")
    place = Schema(postgres_url)
    news = [made.ChosenNew, made.KeyNew, made.UpperNew, made.FirstNew, made.SecondNew]
    for number in range(1, 3):
        with made.server.connect(postgres_url) as db:
            ids = [db.insert(new(a=f"{number}")) for new in news]
            assert {db.get(id).a for id in ids} == {f"{number}"}
        assert place.check(made) == 5 * number
    # Indexes that are made anew get names that none had.
    changed = HOSTILE.replace("bcdf: [a, b]", "bcdf: [b, a]").replace(
        "xmin: [a]", "xmin: [c, a]"
    )
    again = package(tmp_path, changed, "postgres_hostile")
    with again.server.connect(postgres_url) as db:
        db.insert(again.FirstNew(a="3"))
    assert place.check(again) == 11
