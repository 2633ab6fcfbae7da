"""A patch or a replacement that changes nothing is neither checked nor written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from codegen.engines.database import Database
from codegen.runtime import REMOVE, ValidationFailed

SCHEMA = """
tables:
  things:
    fields: {name: str, size?: float, owner?: 'Id[things]', extra?: Any}
    indexes:
      by_name: {fields: [name], unique: true}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data.db"


@pytest.fixture
def file(models: ModuleType, path: Path) -> Iterator[Database]:
    with models.server.connect(f"sqlite:///{path}", synchronous="normal") as made:
        yield made


@pytest.fixture(params=[{"a": -0.0, "b": [None, "é"]}, [1e300, 1e-7], "\x7f\0"])
def thing(request: pytest.FixtureRequest, models: ModuleType, file: Any) -> Any:
    """The id of a document, with values that JSON can write in several ways."""
    extra = request.param
    return file.insert(models.ThingNew(name="a", size=2.5, extra=extra))


def written(path: Path, id: str) -> str:
    """The text of the document, as it is in the file."""
    with sqlite3.connect(path) as connection:
        (text,) = connection.execute(
            "SELECT _document FROM things WHERE _id = ?", (id,)
        ).fetchone()
    connection.close()
    return str(text)


def make_misfit(path: Path, id: str) -> str:
    """Another program breaks the document: its name becomes a number."""
    with sqlite3.connect(path) as connection:
        broken = written(path, id).replace('"name":"a"', '"name":5.0')
        connection.execute(
            "UPDATE things SET _document = ? WHERE _id = ?", (broken, id)
        )
    connection.close()
    return broken


def data_version(path: Path, watcher: sqlite3.Connection) -> int:
    (version,) = watcher.execute("PRAGMA data_version").fetchone()
    return int(version)


def test_nothing_is_written(
    models: ModuleType, file: Any, path: Path, thing: Any
) -> None:
    text = written(path, thing)
    same = models.ThingNew.from_wire(
        {n: v for n, v in file.get(thing).to_wire().items() if n[0] != "_"}
    )
    watcher = sqlite3.connect(path)
    try:
        version = data_version(path, watcher)
        file.patch(thing, models.ThingPatch())
        file.patch(thing, models.ThingPatch(name="a"))
        file.patch(thing, models.ThingPatch(size=2.5, extra=same.extra))
        file.replace(thing, same)
        assert data_version(path, watcher) == version
        file.patch(thing, models.ThingPatch(size=3))
        assert data_version(path, watcher) != version
    finally:
        watcher.close()
    assert json.loads(written(path, thing)) == {**json.loads(text), "size": 3.0}


def test_nothing_is_checked(
    models: ModuleType, file: Any, path: Path, thing: Any
) -> None:
    """A document that does not fit may stay, and can only be changed to one that fits."""
    broken = make_misfit(path, thing)
    file.patch(thing, models.ThingPatch())
    file.patch(thing, models.ThingPatch(size=2.5))
    assert written(path, thing) == broken
    with pytest.raises(ValidationFailed) as caught:
        file.patch(thing, models.ThingPatch(size=3))
    assert caught.value.path == ".name"
    assert written(path, thing) == broken
    file.patch(thing, models.ThingPatch(name="b"))
    assert file.get(thing).name == "b"


def test_a_different_zero_is_a_change(
    models: ModuleType, file: Any, thing: Any
) -> None:
    file.patch(thing, models.ThingPatch(size=0.0))
    file.patch(thing, models.ThingPatch(size=-0.0))
    assert str(file.get(thing).size) == "-0.0"


def test_the_order_of_fields_is_no_change(
    models: ModuleType, file: Any, path: Path
) -> None:
    id = file.insert(models.ThingNew(name="a", size=1, extra={"a": 1, "b": 2}))
    text = written(path, id)
    file.patch(id, models.ThingPatch(extra={"b": 2, "a": 1}))
    assert written(path, id) == text
    file.patch(id, models.ThingPatch(size=REMOVE))
    file.patch(id, models.ThingPatch(size=1))
    text = written(path, id)
    file.replace(id, models.ThingNew(name="a", size=1, extra={"a": 1, "b": 2}))
    assert written(path, id) == text
