"""The way to a schema that stored documents may not fit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen.ir.discriminator import arms_by_tag
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


def of_kind(tag: str, *fields: Field) -> Object:
    return Object((Field("kind", Literal.of(tag)), *fields))


def events(*arms: Object) -> Schema:
    document = Union(arms) if len(arms) > 1 else arms[0]
    return Schema({"t": Table("t", document)}, {})


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


MANY = tuple(Field(f"a_field_with_a_name_{n}", STRING) for n in range(4))


@pytest.mark.parametrize(
    ("old", "new", "stages"),
    [
        pytest.param(
            events(of_kind("a", Field("x", NUMBER)), of_kind("b")),
            events(of_kind("b"), of_kind("a", Field("x", NUMBER), Field("z", STRING))),
            [
                Stage(
                    't[kind="a"].z', 't[kind="a"].z?: str', "set it where it is absent"
                )
            ],
            id="a field more in one of them",
        ),
        pytest.param(
            events(of_kind("a"), of_kind("b", Field("y", STRING))),
            events(of_kind("a"), of_kind("c", Field("x", NUMBER))),
            [
                Stage('t[kind="c"]', 't[kind="c"]: {kind: Literal["c"], x: float}', ""),
                Stage(
                    't[kind="b"]',
                    't[kind="b"]: {kind: Literal["b"], y: str}',
                    "change it to another form",
                ),
            ],
            id="one for another",
        ),
        pytest.param(
            events(of_kind("a"), of_kind("b")),
            events(of_kind("a")),
            [Stage('t[kind="b"]', "", "change it to another form")],
            id="one less, which the old schema takes",
        ),
        pytest.param(
            events(of_kind("a", Field("x", STRING))),
            events(of_kind("a"), of_kind("b")),
            [
                Stage('t[kind="a"].x', 't[kind="a"].x?: str', "remove it"),
                Stage('t[kind="b"]', 't[kind="b"]: {kind: Literal["b"]}', ""),
            ],
            id="a plain table becomes one",
        ),
        pytest.param(
            events(of_kind("a"), of_kind("b")),
            events(of_kind("a"), of_kind("c", *MANY)),
            [
                Stage('t[kind="c"].kind', 't[kind="c"].kind: Literal["c"]', ""),
                *(
                    Stage(f't[kind="c"].{field.name}', f't[kind="c"].{text}', "")
                    for field in MANY
                    for text in [f"{field.name}: str"]
                ),
                Stage(
                    't[kind="b"]',
                    't[kind="b"]: {kind: Literal["b"]}',
                    "change it to another form",
                ),
            ],
            id="too many fields for a line",
        ),
        pytest.param(
            of(Field("e", Union((of_kind("a"), of_kind("b"))))),
            of(Field("e", Union((of_kind("a", Field("x", NUMBER)), of_kind("b"))))),
            [
                Stage(
                    't.e[kind="a"].x',
                    't.e[kind="a"].x?: float',
                    "set it where it is absent",
                )
            ],
            id="inside a field",
        ),
        pytest.param(
            events(Object(MANY), Object((Field("x", NUMBER),))),
            events(Object((*MANY, Field("y", NUMBER)))),
            [
                Stage(
                    "t",
                    "t: {a_field_with_a_name_0: str, a_field_with_a_name_1: str,"
                    " a_field_with_a_name_2: str, a_field_with_a_name_3: str}"
                    " | {x: float} | {a_field_with_a_name_0: str,"
                    " a_field_with_a_name_1: str, a_field_with_a_name_2: str,"
                    " a_field_with_a_name_3: str, y: float}",
                    "change what does not fit to another form",
                )
            ],
            id="without a field that tells them apart",
        ),
    ],
)
def test_what_a_change_of_a_union_needs(
    old: Schema, new: Schema, stages: list[Stage]
) -> None:
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


FIELDS = st.lists(
    st.builds(
        Field, st.sampled_from("xyz"), st.sampled_from((STRING, NUMBER)), st.booleans()
    ),
    unique_by=lambda field: field.name,
)
TAGGED = st.lists(
    st.builds(
        lambda tag, fields: of_kind(tag, *fields), st.sampled_from("abc"), FIELDS
    ),
    min_size=1,
    unique_by=lambda arm: arm.fields[0].type,
).map(lambda arms: events(*arms))


@given(TAGGED, TAGGED)
def test_the_wider_union_takes_both_and_is_told_apart(old: Schema, new: Schema) -> None:
    left, right = old.tables["t"].document, new.tables["t"].document
    wide = widened(left, old, right, new)
    assert is_subset(left, old, wide, new)
    assert is_subset(right, new, wide, new)
    assert arms_by_tag((left, old), (right, new), (wide, new))
    assert bool(transition(old, new)) is not is_subset(left, old, right, new)


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
