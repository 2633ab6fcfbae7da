"""Vector queries where NumPy is not installed."""

from __future__ import annotations

import sys
from typing import Any

import pytest

SCHEMA = """
tables:
  items:
    fields: {vector: "list[float]"}
    vectorIndexes: {by_vector: {field: vector, dimensions: 2}}
"""


def test_the_error_says_what_to_install(
    db: Any, models: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = db.insert(models.ItemNew(vector=[1, 2]))
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(ModuleNotFoundError, match=r"tablewright\[vectors\]"):
        db.run(models.items.by_vector([1, 2]))
    db.patch(id, models.ItemPatch(vector=[2, 1]))
    monkeypatch.undo()
    ((item, _),) = db.run(models.items.by_vector([1, 2]))
    assert item.vector == [2, 1]
