"""Searches and nearest vectors are followed as other queries are."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from tests.engines.live.following import SOON_MS

SCHEMA = """
tables:
  notes:
    fields: {text: str, kind: str, place?: 'list[float]', seen?: float}
    searchIndexes:
      search_text: {field: text, filters: [kind]}
    vectorIndexes:
      by_place: {field: place, dimensions: 2, filters: [kind]}
  others:
    fields: {text: str}
"""
QUIET_MS = 150
"""What does not come by then does not come."""


def new(models: ModuleType, text: str, kind: str = "a", **more: Any) -> Any:
    return models.NoteNew(text=text, kind=kind, **more)


def check_quiet(db: Any, query: Any, write: Any) -> None:
    """Asserts that a write brings no other result."""
    with db.subscribe(query, timeout_ms=QUIET_MS) as live:
        next(live)
        write()
        with pytest.raises(TimeoutError):
            next(live)


def test_a_search(models: ModuleType, db: Any, writer: Any) -> None:
    apples = models.notes.search_text("apple", kind="a").take(5)
    with db.subscribe(apples, timeout_ms=SOON_MS) as live:

        def texts() -> list[str]:
            return sorted(note.text for note in next(live))

        assert texts() == []
        red = writer.insert(new(models, "red apple"))
        assert texts() == ["red apple"]
        plum = writer.insert(new(models, "plum"))
        writer.patch(plum, models.NotePatch(text="green apple"))
        assert texts() == ["green apple", "red apple"]
        writer.patch(red, models.NotePatch(kind="b"))
        assert texts() == ["green apple"]
        writer.delete(plum)
        assert texts() == []


def test_what_a_search_does_not_find(models: ModuleType, db: Any, writer: Any) -> None:
    apples = models.notes.search_text("apple", kind="a").take(5)
    writer.insert(new(models, "apple"))
    check_quiet(db, apples, lambda: writer.insert(new(models, "plum")))
    check_quiet(db, apples, lambda: writer.insert(new(models, "apple", kind="b")))
    check_quiet(db, apples, lambda: writer.insert(models.OtherNew(text="apple")))


def test_nearest_vectors(models: ModuleType, db: Any, writer: Any) -> None:
    nearest = models.notes.by_place([1.0, 0.0], limit=1)
    with db.subscribe(nearest, timeout_ms=SOON_MS) as live:

        def text() -> str:
            ((found, _),) = ((one.document, one.score) for one in next(live))
            return str(found.text)

        assert next(live) == []
        far = writer.insert(new(models, "far", place=[0.0, 1.0]))
        assert text() == "far"
        near = writer.insert(new(models, "near", place=[1.0, 1.0]))
        assert text() == "near"
        writer.patch(far, models.NotePatch(place=[5.0, 0.0]))
        assert text() == "far"
        writer.patch(far, models.NotePatch(seen=1.0))
        assert text() == "far", "the document is another"
        writer.delete(far)
        assert text() == "near"
        writer.delete(near)
        assert next(live) == []
    writer.insert(new(models, "near", place=[1.0, 0.0]))
    further = new(models, "further", place=[0.0, 1.0])
    check_quiet(db, nearest, lambda: writer.insert(further))
    check_quiet(db, nearest, lambda: writer.insert(new(models, "no place")))
