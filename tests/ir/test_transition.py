"""The way to a schema that stored documents may not fit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from codegen.ir.model import Index, NamedType, Schema, Table
from codegen.ir.subset import is_subset
from codegen.ir.transition import Stage, transition, widened
from codegen.ir.types import (
    NUMBER,
    STRING,
    Array,
    Constrained,
    Constraint,
    Field,
    Literal,
    Named,
    Object,
    Type,
    Union,
)
from tests.ir.strategies import schemas

A, B = (Literal.of(text) for text in "ab")
SHORT = Constrained(STRING, (Constraint("maxLength", 5),))


def of(*fields: Field, indexes: tuple[Index, ...] = ()) -> Schema:
    kind = NamedType("Kind", Union((A, B)))
    table = Table("t", Object(fields), indexes=indexes)
    return Schema({"t": table}, {"Kind": kind})


def kinds(*arms: Type) -> Schema:
    schema = of(Field("a", Named("Kind")))
    return replace(schema, types={"Kind": NamedType("Kind", Union(arms))})


@pytest.mark.parametrize(
    ("old", "new", "stages"),
    [
        (of(), of(Field("a", STRING, optional=True)), []),
        (
            of(),
            of(Field("a", STRING)),
            [Stage("t.a", "t.a?: str", "set it where it is absent")],
        ),
        (
            of(Field("a", STRING, optional=True)),
            of(Field("a", STRING)),
            [Stage("t.a", "", "set it where it is absent")],
        ),
        (of(Field("a", STRING)), of(), [Stage("t.a", "t.a?: str", "remove it")]),
        (
            of(Field("a", STRING)),
            of(Field("b", STRING, renamed_from="a")),
            [
                Stage("t.b", "t.b?: str", "give it the value of a"),
                Stage("t.a", "t.a?: str", "remove it, for b"),
            ],
        ),
        (
            of(Field("a", STRING)),
            of(Field("a", NUMBER)),
            [Stage("t.a", "t.a: str | float", "change str to float")],
        ),
        (
            of(Field("a", STRING, optional=True)),
            of(Field("a", NUMBER)),
            [
                Stage("t.a", "", "set it where it is absent"),
                Stage("t.a", "t.a?: str | float", "change str to float"),
            ],
        ),
        (
            of(Field("a", Union((STRING, NUMBER)))),
            of(Field("a", NUMBER)),
            [Stage("t.a", "", "change str to float")],
        ),
        (
            of(Field("a", STRING)),
            of(Field("a", SHORT)),
            [
                Stage(
                    "t.a",
                    "",
                    f"change values that are not {'Annotated[str, MaxLen(5)]'}",
                )
            ],
        ),
        (
            kinds(A, B),
            kinds(A),
            [Stage("t.a", "", 'change Literal["b"] to Literal["a"]')],
        ),
        (
            of(Field("a", Array(Object((Field("b", STRING),))))),
            of(Field("a", Array(Object((Field("b", STRING), Field("c", NUMBER)))))),
            [Stage("t.a[].c", "t.a[].c?: float", "set it where it is absent")],
        ),
        (
            of(Field("a", STRING)),
            of(Field("a", STRING), indexes=(Index("i", ("a",), unique=True),)),
            [
                Stage(
                    "t.i",
                    "",
                    "change or delete documents that have the same (a) as another",
                )
            ],
        ),
    ],
)
def test_what_a_change_needs(old: Schema, new: Schema, stages: list[Stage]) -> None:
    assert transition(old, new) == stages


@settings(max_examples=60, deadline=None)
@given(schemas(), schemas())
def test_the_wider_type_takes_both(old: Schema, new: Schema) -> None:
    for before in old.tables.values():
        for after in new.tables.values():
            left, right = before.document, after.document
            wide = widened(left, old, right, new)
            assert is_subset(left, old, wide, new)
            assert is_subset(right, new, wide, new)


@settings(max_examples=40, deadline=None)
@given(schemas(), schemas())
def test_there_is_a_way_wherever_documents_may_not_fit(
    old: Schema, new: Schema
) -> None:
    found = {
        stage.place.partition(".")[0].partition("[")[0]
        for stage in transition(old, new)
    }
    for name, table in new.tables.items():
        before = old.tables.get(name)
        if before and not is_subset(before.document, old, table.document, new):
            assert name in found
