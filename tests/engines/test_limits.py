"""Limits: those of the server, by its own measure, to the last byte."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from pydantic import ValidationError

from codegen.runtime import Int64, LimitExceeded, ValidationFailed

SCHEMA = """
tables:
  notes: {fields: Any}
  typed:
    fields:
      text: str
      texts?: list[str]
      map?: dict[str, float]
      any?: Any
"""

MIB = 1024 * 1024


def size(value: Any) -> int:
    """What the server counts for a value in Python form."""
    match value:
        case None | bool():
            return 1
        case int() | float():
            return 9
        case str():
            return len(value.encode()) + 2
        case bytes():
            return len(value) + 2
        case list():
            return 2 + sum(size(item) for item in value)
        case _:
            return 2 + sum(len(n) + 1 + size(item) for n, item in value.items())


def room(fields: dict[str, Any]) -> int:
    """How much more than these fields a document may hold."""
    return MIB - size({"_id": "i" * 32, "_creationTime": 1.0, **fields})


WIDE = [[0.0] * 8000] * 14
MIXED = [Int64(1), b"ab", None, True, "é", {"": [], "key": {}}]


@pytest.mark.parametrize(
    ("fields", "unit"),
    [
        ({"text": ""}, "x"),
        ({"text": ""}, "\n"),
        ({"text": ""}, "\0"),
        ({"text": "", "other": [None] * 8192}, "x"),
        ({"text": "", "wide": WIDE}, "x"),
        ({"text": "", "wide": WIDE[:13], "mixed": MIXED * 100}, "x"),
    ],
    ids=["letters", "escapes", "nul", "nulls", "numbers", "mixed"],
)
def test_one_mebibyte(
    models: ModuleType, db: Any, fields: dict[str, Any], unit: str
) -> None:
    """Of bytes, not of characters, with the fields of the system and all names."""
    count = room(fields)
    assert count > 0
    id = db.insert(models.NoteNew(**{**fields, "text": unit * count}))
    assert len(db.get(id).text) == count
    larger = unit * (count + 1)
    calls: list[Callable[[], object]] = [
        lambda: db.insert(models.NoteNew(**{**fields, "text": larger})),
        lambda: db.patch(id, models.NotePatch(text=larger)),
        lambda: db.replace(id, models.NoteNew(**{**fields, "text": larger})),
    ]
    for call in calls:
        with pytest.raises(LimitExceeded, match=r"1,048,57[67]|maximum size 1 MiB"):
            call()
    assert len(db.get(id).text) == count


@pytest.mark.parametrize("letter", ["é", "€", "🔥"])
def test_letters_of_several_bytes(models: ModuleType, db: Any, letter: str) -> None:
    count, rest = divmod(room({"text": ""}), len(letter.encode()))
    db.insert(models.NoteNew(text=letter * count + "x" * rest))
    with pytest.raises(LimitExceeded):
        db.insert(models.NoteNew(text=letter * count + "x" * (rest + 1)))


def test_bytes_are_counted_as_they_are(models: ModuleType, db: Any) -> None:
    """And not as the text that they are stored as."""
    count = room({"data": b""})
    db.insert(models.NoteNew(data=b"x" * count))
    with pytest.raises(LimitExceeded):
        db.insert(models.NoteNew(data=b"x" * (count + 1)))


def test_a_typed_table(models: ModuleType, db: Any) -> None:
    count = room({"text": ""})
    db.insert(models.TypedNew(text="x" * count))
    with pytest.raises(LimitExceeded) as caught:
        db.insert(models.TypedNew(text="x" * (count + 1)))
    assert isinstance(caught.value, ValidationFailed) and caught.value.table == "typed"


def nested(levels: int, kind: str) -> Any:
    """A value of so many levels."""
    value: Any = [] if kind == "list" else {}
    for _ in range(levels - 1):
        value = [value] if kind == "list" else {"a": value}
    return value


@pytest.mark.parametrize("kind", ["list", "object"])
@pytest.mark.parametrize("model", ["NoteNew", "TypedNew"])
def test_sixteen_levels(models: ModuleType, db: Any, kind: str, model: str) -> None:
    """The document is the first."""
    extra = {"text": "x"} if model == "TypedNew" else {}
    new = getattr(models, model)
    id = db.insert(new(any=nested(15, kind), **extra))
    assert db.get(id).any == nested(15, kind)
    for levels in (16, 17, 60):
        with pytest.raises(LimitExceeded, match="16"):
            db.insert(new(any=nested(levels, kind), **extra))


def test_a_value_at_the_bottom_is_no_level(models: ModuleType, db: Any) -> None:
    value: Any = Int64(1)
    for _ in range(15):
        value = [value, b"", None]
    db.insert(models.NoteNew(any=value))
    with pytest.raises(LimitExceeded):
        db.insert(models.NoteNew(any=[value]))


def test_8192_items(models: ModuleType, db: Any) -> None:
    for empty in (None, 0.0, ""):
        db.insert(models.NoteNew(any=[empty] * 8192))
        with pytest.raises(LimitExceeded, match="8192"):
            db.insert(models.NoteNew(any=[empty] * 8193))
    id = db.insert(models.TypedNew(text="x", texts=[""] * 8192))
    with pytest.raises(LimitExceeded, match="8192"):
        db.patch(id, models.TypedPatch(texts=[""] * 8193))
    assert len(db.get(id).texts) == 8192


def fields(count: int) -> dict[str, float]:
    return {f"f{number}": 0.0 for number in range(count)}


def test_1024_fields(models: ModuleType, db: Any) -> None:
    """In a document those of the system count as well."""
    db.insert(models.NoteNew(any=fields(1024)))
    db.insert(models.TypedNew(text="x", map=fields(1024)))
    id = db.insert(models.NoteNew(**fields(1022)))
    calls: list[Callable[[], object]] = [
        lambda: db.insert(models.NoteNew(any=fields(1025))),
        lambda: db.insert(models.TypedNew(text="x", map=fields(1025))),
        lambda: db.insert(models.NoteNew(**fields(1023))),
        lambda: db.patch(id, models.NotePatch(one_more=1)),
    ]
    for call in calls:
        with pytest.raises(LimitExceeded, match="1024"):
            call()
    assert len(db.get(id).to_wire()) == 1024


@pytest.mark.parametrize("name", ["", " ", "a b", "a.b", "~", "1", "x" * 1024, "_in"])
def test_names_of_fields(models: ModuleType, db: Any, name: str) -> None:
    """What is inside of a document may begin with an underscore, too."""
    id = db.insert(models.NoteNew(inside={name: 1}))
    assert db.get(id).inside == {name: 1.0}
    db.insert(models.TypedNew(text="x", map={name: 1}, any=[{name: 1}]))
    if not name.startswith("_"):
        at_the_top = db.insert(models.NoteNew(**{name: 1}))
        assert db.get(at_the_top).to_wire()[name] == 1


@pytest.mark.parametrize("name", ["$a", "é", "a\n", "\x7f", "\0", "x" * 1025])
def test_names_that_fields_cannot_have(models: ModuleType, name: str) -> None:
    makes: list[Callable[[], object]] = [
        lambda: models.NoteNew(**{name: 1}),
        lambda: models.NotePatch(**{name: 1}),
        lambda: models.NoteNew(inside={name: 1}),
        lambda: models.TypedNew(text="x", map={name: 1}),
    ]
    for make in makes:
        with pytest.raises(ValidationError):
            make()


@pytest.mark.parametrize("name", ["_id", "_creationTime", "_x", "_"])
def test_names_that_the_system_keeps(models: ModuleType, name: str) -> None:
    for model in (models.NoteNew, models.NotePatch):
        with pytest.raises(ValidationError):
            model(**{name: 1})
