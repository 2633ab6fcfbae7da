"""Vector queries on files where SQLite can load sqlite-vec, for which the test has a stand-in.

Many builds of Python, such as those of pyenv, can't load the real one.
"""

from __future__ import annotations

import math
import sqlite3
import sys
from functools import partial
from importlib.machinery import ModuleSpec
from random import Random
from types import ModuleType
from typing import Any

import pytest

from codegen.engines.unit_vectors import unpacked
from codegen.runtime import any_of

SCHEMA = """
tables:
  items:
    fields: {kind: str, vector: "list[float]"}
    vectorIndexes: {by_vector: {field: vector, dimensions: 3, filters: [kind]}}
"""


class Loading(sqlite3.Connection):
    """A connection that may load extensions, when that is said."""

    may_load = False
    loaded = 0

    def enable_load_extension(self, enable: bool, /) -> None:
        self.may_load = enable


def load(connection: Loading) -> None:
    assert connection.may_load
    Loading.loaded += 1
    connection.create_function("vec_distance_cosine", 2, distance)


def distance(one: bytes, other: bytes) -> float:
    a, b = unpacked(one), unpacked(other)
    product = sum(x * y for x, y in zip(a, b, strict=True))
    return 1 - product / math.hypot(*a) / math.hypot(*b)


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("sqlite_vec")
    module.__spec__ = ModuleSpec("sqlite_vec", None)
    monkeypatch.setattr(module, "load", load, raising=False)
    monkeypatch.setitem(sys.modules, "sqlite_vec", module)
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Loading))
    monkeypatch.setattr(Loading, "loaded", 0)


def test_it_measures_in_the_place_of_numpy(
    models: Any, url: str, stand_in: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(5)
    with models.server.connect(url) as db:
        for number in range(60):
            vector = [float(random.randint(-3, 3)) for _ in range(3)]
            db.insert(models.ItemNew(kind="abc"[number % 3], vector=vector))
        queries = [
            models.items.by_vector([1, 2, 3], limit=30),
            models.items.by_vector([0, -1, 1], kind="a"),
            models.items.by_vector([1, 0, 0], kind=any_of("b", "c"), limit=3),
        ]
        with monkeypatch.context() as without_numpy:
            without_numpy.setitem(sys.modules, "numpy", None)
            measured = [db.run(query) for query in queries]
        assert Loading.loaded == 1, "once for each connection"
        monkeypatch.delitem(sys.modules, "sqlite_vec")
        by_numpy = [db.run(query) for query in queries]
    for here, there in zip(measured, by_numpy, strict=True):
        scores = [one.score for one in there]
        assert [one.score for one in here] == pytest.approx(scores, abs=1e-6)
        assert {one.document.id for one in here[:-8]} <= {
            one.document.id for one in there
        }
