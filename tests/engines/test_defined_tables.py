"""Tables that are known by their definitions alone take what those with models take."""

from __future__ import annotations

import json
from types import ModuleType

import pytest

from codegen.engines.ids import encode, timed_bytes
from codegen.engines.package import Package
from codegen.engines.sql.layout import Layout
from codegen.engines.table_rows import DefinedTable, defined_tables
from codegen.engines.tables import StoredTable
from codegen.runtime.documents import Document
from codegen.runtime.errors import LimitExceeded, ValidationFailed
from codegen.testing import Factory

SCHEMA = """
tables:
  users:
    fields:
      name: str
  posts:
    fields:
      author: Id[users]
      score: float
      tags: list[str]
      views?: int
    indexes:
      by_author: {fields: [author, score]}
      by_views: [views]
"""

LAYOUTS = {
    name: Layout(number, name, timed=True)
    for name, number in (("posts", 10_001), ("users", 10_002))
}
TIME = 1_767_225_600_000.5
Both = tuple[StoredTable[Document], DefinedTable]


@pytest.fixture
def both(models: ModuleType) -> Both:
    """The table `posts` in both forms."""
    package = Package(models.__name__, models.server.schema)
    with_models = package.tables(LAYOUTS)["posts"]
    alone = defined_tables(package.schema, LAYOUTS)["posts"]
    return with_models, alone


def test_rows_are_the_same(both: Both, models: ModuleType) -> None:
    with_models, alone = both
    id = encode(10_001, timed_bytes(TIME))
    for new in Factory(models, seed=3).batch(models.PostNew, 50):
        text = with_models.text(id, TIME, with_models.fields(new))
        row = alone.row(id, TIME, text)
        assert row == with_models.row(id, TIME, text)
        assert len(row[0]) == 5


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"score": "high"}, r"at \.score: .*float"),
        ({"tags": ["a", 1.0]}, r"at \.tags\[1\]"),
        ({"more": 1.0}, "there is no field `more`"),
        ({"author": encode(10_001, timed_bytes(TIME))}, r"at \.author: "),
        ({"_creationTime": TIME + 1}, "the database's to give"),
    ],
)
def test_what_does_not_fit_is_refused_alike(
    both: Both, models: ModuleType, change: dict[str, object], reason: str
) -> None:
    id = encode(10_001, timed_bytes(TIME))
    new = Factory(models)(models.PostNew)
    fitting = json.loads(both[0].text(id, TIME, both[0].fields(new)))
    text = json.dumps(fitting | change)
    said: list[str] = []
    for table in both:
        with pytest.raises(ValidationFailed, match=reason) as error:
            table.row(id, TIME, text)
        said.append(str(error.value))
    assert said[0] == said[1]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"_id": 1.0, "_creationTime": 1.0}', "{'a': 1}"]
)
def test_what_is_no_document_is_refused(both: Both, text: str) -> None:
    with pytest.raises(ValidationFailed):
        both[1].row("x", TIME, text)


def test_limits_hold(both: Both, models: ModuleType) -> None:
    id = encode(10_001, timed_bytes(TIME))
    new = Factory(models)(models.PostNew, tags=["x"] * 8193)
    text = both[0].text(id, TIME, both[0].fields(new))
    with pytest.raises(LimitExceeded):
        both[1].row(id, TIME, text)
