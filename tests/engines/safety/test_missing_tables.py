"""Tables that another program has dropped: whoever connects again is told, and not sent round."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from types import ModuleType

import psycopg
import pytest

from codegen.runtime import CorruptDatabase, SchemaChanged
from tests.cases.cases import codegen
from tests.engines.packages import package
from tests.engines.safety.places import File, Place

NOTES = """\
tables:
  notes:
    fields: {text: str}
    indexes: {by_text: [text]}
"""
SEARCHED = f"{NOTES}    searchIndexes: {{words: {{field: text}}}}\n"
OTHER = "tables: {users: {fields: {name: str}}}\n"

_numbers = count()

Made = Callable[[str], ModuleType]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Makes the package of a schema."""
    return lambda schema: package(tmp_path, schema, f"missing_{next(_numbers)}")


def drop(place: Place, table: str) -> None:
    sql = f'DROP TABLE "{table}"'
    if isinstance(place, File):
        with closing(sqlite3.connect(place.path)) as connection:
            connection.execute(sql)
        return
    with psycopg.connect(place.url, autocommit=True) as server:
        server.execute(sql.encode())


async def connect_as_task(models: ModuleType, url: str) -> None:
    async with models.server.async_connect(url):
        pass


@pytest.mark.parametrize(
    "table",
    [
        "notes",
        "notes.words.search",
        "_tablewright_tables",
        "_tablewright_indexes",
        "_tablewright_side_tables",
        "_tablewright_schemas",
        "_tablewright_migrations",
    ],
)
def test_who_connects_is_told(
    made: Made, place: Place, tmp_path: Path, table: str
) -> None:
    models, next_one = made(SEARCHED), made(SEARCHED.replace("text: str", "text: Any"))
    with models.server.connect(place.url) as db:
        db.insert(models.NoteNew(text="a"))
        drop(place, table)
    said = f"the table {table} .*restore a backup"
    for schema in (models, next_one):
        with pytest.raises(CorruptDatabase, match=said):
            schema.server.connect(place.url)
        with pytest.raises(CorruptDatabase, match=said):
            asyncio.run(connect_as_task(schema, place.url))
    (tmp_path / "schema.yaml").write_text(SEARCHED)
    schema_option = ["--schema", "schema.yaml"]
    for command in (
        ["doctor", "--db", place.url],
        ["verify", "--db", place.url, *schema_option],
        ["diff", "--db", place.url, *schema_option],
        ["apply", "--db", place.url, *schema_option],
        ["apply", "--db", place.url, "--dry-run", *schema_option],
        ["export-data", "--db", place.url, "data.zip"],
    ):
        code, _, errors = codegen(command, tmp_path)
        assert code == 2 and "restore a backup" in errors, (command, errors)


def test_a_program_that_connects_again_ends(made: Made, place: Place) -> None:
    """It does what the documentation says of `SchemaChanged`."""
    models = made(NOTES)
    with models.server.connect(place.url) as db:
        db.insert(models.NoteNew(text="a"))
        drop(place, "notes")
        with pytest.raises(SchemaChanged):
            db.run(models.notes.by_text("a"))
    with pytest.raises(CorruptDatabase, match="the table notes "):
        models.server.connect(place.url)


VECTORS = NOTES.replace("text: str", "text: str, place: 'list[float]'") + (
    "    vectorIndexes: {near: {field: place, dimensions: 2}}\n"
)


@pytest.mark.parametrize(
    ("schema", "index", "values"),
    [
        (SEARCHED, "words.search", {}),
        (VECTORS, "near.vectors", {"place": [1.0, 2.0]}),
    ],
    ids=["search", "vectors"],
)
def test_the_table_of_an_index_is_made_again(
    made: Made,
    place: Place,
    tmp_path: Path,
    schema: str,
    index: str,
    values: dict[str, object],
) -> None:
    """By a schema without the index, and then with it: all documents are there."""
    models = made(schema)
    with models.server.connect(place.url) as db:
        id = db.insert(models.NoteNew(text="a", **values))
        drop(place, f"notes.{index}")
    with pytest.raises(CorruptDatabase, match="a schema without its index, and then"):
        models.server.connect(place.url)
    without = made(schema[: schema.rindex("    ")])
    without.server.connect(place.url).close()
    with models.server.connect(place.url, older_schema=True) as db:
        assert db.get(id).text == "a"
        notes = models.notes
        found = db.run(notes.near(values["place"]) if values else notes.words("a"))
        assert len(found) == 1
    assert codegen(["doctor", "--db", place.url], tmp_path)[0] == 0


def test_a_table_that_the_schema_lacks_may_be_dropped(made: Made, place: Place) -> None:
    with made(NOTES).server.connect(place.url):
        pass
    other = made(OTHER)
    for _ in range(2):
        with other.server.connect(place.url) as db:
            db.insert(other.UserNew(name="a"))
        if _ == 0:
            drop(place, "notes")
    with pytest.raises(CorruptDatabase, match="the table notes "):
        made(OTHER.replace("}}}", "}}, notes: {fields: {text: str}}}")).server.connect(
            place.url
        )
