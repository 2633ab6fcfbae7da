from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen.ir.fitting import fits, misfit
from codegen.ir.model import NamedType, Schema
from codegen.ir.types import (
    ANY,
    BIGINT,
    BOOLEAN,
    BYTES,
    COMMIT_TS,
    NEVER,
    NULL,
    NUMBER,
    STRING,
    Array,
    Constrained,
    Constraint,
    Field,
    Id,
    JsonValue,
    Literal,
    Named,
    Object,
    Record,
    Type,
    Union,
)
from tests.ir.strategies import documents, near_misses, schemas, types

SCHEMA = Schema({}, {"Flag": NamedType("Flag", Union((BOOLEAN, NULL)))})
ONE: JsonValue = {"$integer": "AQAAAAAAAAA="}
MINUS_ZERO: JsonValue = {"$float": "AAAAAAAAAIA="}
NAN: JsonValue = {"$float": "AAAAAAAA+H8="}
POINT = Object((Field("x", NUMBER), Field("y", NUMBER, optional=True)))


def limited(node: Type, kind: str, bound: int | float | str) -> Type:
    return Constrained(node, (Constraint(kind, bound),))


@pytest.mark.parametrize(
    ("node", "good", "bad"),
    [
        (NUMBER, [1, 1.5, MINUS_ZERO, NAN], [ONE, True, "1", None]),
        (BIGINT, [ONE], [1, True, "1"]),
        (COMMIT_TS, [ONE], [1, {"$commitTs": None}]),
        (BOOLEAN, [True, False], [0, 1, "true", None]),
        (STRING, ["", "a"], [1, None, {"$bytes": ""}]),
        (BYTES, [{"$bytes": "AQ=="}], ["AQ==", ONE, {"$bytes": "AQ"}]),
        (NULL, [None], [False, 0, ""]),
        (ANY, [None, 1, ONE, [], {}], [{"$x": 1}]),
        (Id("t"), ["x"], [1, None]),
        (Literal.of(1), [ONE], [1, True]),
        (Literal.of(1.0), [1, 1.0], [ONE, True, 2]),
        (Literal.of(True), [True], [1, ONE, False]),
        (Literal.of(0.0), [0], [MINUS_ZERO]),
        (Literal.of(-0.0), [MINUS_ZERO], [0]),
        (Literal.of("a"), ["a"], ["A"]),
        (Array(NUMBER), [[], [1, 2]], [[ONE], {}, None]),
        (Record(STRING, NUMBER), [{}, {"": 1, "a b": 2}], [{"a": "b"}, []]),
        (Record(NEVER, ANY), [{}], [{"a": 1}]),
        (Union((STRING, NULL)), ["a", None], [1]),
        (NEVER, [], [None, 1, "a"]),
        (
            POINT,
            [{"x": 1}, {"x": 1, "y": 2}],
            [{}, {"x": 1, "y": None}, {"x": 1, "z": 1}],
        ),
        (Named("Flag"), [True, None], [0]),
        (limited(NUMBER, "ge", 1), [1], [0.9, NAN]),
        (limited(NUMBER, "gt", 1), [1.1], [1]),
        (limited(NUMBER, "le", 1), [1], [1.1]),
        (limited(BIGINT, "lt", 2), [ONE], [{"$integer": "AgAAAAAAAAA="}]),
        (limited(STRING, "minLength", 2), ["ab", "🔥🔥"], ["a"]),
        (limited(BYTES, "maxLength", 1), [{"$bytes": "AQ=="}], [{"$bytes": "AQE="}]),
        (limited(Array(ANY), "maxLength", 1), [[1]], [[1, 2]]),
        (limited(Record(STRING, ANY), "minLength", 1), [{"a": 1}], [{}]),
        (limited(STRING, "pattern", "b"), ["abc"], ["ac"]),
    ],
    ids=str,
)
def test_the_meaning_of_a_type(
    node: Type, good: list[JsonValue], bad: list[JsonValue]
) -> None:
    assert [value for value in good if not fits(value, node, SCHEMA)] == []
    assert [value for value in bad if fits(value, node, SCHEMA)] == []


@pytest.mark.parametrize(
    ("value", "node", "reason"),
    [
        ("1", NUMBER, '"1" is not float'),
        (
            {"a": [{"x": "1"}]},
            Record(STRING, Array(POINT)),
            '["a"][0].x: "1" is not float',
        ),
        ({}, POINT, "the required field `x` is missing"),
        ({"x": 1, "z": 2}, POINT, "there is no field `z`"),
        (["ab"], Array(limited(STRING, "maxLength", 1)), '[0]: "ab" breaks MaxLen(1)'),
        ({"k": 1}, Record(Literal.of("a"), ANY), 'the key "k" is not Literal["a"]'),
        ({"$integer": "x"}, ANY, "'x' is not base64"),
        ([1], NUMBER, "[1.0] is not float"),
    ],
)
def test_the_reason(value: JsonValue, node: Type, reason: str) -> None:
    assert misfit(value, node, SCHEMA) == reason


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_documents_fit_and_near_misses_do_not(data: st.DataObject) -> None:
    schema = data.draw(schemas())
    node = data.draw(types([*schema.tables], [*schema.types]))
    good = documents(node, schema)
    if not good.is_empty:
        value = data.draw(good)
        assert misfit(value, node, schema) is None


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_near_misses_of_an_object(data: st.DataObject) -> None:
    node = data.draw(types(["t"], []).map(lambda part: Object((Field("a", part),))))
    value = data.draw(near_misses(node, Schema()))
    assert misfit(value, node, Schema())
