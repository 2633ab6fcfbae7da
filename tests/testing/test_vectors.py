"""A factory's vectors have the length that their index wants."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from codegen.testing import Factory
from tests.engines.packages import package

SCHEMA = """
types:
  Details: {vector: "list[float]", other: "list[float]"}
  Vector: Annotated[list[float], MinLen(2)]
tables:
  plain:
    fields: {vector: "list[float]", second?: Vector | None, short: "Annotated[list[float], MaxLen(1)]"}
    vectorIndexes:
      by_vector: {field: vector, dimensions: 7}
      by_it_again: {field: vector, dimensions: 8}
      by_second: {field: second, dimensions: 9}
      by_short: {field: short, dimensions: 5}
  nested:
    fields: {details: Details, anything: Any, words: "list[str]"}
    vectorIndexes:
      by_details: {field: details.vector, dimensions: 11}
      by_anything: {field: anything, dimensions: 3}
  kinds:
    union:
      First: {kind: 'Literal["a"]', vector: "list[float]"}
      Second: {kind: 'Literal["b"]'}
    vectorIndexes:
      by_vector: {field: vector, dimensions: 6}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return package(tmp_path_factory.mktemp("vectors"), SCHEMA, "factory_vectors")


def test_vectors_have_their_lengths(made: Any) -> None:
    make = Factory(made)
    plain = make.batch(made.PlainNew, 20)
    assert {len(one.vector) for one in plain} == {7}
    assert {one.second and len(one.second) for one in plain} == {None, 9}
    assert {len(one.short) for one in plain} == {0, 1}
    nested = make.batch(made.NestedNew, 20)
    assert {len(one.details.vector) for one in nested} == {11}
    assert len({len(one.details.other) for one in nested}) > 1
    first = make.batch(made.FirstNew, 20)
    assert {len(one.vector) for one in first} == {6}


def test_they_are_found(made: Any) -> None:
    make = Factory(made)
    with made.server.connect("sqlite://") as db:
        id = make.insert(db, made.NestedNew)
        vector = db.get(id).details.vector
        ((document, score),) = db.run(made.nested.by_details(vector))
        assert document.id == id
        assert score == pytest.approx(1)
