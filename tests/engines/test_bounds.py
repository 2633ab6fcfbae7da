"""Bounds: which documents a range of an index has, for values of every kind."""

from __future__ import annotations

import enum
import itertools
import math
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.engines.database import Database
from codegen.runtime import (
    ABSENT,
    KEEP,
    REMOVE,
    Absent,
    Int64,
    InvalidQuery,
    Query,
    Range,
    between,
    gt,
    gte,
    lt,
    lte,
)
from tests.engines.values import Place, compare, in_python, places

SCHEMA = """
types:
  Point: {x: float, y?: int}
tables:
  rows:
    fields:
      name: str = ""
      optional?: str
      nullable: str | None = "z"
      both?: str | None
      anything?: Any
      whole?: int
      real?: float
      number?: int | float
      data?: bytes
      flag?: bool
      texts?: list[str]
      counts?: list[int]
      reals?: list[float]
      level?: Literal[1, 2]
      grade?: Literal[1.0, 2.0]
      point?: Point
      by_key?: dict[str, int]
      place?: {city: str, rank?: int, inner?: {value?: float | None}}
    indexes:
      by_optional: [optional]
      by_nullable: [nullable]
      by_both: [both]
      by_anything: [anything]
      by_whole: [whole]
      by_real: [real]
      by_number: [number]
      by_data: [data]
      by_flag: [flag]
      by_texts: [texts]
      by_counts: [counts]
      by_reals: [reals]
      by_level: [level]
      by_grade: [grade]
      by_point: [point]
      by_key: [by_key]
      by_place: [place.city, place.rank]
      by_inner: [place.inner.value]
      by_several: [name, whole, real]
      by_open: [anything.a.b]
  events:
    model: Event
    union:
      Started: {kind: 'Literal["started"]', at: float, value: float}
      Failed: {kind: 'Literal["failed"]', at: float, reason?: str, value: int}
      Lost: {kind: 'Literal["lost"]', reason: str | None}
    indexes:
      by_kind: [kind, at]
      by_reason: [reason]
      by_value: [value]
  notes:
    fields: Any
    indexes:
      by_kind: [kind, created.at]
"""


@pytest.fixture
def add(models: ModuleType, db: Database) -> Any:
    """Stores rows with these values in one field, in this order; ABSENT is no value."""

    def add(field: str, *found: object) -> Any:
        for value in found:
            fields = {} if value is ABSENT else {field: value}
            db.insert(models.RowNew(**fields))
        return models.rows

    return add


def same(found: object, expected: object) -> bool:
    return repr(found) == repr(expected)


def test_ranges(db: Database, add: Any) -> None:
    rows = add("real", *(3, 1, 2, 4, 2))

    def found(*bounds: object) -> list[float]:
        return [row.real for row in db.run(rows.by_real(*bounds))]

    assert found() == [1, 2, 2, 3, 4]
    assert found(2) == [2, 2]
    assert found(gt(2)) == [3, 4]
    assert found(gte(2)) == [2, 2, 3, 4]
    assert found(lt(2)) == [1]
    assert found(lte(2)) == [1, 2, 2]
    assert found(between(2, 3)) == [2, 2, 3]
    assert found(gt(1) & lt(3)) == found(lt(3) & gt(1)) == [2, 2]
    assert found(gte(1) & lt(2)) == [1]
    assert found(gt(2) & lte(2)) == []
    assert found(between(3, 2)) == []
    assert found(Range()) == [1, 2, 2, 3, 4]
    reverse = db.run(rows.by_real(between(2, 3)).order("desc"))
    assert [row.real for row in reverse] == [3, 2, 2]


def test_several_fields(models: ModuleType, db: Database) -> None:
    for name in "ab":
        for whole in (1, 2):
            for real in (1.5, 2.5):
                db.insert(models.RowNew(name=name, whole=whole, real=real))

    def found(*bounds: object) -> list[str]:
        query = models.rows.by_several(*bounds)
        rows = [f"{row.name}{row.whole}{row.real:.0f}" for row in db.run(query)]
        reverse = [
            f"{r.name}{r.whole}{r.real:.0f}" for r in db.run(query.order("desc"))
        ]
        assert reverse == rows[::-1]
        return rows

    assert found("a") == ["a12", "a12", "a22", "a22"]
    assert found("a", 2) == ["a22", "a22"]
    assert found("a", gt(1)) == ["a22", "a22"]
    assert found("a", 1, gte(2)) == ["a12"]
    assert found("a", 1, 1.5) == ["a12"]
    assert found(gt("a")) == ["b12", "b12", "b22", "b22"]
    assert found(lt("b")) == found("a")
    assert found("c") == found("a", 3) == found("a", 1, 9) == []


def test_the_creation_time_comes_last(models: ModuleType, db: Database) -> None:
    """In every index, as a field that may be bounded like the others."""
    rows = models.rows
    for _ in range(3):
        db.insert(models.RowNew(name="a", whole=1, real=1))
        db.insert(models.RowNew(name="b"))
    found = db.run(rows.by_several("a", 1, 1))
    times = [row.creation_time for row in found]
    assert db.run(rows.by_several("a", 1, 1, times[1])) == found[1:2]
    assert db.run(rows.by_several("a", 1, 1, gt(times[0]))) == found[1:]
    assert db.run(rows.by_several("a", 1, 1, lt(times[2]))) == found[:2]
    every = db.run(rows.full_scan())
    assert db.run(rows.by_creation_time(gte(times[1]))) == every[2:]
    assert db.run(rows.by_creation_time(times[1])) == every[2:3]
    assert db.run(rows.by_creation_time(gt(0))) == every
    assert db.run(rows.by_creation_time(lt(int(times[0]) - 1))) == []


@pytest.mark.parametrize("bounds", [(1, 2, 3), (1, 2, gt(3)), ("a",) * 16])
def test_too_many_bounds(
    models: ModuleType, db: Database, bounds: tuple[object, ...]
) -> None:
    with pytest.raises(InvalidQuery, match=r"`by_real`.*2 fields"):
        db.run(models.rows.by_real(*bounds))
    with pytest.raises(InvalidQuery, match="`by_creation_time`"):
        db.run(models.rows.by_creation_time(*bounds))


def test_none_where_a_field_may_be_absent_only(db: Database, add: Any) -> None:
    rows = add("optional", "a", ABSENT, "")

    def found(*bounds: object) -> list[str | None]:
        return [row.optional for row in db.run(rows.by_optional(*bounds))]

    assert found() == [None, "", "a"]
    assert found(None) == found(ABSENT) == [None]
    assert found(gt(None)) == found(gt(ABSENT)) == ["", "a"]
    assert found(gte(None)) == found(lte("a")) == [None, "", "a"]
    assert found(lt("a")) == [None, ""]
    assert found(lt(None)) == []
    assert found(between(None, "")) == [None, ""]


def test_none_where_a_field_may_be_null_only(db: Database, add: Any) -> None:
    rows = add("nullable", "a", None)

    def found(*bounds: object) -> list[str | None]:
        return [row.nullable for row in db.run(rows.by_nullable(*bounds))]

    assert found(None) == [None]
    assert found(ABSENT) == []
    assert found(gt(ABSENT)) == found(gte(None)) == [None, "a"]
    assert found(gt(None)) == ["a"]
    assert found(lt("a")) == [None]


@pytest.mark.parametrize("field", ["both", "anything"])
def test_none_where_a_field_may_be_null_and_absent(
    db: Database, add: Any, field: str
) -> None:
    rows = add(field, "a", ABSENT, None)

    def found(*bounds: object) -> list[object]:
        query = getattr(rows, f"by_{field}")(*bounds)
        return [row.to_wire().get(field, ABSENT) for row in db.run(query)]

    assert found() == found(gte(ABSENT)) == [ABSENT, None, "a"]
    assert found(None) == [None]
    assert found(ABSENT) == [ABSENT]
    assert found(gt(None)) == ["a"]
    assert found(gt(ABSENT)) == found(gte(None)) == [None, "a"]
    assert found(lt(None)) == [ABSENT]
    assert found(lt("a")) == found(lte(None)) == [ABSENT, None]
    assert found(between(ABSENT, None)) == [ABSENT, None]


def test_a_bound_after_one_that_is_absent(models: ModuleType, db: Database) -> None:
    place = {"city": "Turin"}
    for rank in ({}, {"rank": {"$integer": "AQAAAAAAAAA="}}):
        db.insert(models.RowNew.from_wire({"place": {**place, **rank}}))
    db.insert(models.RowNew())
    by_place = models.rows.by_place
    assert len(db.run(by_place("Turin"))) == 2
    assert len(db.run(by_place("Turin", None))) == 1
    assert len(db.run(by_place("Turin", 1))) == 1
    assert len(db.run(by_place("Turin", gt(0)))) == 1
    assert len(db.run(by_place(None))) == len(db.run(by_place(None, None))) == 1
    assert len(db.run(by_place(None, None, gt(0)))) == 1


def test_a_path_into_what_is_not_there(models: ModuleType, db: Database) -> None:
    """At any step of the path: the place is absent, which is not null."""
    wires: list[dict[str, Any]] = [
        {},
        {"place": {"city": "a"}},
        {"place": {"city": "b", "inner": {}}},
        {"place": {"city": "c", "inner": {"value": None}}},
        {"place": {"city": "d", "inner": {"value": 5.0}}},
    ]
    for wire in wires:
        db.insert(models.RowNew.from_wire(wire))
    by_inner = models.rows.by_inner
    assert len(db.run(by_inner(ABSENT))) == 3
    assert [row.place.city for row in db.run(by_inner(None))] == ["c"]
    assert [row.place.city for row in db.run(by_inner(gte(None)))] == ["c", "d"]
    assert [row.place.city for row in db.run(by_inner(5))] == ["d"]


def test_a_path_into_anything(models: ModuleType, db: Database) -> None:
    """Only objects have fields: not lists, texts, bytes or integers."""
    add = ({"a": {"b": 1}}, {"a": [1]}, "a", Int64(5), b"a", [{"a": 1}], None, {"a": 1})
    db.insert_many([models.RowNew(anything=value) for value in add])
    db.insert(models.RowNew())
    by_open = models.rows.by_open
    assert [row.anything for row in db.run(by_open(1))] == [{"a": {"b": 1.0}}]
    assert len(db.run(by_open(ABSENT))) == 8
    assert db.run(by_open(None)) == []


def test_a_whole_number_is_what_the_field_can_hold(db: Database, add: Any) -> None:
    """An int64 where it can be one, else a float; as a union says, or a literal."""
    for field, value in (
        ("whole", 2**62 + 1),
        ("real", 3),
        ("number", 5),
        ("level", 2),
        ("grade", 2.0),
        ("counts", [1, 2]),
        ("reals", [1, 2]),
    ):
        rows = add(field, value)
        query = getattr(rows, f"by_{field}")
        assert [getattr(row, field) for row in db.run(query(value))] == [value]
        assert len(db.run(query(between(value, value)))) == 1
    assert len(db.run(rows.by_grade(2))) == len(db.run(rows.by_real(3.0))) == 1
    assert db.run(rows.by_whole(2**62)) == []


def test_int64s_are_before_all_floats(db: Database, add: Any) -> None:
    rows = add("number", 10, -1.5, 5, 0.0, -3)
    assert [row.number for row in db.run(rows.by_number())] == [-3, 5, 10, -1.5, 0.0]
    assert [row.number for row in db.run(rows.by_number(gt(0)))] == [5, 10, -1.5, 0.0]
    assert [row.number for row in db.run(rows.by_number(gt(-9.0)))] == [-1.5, 0.0]
    assert len(db.run(rows.by_number(0))) == 0
    assert len(db.run(rows.by_number(0.0))) == 1


def test_whole_numbers_in_anything_are_floats(db: Database, add: Any) -> None:
    rows = add("anything", 5, Int64(5), 5.0, [5], [Int64(5)])
    assert len(db.run(rows.by_anything(5))) == 2
    assert len(db.run(rows.by_anything(Int64(5)))) == 1
    assert len(db.run(rows.by_anything([5]))) == 1
    assert len(db.run(rows.by_anything([Int64(5)]))) == 1


def test_special_floats(db: Database, add: Any) -> None:
    ordered = [-math.inf, -1.0, -5e-324, -0.0, 0.0, 5e-324, 1e300, math.inf, math.nan]
    rows = add("real", *ordered[::2], *ordered[1::2])
    assert same([row.real for row in db.run(rows.by_real(gt(None)))], ordered)
    for at, value in enumerate(ordered):
        assert same([row.real for row in db.run(rows.by_real(value))], [value])
        above = [row.real for row in db.run(rows.by_real(gt(value)))]
        assert same(above, ordered[at + 1 :])
        below = [row.real for row in db.run(rows.by_real(lte(value)))]
        assert same(below, ordered[: at + 1])


def test_texts_with_nul(db: Database, add: Any) -> None:
    """One that goes on after a NUL is another text."""
    ordered = ["", "\0", "\0a", "a", "a\0", "a\0b", "a\x01", "ab", "é", "\uffff", "🔥"]
    rows = add("optional", *ordered[::-1])
    for at, value in enumerate(ordered):

        def found(*bounds: object) -> list[str]:
            return [row.optional for row in db.run(rows.by_optional(*bounds))]

        assert found(value) == [value]
        assert found(lte(value)) == ordered[: at + 1]
        assert found(lt(value)) == ordered[:at]
        assert found(gt(value)) == ordered[at + 1 :]
        assert found(gte(value)) == ordered[at:]


def test_bytes(db: Database, add: Any) -> None:
    ordered = [b"", b"\0", b"\0\xff", b"\1", b"a", b"a\0", b"\xff", b"\xff\xff"]
    rows = add("data", *ordered[::-1])
    assert [row.data for row in db.run(rows.by_data())] == ordered
    assert [row.data for row in db.run(rows.by_data(gt(b"a")))] == ordered[5:]
    assert [row.data for row in db.run(rows.by_data(b"\0"))] == [b"\0"]


def test_booleans(db: Database, add: Any) -> None:
    rows = add("flag", True, False, ABSENT)
    assert [row.flag for row in db.run(rows.by_flag())] == [None, False, True]
    assert [row.flag for row in db.run(rows.by_flag(False))] == [False]
    assert [row.flag for row in db.run(rows.by_flag(gt(False)))] == [True]


def test_lists(db: Database, add: Any) -> None:
    rows = add("texts", ["b"], [], ["a", "b"], ["a"], ["a\0"])

    def found(*bounds: object) -> list[list[str]]:
        return [row.texts for row in db.run(rows.by_texts(*bounds))]

    assert found() == [[], ["a"], ["a", "b"], ["a\0"], ["b"]]
    assert found(["a"]) == found(("a",)) == [["a"]]
    assert found(gt(["a"])) == [["a", "b"], ["a\0"], ["b"]]
    assert found([]) == [[]]


def test_objects(models: ModuleType, db: Database, add: Any) -> None:
    """As a model, or as a mapping with the names of the wire."""
    rows = add("point", models.Point(x=2), models.Point(x=1, y=5), models.Point(x=1))

    def found(*bounds: object) -> list[tuple[float, int | None]]:
        return [(row.point.x, row.point.y) for row in db.run(rows.by_point(*bounds))]

    assert found() == [(1, None), (1, 5), (2, None)]
    assert found(models.Point(x=1, y=5)) == found({"x": 1, "y": 5}) == [(1, 5)]
    assert found(gt(models.Point(x=1))) == [(1, 5), (2, None)]
    db.insert(models.RowNew(by_key={"a": 1, "": 2}))
    assert len(db.run(rows.by_key({"": 2, "a": 1}))) == 1
    assert db.run(rows.by_key({"a": 1})) == []


def test_kinds_of_documents(models: ModuleType, db: Database) -> None:
    """A field that only some have is absent in the others."""
    events = models.events
    started = db.insert(models.StartedNew(kind="started", at=1, value=2))
    failed = db.insert(models.FailedNew(kind="failed", at=1, value=2))
    why = db.insert(models.FailedNew(kind="failed", at=5, value=3, reason="why"))
    lost = db.insert(models.LostNew(kind="lost", reason=None))

    def found(query: Any) -> list[str]:
        return [event.id for event in db.run(query)]

    assert found(events.by_kind("failed")) == [failed, why]
    assert found(events.by_kind("failed", gt(1))) == [why]
    assert found(events.by_kind("lost", None)) == [lost]
    assert found(events.by_kind(between("failed", "lost"))) == [failed, why, lost]
    assert found(events.by_reason(ABSENT)) == [started, failed]
    assert found(events.by_reason(None)) == [lost]
    assert found(events.by_reason(gt(None))) == [why]
    assert found(events.by_value(2)) == [failed]
    assert found(events.by_value(2.0)) == [started]
    assert found(events.by_value(None)) == [lost]


def test_documents_of_any_shape(models: ModuleType, db: Database) -> None:
    first = db.insert(models.NoteNew(kind="a", created={"at": 1}))
    second = db.insert(models.NoteNew(kind="a", created="today"))
    third = db.insert(models.NoteNew(kind=None))
    by_kind = models.notes.by_kind
    assert [note.id for note in db.run(by_kind("a"))] == [second, first]
    assert [note.id for note in db.run(by_kind("a", 1))] == [first]
    assert [note.id for note in db.run(by_kind("a", ABSENT))] == [second]
    assert [note.id for note in db.run(by_kind(None))] == [third]


@pytest.mark.parametrize(
    "value",
    [
        {1, 2},
        ...,
        1 + 2j,
        range(3),
        bytearray(b"a"),
        REMOVE,
        KEEP,
        [ABSENT],
        {"a": REMOVE},
        {1: 2},
        {None: 1},
        [[{"a": {1: 2}}]],
        "\ud800",
        ["\ud800"],
        {"\ud800": 1},
        2**1100,
        gt(gt(1)),
    ],
    ids=ascii,
)
@pytest.mark.parametrize("kind", ["value", "bound"])
def test_what_no_document_holds(
    models: ModuleType, db: Database, value: object, kind: str
) -> None:
    bounds = (gt(value),) if kind == "bound" else (value,)
    if isinstance(value, Range) and kind == "value":
        bounds = (gt(value),)
    with pytest.raises(InvalidQuery, match="`anything`"):
        db.run(Query(models.rows.full_scan().arms, "by_anything", bounds))


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1])
def test_an_int64_has_64_bits(models: ModuleType, db: Database, value: int) -> None:
    with pytest.raises(InvalidQuery, match="64 bits"):
        db.run(models.rows.by_whole(value))


def test_a_value_of_another_kind_finds_nothing(db: Database, add: Any) -> None:
    """It is in the same order, where every value has its place."""
    rows = add("real", 1, 2)
    assert db.run(rows.by_real("1")) == db.run(rows.by_real(True)) == []
    assert len(db.run(rows.by_real(lt("")))) == 2
    assert db.run(rows.by_real(gt(False))) == []


def test_words_of_an_enum(db: Database, add: Any) -> None:
    """Enumerations of texts are texts, whatever `str` makes of them."""

    class Word(enum.StrEnum):
        A = "a"

    rows = add("optional", "a", "b")
    assert [row.optional for row in db.run(rows.by_optional(Word.A))] == ["a"]


ENDS = {
    "eq": lambda order: order == 0,
    "gt": lambda order: order > 0,
    "gte": lambda order: order >= 0,
    "lt": lambda order: order < 0,
    "lte": lambda order: order <= 0,
}
RANGES: dict[str, Any] = {"gt": gt, "gte": gte, "lt": lt, "lte": lte}


@given(
    st.lists(places, max_size=8),
    st.sampled_from([*ENDS]),
    st.data(),
    st.sampled_from(["asc", "desc"]),
)
def test_any_bound_among_any_values(
    models: ModuleType,
    found: list[Place],
    end: str,
    data: st.DataObject,
    direction: Any,
) -> None:
    """What is within the bounds, by an order that knows nothing of keys."""
    bound = data.draw(st.sampled_from(found) if found else places)
    with models.server.connect("sqlite://") as db:
        ids = [
            db.insert(
                models.RowNew()
                if isinstance(value, Absent)
                else models.RowNew(anything=in_python(value))
            )
            for value in found
        ]
        within = [
            id
            for id, value in zip(ids, found, strict=True)
            if ENDS[end](compare(value, bound))
        ]
        given_bound = RANGES.get(end, lambda value: value)(in_python(bound))
        query = models.rows.by_anything(given_bound).order(direction)
        got = db.run(query)
        assert {row.id for row in got} == set(within) and len(got) == len(within)
        by_id = dict(zip(ids, found, strict=True))
        if direction == "desc":
            got.reverse()
        for before, after in itertools.pairwise(got):
            order = compare(by_id[before.id], by_id[after.id])
            assert order < 0 or (
                order == 0 and before.creation_time < after.creation_time
            )
