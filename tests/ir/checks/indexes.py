"""Rules for indexes."""

from __future__ import annotations

from codegen.ir.model import Index, SearchIndex
from codegen.ir.types import ANY, NULL, STRING, Array, Field, Object, Record, Union
from tests.ir.checks.small_schemas import INDEX, Rule, abc, having, of, wide, with_index

RULES: list[Rule] = [
    ("E301", INDEX, with_index("a", name="by-a"), with_index("a", name="byA")),
    ("E302", INDEX, with_index("a", name="by_id"), with_index("a", name="by_ID")),
    (
        "E302",
        INDEX,
        with_index("a", name="by_creation_time"),
        with_index("a", name="by_time"),
    ),
    ("E302", INDEX, with_index("a", name="_a"), with_index("a", name="_fivetran_a")),
    (
        "E303",
        ("tables", "t", "searchIndexes", 0),
        of(
            abc(),
            indexes=(Index("s", ("b",)),),
            search_indexes=(SearchIndex("s", "a"),),
        ),
        of(
            abc(),
            indexes=(Index("S", ("b",)),),
            search_indexes=(SearchIndex("s", "a"),),
        ),
    ),
    (
        "E304",
        ("tables", "t", "searchIndexes", 0),
        of(
            wide(64),
            indexes=tuple(Index(f"i{i}", (f"f{i}",)) for i in range(64)),
            search_indexes=(SearchIndex("s", "f1"),),
        ),
        of(
            wide(64),
            indexes=tuple(Index(f"i{i}", (f"f{i}",)) for i in range(63)),
            search_indexes=(SearchIndex("s", "f1"),),
        ),
    ),
    ("E305", INDEX, with_index(), with_index("a")),
    (
        "E306",
        (*INDEX, "fields", 15),
        with_index(*"abcdefghijklmnop"),
        with_index(*"abcdefghijklmno"),
    ),
    ("E307", (*INDEX, "fields", 1), with_index("a", "a"), with_index("a", "b")),
    ("E308", (*INDEX, "fields", 0), with_index("_id"), with_index("a")),
    ("E309", (*INDEX, "fields", 1), with_index("a", "_creationTime"), with_index("a")),
    ("E310", (*INDEX, "fields", 0), with_index("_x"), with_index("a")),
    (
        "E310",
        (*INDEX, "fields", 0),
        with_index("a._x", document=having(Object((Field("_x", ANY),)))),
        with_index("a.x_", document=having(Object((Field("x_", ANY),)))),
    ),
    (
        "E311",
        ("tables", "t", "indexes", 1),
        of(
            abc(), indexes=(Index("x", ("a", "b")), Index("y", ("a", "b"), staged=True))
        ),
        of(
            abc(), indexes=(Index("x", ("a", "b")), Index("y", ("b", "a"), staged=True))
        ),
    ),
    ("E312", (*INDEX, "fields", 0), with_index("z"), with_index("a")),
    (
        "E312",
        (*INDEX, "fields", 0),
        with_index("a.b"),
        with_index("a.b", document=having(ANY)),
    ),
    (
        "E312",
        (*INDEX, "fields", 0),
        with_index("a.a", document=having(Array(having()))),
        with_index("a.a", document=having(having())),
    ),
    (
        "E312",
        (*INDEX, "fields", 0),
        with_index("a.a", document=having(Record(STRING, ANY))),
        with_index("a.a", document=having(Union((NULL, having())))),
    ),
    (
        "E312",
        (*INDEX, "fields", 0),
        with_index("b", document=Union((having(), having()))),
        with_index(
            "b", document=Union((having(), Object((Field("b", ANY, optional=True),))))
        ),
    ),
    (
        "E312",
        (*INDEX, "fields", 0),
        with_index("z"),
        of(abc(), indexes=(Index("by_a", ("z",)),), schema_validation=False),
    ),
    ("E313", (*INDEX, "fields", 0), with_index("a..b"), with_index(".a.")),
    ("E313", (*INDEX, "fields", 0), with_index("a-b"), with_index("a")),
    ("E313", (*INDEX, "fields", 0), with_index(""), with_index("a")),
    (
        "E314",
        INDEX,
        with_index("a", unique=True, staged=True),
        with_index("a", unique=True),
    ),
]
