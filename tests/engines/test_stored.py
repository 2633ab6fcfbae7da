"""What is stored: the encoded JSON of the documents, in a file that SQLite can read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings

from codegen.engines.database import Database
from codegen.engines.keys import float_key, key
from codegen.ir.canonical import loads
from codegen.runtime import Int64
from tests.engines.values import in_python, values
from tests.ir.strategies import documents

SCHEMA = """
types:
  Circle: {kind: 'Literal["circle"]', radius: float}
  Square: {kind: 'Literal["square"]', side: float}
tables:
  all:
    model: Everything
    fields:
      text: str
      real: float
      whole: int
      flag: bool
      nothing: None
      data: bytes
      anything: Any
      stamp?: CommitTs
      word: Literal["a", "b"] | None
      level: Literal[1, 2, 1.0]
      texts: list[list[str]]
      by_key: dict[str, float]
      either: str | float | int | bytes | None
      optional?: float
      both?: str | None
      inner: {nullable: float | None, optional?: 'list[float]', both?: bytes | None}
      shape: Circle | Square
      shapes?: list[Circle | Square | None]
      share: Annotated[float, Ge(0), Le(1)]
    indexes:
      by_either: [either, inner.both]
  notes: {fields: Any}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data.db"


@pytest.fixture
def file(models: ModuleType, path: Path) -> Iterator[Database]:
    with models.server.connect(f"sqlite:///{path}", synchronous="normal") as made:
        yield made


def rows(path: Path, sql: str) -> list[Any]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def test_the_text_of_a_document(models: ModuleType, file: Database, path: Path) -> None:
    new = models.NoteNew(
        text='é\0"\\\n🔥</script>',
        whole=Int64(-1),
        data=b"\0\xff",
        special=[float("nan"), -0.0, 1.0],
        nothing=None,
    )
    id = file.insert(new)
    note: Any = file.get(id)
    ((stored_id, created, text),) = rows(
        path, "SELECT _id, _creationTime, _document FROM notes"
    )
    assert (stored_id, created) == (str(id), note.creation_time)
    assert json.loads(text) == {
        "_id": str(id),
        "_creationTime": note.creation_time,
        **new.to_wire(),
    }
    assert text == note.to_wire_json().decode()


def test_the_text_after_a_change(
    models: ModuleType, file: Database, path: Path
) -> None:
    id = file.insert(models.NoteNew(a=1, b=float("inf")))
    file.patch(id, models.NotePatch(a=Int64(2), c=-0.0))
    ((text,),) = rows(path, "SELECT _document FROM notes")
    note: Any = file.get(id)
    assert json.loads(text) == note.to_wire()
    file.replace(id, models.NoteNew())
    ((text,),) = rows(path, "SELECT _document FROM notes")
    assert json.loads(text) == {"_id": id, "_creationTime": note.creation_time}


def test_the_keys_of_an_index(models: ModuleType, file: Database, path: Path) -> None:
    """The fields and the creation time: each as the server makes its keys."""
    fields = {
        "text": "x",
        "real": 1.0,
        "whole": {"$integer": "AQAAAAAAAAA="},
        "flag": True,
        "nothing": None,
        "data": {"$bytes": ""},
        "anything": None,
        "word": None,
        "level": 1.0,
        "texts": [],
        "by_key": {},
        "either": {"$bytes": "AAE="},
        "inner": {"nullable": None, "both": None},
        "shape": {"kind": "circle", "radius": 1.0},
        "share": 0.5,
    }
    wire = {"byKey" if name == "by_key" else name: v for name, v in fields.items()}
    model = models.EverythingNew
    names = {field.alias for field in model.model_fields.values()}
    id = file.insert(model.from_wire(fields if "by_key" in names else wire))
    found: Any = file.get(id)
    ((found_key,),) = rows(path, 'SELECT by_either FROM "all"')
    end = float_key(found.creation_time)
    assert found_key == key(b"\0\1") + key(None) + end


def test_a_file_is_whole_in_sqlites_view(
    models: ModuleType, file: Database, path: Path
) -> None:
    ids = [file.insert(models.NoteNew(n=n)) for n in range(50)]
    for id in ids[::2]:
        file.delete(id)
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    assert rows(path, "SELECT count(*) FROM notes") == [(25,)]


@settings(deadline=None)
@given(values)
def test_any_value_comes_back(models: ModuleType, value: Any) -> None:
    with models.server.connect("sqlite://") as db:
        new = models.NoteNew(value=in_python(value))
        id = db.insert(new)
        assert fields_of(db.get(id)) == exact(new.to_wire())
        db.patch(id, models.NotePatch(other=1))
        db.patch(id, models.NotePatch(other=in_python(value)))
        assert exact(db.get(id).to_wire()["other"]) == exact(new.to_wire()["value"])


def exact(wire: object) -> str:
    """Text that tells 1 from 1.0, True from 1, and -0.0 from 0.0, in any order of keys."""
    return json.dumps(wire, sort_keys=True)


def fields_of(document: Any) -> str:
    wire = document.to_wire()
    return exact({n: v for n, v in wire.items() if n not in ("_id", "_creationTime")})


def test_every_type_comes_back(models: ModuleType) -> None:
    """By `insert`, by a patch of every field, and by `replace`."""
    folder = Path(models.__file__ or "").parent
    schema = loads((folder / "_schema.json").read_text("utf-8"))
    shape = schema.tables["all"].document

    @given(documents(shape, schema), documents(shape, schema))
    def check(wire: Any, other: Any) -> None:
        first = models.EverythingNew.from_wire(wire)
        second = models.EverythingNew.from_wire(other)
        with models.server.connect("sqlite://") as db:
            id = db.insert(first)
            assert fields_of(db.get(id)) == exact(first.to_wire())
            db.replace(id, second)
            assert fields_of(db.get(id)) == exact(second.to_wire())
            db.patch(id, models.EverythingPatch.from_wire(wire))
            merged = {**second.to_wire(), **first.to_wire()}
            assert fields_of(db.get(id)) == exact(merged)

    check()
