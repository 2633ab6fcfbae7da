"""What does not fit is named: the table, the way to the place, and the reason."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from codegen.engines.database import Database
from codegen.runtime import ValidationFailed

SCHEMA = """
types:
  Circle: {kind: 'Literal["circle"]', radius: float}
  Square: {kind: 'Literal["square"]', side: float}
  Box: {x: float}
  Bag: {y: float}
tables:
  rows:
    fields:
      name: str
      real?: float
      share?: 'Annotated[float, Ge(0), Le(1)]'
      place?: {city: {name: str}}
      texts?: list[str]
      matrix?: list[list[float]]
      by_key?: dict[str, float]
      shape?: Circle | Square
      shapes?: list[Circle | Square]
      either?: float | list[float]
      untagged?: Box | Bag
      nullable?: float | None
  events:
    model: Event
    union:
      Started: {kind: 'Literal["started"]', at: float}
      Failed: {kind: 'Literal["failed"]', at: float, reasons: 'list[str]'}
"""


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Pydantic warns of what was made without validation."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"name": 5}, ".name"),
        ({"real": "1"}, ".real"),
        ({"share": 2.0}, ".share"),
        ({"place": {"city": {"name": 5}}}, ".place.city.name"),
        ({"place": {"city": {}}}, ".place.city"),
        ({"texts": ["a", 5]}, ".texts[1]"),
        ({"matrix": [[], [1.0, "x"]]}, ".matrix[1][1]"),
        ({"shape": {"kind": "circle", "radius": "x"}}, ".shape.radius"),
        ({"shape": {"kind": "oval"}}, ".shape"),
        (
            {"shapes": [{"kind": "square", "side": 1.0}, {"kind": "square"}]},
            ".shapes[1]",
        ),
        ({"either": "x"}, ".either"),
        ({"either": [1.0, "x"]}, ".either"),
        ({"untagged": {"x": "a"}}, ".untagged"),
        ({"nullable": "x"}, ".nullable"),
    ],
    ids=repr,
)
def test_the_way_to_the_place(
    models: ModuleType, db: Database, fields: dict[str, Any], path: str
) -> None:
    """As it is in the document: nothing of how it was checked is in it."""
    new = models.RowNew.model_construct(**{"name": "a", **fields})
    with pytest.raises(ValidationFailed) as caught:
        db.insert(new)
    error = caught.value
    assert (error.table, error.path) == ("rows", path)
    assert path in str(error) and "`rows`" in str(error) and error.reason in str(error)


def test_an_entry_of_a_record(models: ModuleType, db: Database) -> None:
    new = models.RowNew.model_construct(name="a", by_key={"a": 1.0, "b": "x"})
    with pytest.raises(ValidationFailed) as caught:
        db.insert(new)
    assert caught.value.path == '.by_key["b"]'


def test_a_kind_of_document(models: ModuleType, db: Database) -> None:
    """The name of the kind is no step of the way."""
    construct = models.FailedNew.model_construct
    for fields, path in (
        ({"at": "x", "reasons": []}, ".at"),
        ({"at": 1.0, "reasons": ["a", 5]}, ".reasons[1]"),
        ({"at": 1.0}, ""),
    ):
        with pytest.raises(ValidationFailed) as caught:
            db.insert(construct(kind="failed", **fields))
        assert caught.value.path == path


def test_a_patch_of_a_kind_of_document(models: ModuleType, db: Database) -> None:
    id = db.insert(models.FailedNew(kind="failed", at=1, reasons=[]))
    with pytest.raises(ValidationFailed) as caught:
        db.patch(id, models.StartedPatch(kind="started"))
    assert caught.value.path == ""
