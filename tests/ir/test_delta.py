from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen.ir.delta import Change, compare
from codegen.ir.fitting import misfit
from codegen.ir.model import Index, NamedType, Schema, SearchIndex, Table, VectorIndex
from codegen.ir.subset import is_subset
from codegen.ir.types import (
    ANY,
    BIGINT,
    BOOLEAN,
    COMMIT_TS,
    NEVER,
    NULL,
    NUMBER,
    STRING,
    Array,
    Constrained,
    Constraint,
    Default,
    Field,
    Id,
    Literal,
    Named,
    Object,
    Record,
    Type,
    Union,
)
from tests.ir.strategies import documents, schemas, types

A, B, C = (Literal.of(text) for text in "abc")


def of(document: Type, types: dict[str, Type] | None = None, **rest: Any) -> Schema:
    named = {name: NamedType(name, node) for name, node in (types or {}).items()}
    return Schema({"t": Table("t", document, **rest)}, named)


def having(node: Type = STRING, **options: Any) -> Object:
    return Object((Field("a", node, **options),))


def indexed(**options: Any) -> Schema:
    return of(having(), indexes=(Index("by_a", ("a",), **options),))


def ge(bound: float) -> Type:
    return Constrained(NUMBER, (Constraint("ge", bound),))


# The text of the only change, and whom it can break: n(arrows), w(idens).
CASES: list[tuple[Schema, Schema, str, str]] = [
    (of(having()), of(having(A)), 't.a: str -> Literal["a"]', "n"),
    (of(having(A)), of(having()), 't.a: Literal["a"] -> str', "w"),
    (of(having(STRING)), of(having(NUMBER)), "t.a: str -> float", "nw"),
    (of(having(BIGINT)), of(having(NUMBER)), "t.a: int -> float", "nw"),
    (of(having(Id("t"))), of(having()), "t.a: Id[t] -> str", "w"),
    (of(having()), of(having(optional=True)), "t.a: required -> optional", "w"),
    (of(having(optional=True)), of(having()), "t.a: optional -> required", "n"),
    (of(Object(())), of(having()), "t.a: new field, a: str", "nw"),
    (of(Object(())), of(having(optional=True)), "t.a: new field, a?: str", "w"),
    (of(having()), of(Object(())), "t.a: field removed, a: str", "nw"),
    (of(having(optional=True)), of(Object(())), "t.a: field removed, a?: str", "n"),
    (
        of(having()),
        of(having(default=Default("x"))),
        't.a: default none -> "x"',
        "",
    ),
    (
        of(having()),
        of(Object((Field("b", STRING, renamed_from="a"),))),
        "t.b: renamed from a",
        "nw",
    ),
    (
        of(having(NUMBER)),
        of(having(ge(0))),
        "t.a: float -> Annotated[float, Ge(0)]",
        "n",
    ),
    (
        of(having(ge(1))),
        of(having(ge(0))),
        "t.a: Annotated[float, Ge(1)] -> Annotated[float, Ge(0)]",
        "w",
    ),
    (of(having(having())), of(having(having(NUMBER))), "t.a.a: str -> float", "nw"),
    (
        of(having(Array(having()))),
        of(having(Array(having(ANY)))),
        "t.a[].a: str -> Any",
        "w",
    ),
    (
        of(having(Record(STRING, A))),
        of(having(Record(STRING, STRING))),
        't.a[]: Literal["a"] -> str',
        "w",
    ),
    (of(having()), of(ANY), "t: {a: str} -> Any", "w"),
    (
        of(having(Named("T")), {"T": A}),
        of(having(Named("T")), {"T": STRING}),
        'T: Literal["a"] -> str',
        "w",
    ),
    (of(ANY), of(ANY, {"T": A}), "T: new type", ""),
    (of(ANY, {"T": A}), of(ANY), "T: type removed", ""),
    (of(ANY), of(ANY, model="M"), "t: model (derived) -> M", ""),
    (of(having()), of(Object(having().fields, "M")), "t: model (derived) -> M", ""),
    (
        of(ANY),
        of(ANY, staged_document=having()),
        "t: staged document none -> {a: str}",
        "",
    ),
    (Schema(), of(ANY), "t: new table", ""),
    (of(ANY), Schema(), "t: table removed", "w"),
    (
        of(ANY),
        Schema({"u": Table("u", ANY, renamed_from="t")}),
        "t: table renamed to u",
        "w",
    ),
    (
        of(ANY),
        replace(of(ANY), schema_validation=False),
        "schemaValidation: on -> off",
        "w",
    ),
    (
        replace(of(ANY), schema_validation=False),
        of(ANY),
        "schemaValidation: off -> on",
        "n",
    ),
    (of(having()), indexed(), "t.by_a: new index on (a)", ""),
    (of(having()), indexed(unique=True), "t.by_a: new unique index on (a)", "n"),
    (indexed(), of(having()), "t.by_a: index on (a) removed", "w"),
    (
        indexed(),
        indexed(unique=True),
        "t.by_a: index on (a) -> unique index on (a)",
        "n",
    ),
    (
        indexed(),
        indexed(staged=True),
        "t.by_a: index on (a) -> staged index on (a)",
        "w",
    ),
    (
        indexed(staged=True),
        indexed(),
        "t.by_a: staged index on (a) -> index on (a)",
        "",
    ),
    (
        of(ANY, search_indexes=(SearchIndex("s", "a"),)),
        of(ANY, search_indexes=(SearchIndex("s", "a", ("b",)),)),
        "t.s: search index on a -> search index on a, filtered by b",
        "w",
    ),
    (
        of(ANY, vector_indexes=(VectorIndex("v", "a", 2),)),
        of(ANY, vector_indexes=(VectorIndex("v", "a", 3),)),
        "t.v: vector index on a (2) -> vector index on a (3)",
        "w",
    ),
]


@pytest.mark.parametrize(("old", "new", "text", "breaks"), CASES)
def test_a_change(old: Schema, new: Schema, text: str, breaks: str) -> None:
    (change,) = compare(old, new)
    assert change.text == text
    assert ("n" if change.narrows else "") + ("w" if change.widens else "") == breaks


def test_its_kind_and_path() -> None:
    old = of(having(), indexes=(Index("by_a", ("a",)),))
    new = of(Object((Field("b", NUMBER),)))
    kinds = {(change.kind, change.path) for change in compare(old, new)}
    assert kinds == {
        ("added", ("tables", "t", "document", "field", "b")),
        ("removed", ("tables", "t", "document", "field", "a")),
        ("removed", ("tables", "t", "indexes", 0)),
    }


def test_long_unions_are_told_by_what_came_and_went() -> None:
    many = tuple(Literal.of(f"state number {i}") for i in range(9))
    (change,) = compare(of(having(Union((*many, A)))), of(having(Union((*many, B, C)))))
    assert change.text == 't.a: also Literal["b", "c"], no longer Literal["a"]'


def test_order_and_descriptions_do_not_count() -> None:
    fields = (Field("a", STRING), Field("b", NUMBER, default=Default([1, {}])))
    old = of(Object(fields), description="Old.")
    new = of(Object((fields[1], replace(fields[0], description="New."))))
    assert compare(old, new) == []


@settings(max_examples=40, deadline=None)
@given(schemas())
def test_a_schema_does_not_differ_from_itself(schema: Schema) -> None:
    assert compare(schema, schema) == []


@settings(max_examples=25, deadline=None)
@given(schemas(), schemas())
def test_any_two_schemas_can_be_compared(old: Schema, new: Schema) -> None:
    changes = compare(old, new)
    assert all(isinstance(change, Change) and change.text for change in changes)
    assert {
        change.path[1] for change in changes if change.text.endswith("new table")
    } == {
        name
        for name, table in new.tables.items()
        if name not in old.tables and table.renamed_from not in old.tables
    }


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (NEVER, A),
        (A, Union((A, B))),
        (Union((A, B)), STRING),
        (BOOLEAN, Union((Literal.of(True), Literal.of(False)))),
        (COMMIT_TS, BIGINT),
        (Literal.of(1), COMMIT_TS),
        (Id("t"), STRING),
        (having(), Object((Field("a", ANY), Field("b", A, optional=True)))),
        (having(), having(optional=True)),
        (Array(A), Array(STRING)),
        (Record(Id("t"), A), Record(STRING, STRING)),
        (ge(1), ge(0)),
        (ge(1), NUMBER),
    ],
)
def test_a_proper_subset(left: Type, right: Type) -> None:
    assert is_subset(left, Schema(), right, Schema())
    equal = {left, right} in ({BIGINT, COMMIT_TS}, {BOOLEAN, right})
    assert equal or not is_subset(right, Schema(), left, Schema())


def test_ones_that_only_look_alike() -> None:
    alike = [Literal.of(value) for value in (1, 1.0, True, 0.0, -0.0, "1")]
    for left in alike:
        for right in alike:
            assert is_subset(left, Schema(), right, Schema()) == (left is right)
    assert not is_subset(NULL, Schema(), NEVER, Schema())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_document_of_a_subset_fits(data: st.DataObject) -> None:
    node = data.draw(types(["t"], []))
    wider = data.draw(
        st.sampled_from([node, Union((node, NULL)), Union((STRING, node)), ANY])
    )
    assert is_subset(node, Schema(), wider, Schema())
    good = documents(node, Schema())
    if not good.is_empty:
        assert misfit(data.draw(good), wider, Schema()) is None
