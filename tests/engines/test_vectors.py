"""Vector indexes: nearness, filters, and what writing does to them."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import pytest

from codegen.engines.database import Database
from codegen.runtime import REMOVE, InvalidQuery, any_of

SCHEMA = """
tables:
  items:
    fields:
      name: str
      kind?: Literal["a", "b", "c"] | None
      size?: float
      at?: {vector?: "list[float]"}
      anything?: Any
    vectorIndexes:
      by_vector: {field: at.vector, dimensions: 3, filters: [kind, size]}
      by_anything: {field: anything, dimensions: 2}
      later: {field: at.vector, dimensions: 4, staged: true}
"""


def stored(models: Any, db: Database, name: str, *vector: float, **fields: Any) -> Any:
    at = {"vector": [*vector]} if vector else {}
    return db.insert(models.ItemNew(name=name, at=at, **fields))


def names(db: Database, query: Any) -> list[str]:
    return [item.name for item, _ in db.run(query)]


def test_the_nearest_are_first(db: Database, models: Any) -> None:
    stored(models, db, "x", 5, 0, 0)
    stored(models, db, "y", 0, 1, 0)
    stored(models, db, "xy", 2, 2, 0)
    stored(models, db, "-x", -0.5, -0.0, 0)
    scored = db.run(models.items.by_vector([1, 0, 0]))
    assert [item.name for item, _ in scored] == ["x", "xy", "y", "-x"]
    expected = [1, math.sqrt(0.5), 0, -1]
    assert [one.score for one in scored] == pytest.approx(expected, abs=1e-6)
    assert scored[0].document == db.get(scored[0].document.id)
    assert names(db, models.items.by_vector([1, 0, 0], limit=2)) == ["x", "xy"]


def test_of_equals_the_newest_is_first(db: Database, models: Any) -> None:
    for name in "abcde":
        stored(models, db, name, 0.1, 0.2, 0.3)
    assert names(db, models.items.by_vector([1, 1, 1])) == [*"edcba"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"kind": "a"}, "pq"),
        ({"kind": any_of("a", "b")}, "pqr"),
        ({"kind": any_of("b", None)}, "rs"),
        ({"kind": "a", "size": 2.0}, "q"),
        ({"kind": any_of("a", "b"), "size": any_of(1.0, 3.0)}, "pr"),
        ({"kind": "c"}, ""),
        ({"size": None}, "s"),
    ],
)
def test_filters(
    db: Database, models: Any, filters: dict[str, Any], expected: str
) -> None:
    stored(models, db, "p", 1, 0, 0, kind="a", size=1.0)
    stored(models, db, "q", 1, 1, 0, kind="a", size=2.0)
    stored(models, db, "r", 1, 1, 1, kind="b", size=3.0)
    stored(models, db, "s", 0, 1, 1, kind=None)
    assert names(db, models.items.by_vector([1, 0, 0], **filters)) == [*expected]


def test_what_is_no_vector_is_not_found(db: Database, models: Any) -> None:
    items, new = models.items, models.ItemNew
    for odd in ([1.0], [1.0, 2.0, 3.0], [0.0, 0.0], [1.0, math.nan], [math.inf, 1.0]):
        db.insert(new(name="odd", anything=odd))
    for odd in (None, "ab", {"a": 1.0}, [True, False], ["a", "b"], [None, 1.0]):
        db.insert(new(name="odd", anything=odd))
    db.insert(new(name="none"))
    db.insert(new(name="small", anything=[5e-324, -0.0]))
    db.insert(new(name="large", anything=[1e308, 1e308]))
    db.insert(new(name="whole", anything=[3, 4]))
    assert names(db, items.by_anything([1, 0])) == ["small", "large", "whole"]


def test_writes_move_vectors(db: Database, models: Any) -> None:
    items, patch = models.items, models.ItemPatch
    id = stored(models, db, "one", 1, 0, 0, kind="a")
    other = stored(models, db, "two", 0, 1, 0, kind="a")
    db.patch(id, patch(at={"vector": [0, 0, 1]}, kind="b"))
    assert names(db, items.by_vector([0, 0, 1])) == ["one", "two"]
    assert names(db, items.by_vector([0, 0, 1], kind="a")) == ["two"]
    db.patch(id, patch(at=REMOVE))
    assert names(db, items.by_vector([0, 0, 1])) == ["two"]
    db.replace(id, models.ItemNew(name="new", at={"vector": [1, 1, 1]}))
    db.delete(other)
    assert names(db, items.by_vector([0, 0, 1])) == ["new"]
    with pytest.raises(RuntimeError), db.transaction():
        db.delete(id)
        assert names(db, items.by_vector([0, 0, 1])) == []
        raise RuntimeError
    assert names(db, items.by_vector([0, 0, 1])) == ["new"]


def test_the_nearest_of_many(db: Database, models: Any) -> None:
    random = Random(3)
    vectors = {
        f"v{number}": [random.gauss(0, 1) for _ in range(3)] for number in range(700)
    }
    news = [
        models.ItemNew(name=name, at={"vector": vector}, kind=random.choice("abc"))
        for name, vector in vectors.items()
    ]
    db.insert_many(news)
    asked = [0.3, -0.2, 0.9]
    by_score = sorted(vectors, key=lambda name: -cosine(vectors[name], asked))
    scored = db.run(models.items.by_vector(asked, limit=256))
    assert [item.name for item, _ in scored] == by_score[:256]
    for item, score in scored:
        assert score == pytest.approx(cosine(vectors[item.name], asked), abs=1e-5)
    kinds = {new.name: new.kind for new in news}
    expected = [name for name in by_score if kinds[name] == "b"]
    query = models.items.by_vector(asked, limit=256, kind="b")
    assert names(db, query) == expected[:256]


def test_refused(db: Database, models: Any) -> None:
    items = models.items
    with pytest.raises(InvalidQuery, match="has 3 dimensions, and got a vector of 2"):
        db.run(items.by_vector([1, 2]))
    for vector in ([0, 0, 0], [math.nan, 1, 1], [math.inf, 1, 1]):
        with pytest.raises(InvalidQuery, match="no direction"):
            db.run(items.by_vector(vector))
    for limit in (0, -1, 257):
        with pytest.raises(ValueError, match="limit is 1 to 256"):
            items.by_vector([1, 2, 3], limit=limit)
    for no_vector in (["a"], None, [10**400, 1, 1]):
        with pytest.raises(TypeError, match="a vector is a list of numbers"):
            items.by_vector(no_vector)
    with pytest.raises(InvalidQuery, match="`later` of table `items` is staged"):
        db.run(items._nearest("later", [1, 2, 3, 4], 1, {}))
    sizes = any_of(*map(float, range(64)))
    assert db.run(items.by_vector([1, 2, 3], size=sizes)) == []
    with pytest.raises(InvalidQuery, match="64 values at most, not 65"):
        db.run(items.by_vector([1, 2, 3], size=sizes, kind="a"))


def test_explain(db: Database, models: Any) -> None:
    assert ".by_vector.vectors" in db.explain(models.items.by_vector([1, 2, 3]))


def cosine(one: list[float], other: list[float]) -> float:
    product = sum(a * b for a, b in zip(one, other, strict=True))
    return product / math.hypot(*one) / math.hypot(*other)
