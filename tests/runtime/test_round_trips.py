"""What comes from the wire goes back to it, byte for byte in meaning."""

from __future__ import annotations

import base64
import json
import math
import struct
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from codegen.runtime import AnyValue, Int64, New, Object
from tests.runtime.models import (
    Hostile,
    Literals,
    Nested,
    Presence,
    Scalars,
    Unions,
    UserNew,
)


def float_form(value: float) -> dict[str, str]:
    return {"$float": base64.b64encode(struct.pack("<d", value)).decode()}


def integer_form(value: int) -> dict[str, str]:
    return {"$integer": base64.b64encode(struct.pack("<q", value)).decode()}


def bytes_form(value: bytes) -> dict[str, str]:
    return {"$bytes": base64.b64encode(value).decode()}


def number_form(value: float) -> object:
    special = not math.isfinite(value) or (value == 0 and math.copysign(1, value) < 0)
    return float_form(value) if special else value


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ["NaN", "-Infinity", "-0.0", '"$float"', '{"$integer":"AAAAAAAAAAA="}', "\\u0000"]
)
keys = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=6
).filter(lambda key: not key.startswith("$"))
numbers = st.floats(allow_nan=False).map(number_form) | st.just(number_form(math.nan))
int64s = st.integers(-(2**63), 2**63 - 1).map(integer_form)
blobs = st.binary(max_size=9).map(bytes_form)
leaves = st.none() | st.booleans() | texts | numbers | int64s | blobs
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)
presences = st.fixed_dictionaries(
    {"nullable": st.none() | texts},
    optional={"optional": numbers, "either": st.none() | texts, "anything": values},
)


class Anything(Object):
    value: AnyValue


def exact(wire: object) -> str:
    """Text that tells 1 from 1.0, True from 1, and -0.0 from 0.0, in any order of keys."""
    return json.dumps(wire, sort_keys=True)


def assert_survives(model: type[Object | New], wire: dict[str, object]) -> None:
    read = model.from_wire(wire)
    assert exact(read.to_wire()) == exact(wire)
    again = model.from_wire_json(read.to_wire_json())
    assert exact(json.loads(again.to_wire_json())) == exact(wire)
    assert exact(model.from_wire_json(json.dumps(wire)).to_wire()) == exact(wire)


@given(values)
def test_any_value(value: object) -> None:
    assert_survives(Anything, {"value": value})


@given(presences)
def test_presence(wire: dict[str, object]) -> None:
    assert_survives(Presence, wire)


@given(
    st.fixed_dictionaries(
        {
            "text": texts,
            "number": numbers,
            "flag": st.booleans(),
            "nothing": st.none(),
            "big": int64s,
            "stamp": int64s,
            "blob": blobs,
            "free": values,
            "user": texts,
        }
    )
)
def test_scalars(wire: dict[str, object]) -> None:
    assert_survives(Scalars, wire)


shapes = st.fixed_dictionaries(
    {"shapeKind": st.just("circle"), "radius": numbers}
) | st.fixed_dictionaries(
    {"shapeKind": st.sampled_from(["square", "rect"]), "side": numbers}
)


@given(
    st.fixed_dictionaries(
        {
            "items": st.lists(presences, max_size=2),
            "byName": st.dictionaries(keys, presences, max_size=2),
            "byUser": st.dictionaries(keys, int64s, max_size=2),
            "shape": shapes,
            "loose": st.none() | texts | presences,
        },
        optional={"maybe": st.lists(st.lists(st.none() | numbers, max_size=3))},
    )
)
def test_nested(wire: dict[str, object]) -> None:
    assert_survives(Nested, wire)


@given(
    st.fixed_dictionaries(
        {
            "bigOrNumber": int64s | numbers,
            "numberOrBig": int64s | numbers,
            "numberOrText": numbers | texts,
            "numberOrNull": numbers | st.none(),
            "blobOrText": blobs | texts,
            "lists": st.lists(numbers, max_size=3) | st.lists(texts, max_size=3),
            "numberOrRecord": numbers | st.dictionaries(keys, texts, max_size=2),
            "ids": texts,
        }
    )
)
def test_unions(wire: dict[str, object]) -> None:
    assert_survives(Unions, wire)


@pytest.mark.parametrize("both", [1.0, integer_form(1)])
@pytest.mark.parametrize("mixed", ["a", False])
def test_literals(both: object, mixed: object) -> None:
    wire = {"word": "b", "yes": True, "mixed": mixed, "number": 0.0}
    assert_survives(Literals, {**wire, "big": integer_form(2), "both": both})


def test_hostile_names() -> None:
    wire = {
        "from": 1.0,
        "str": "s",
        "Global": 2.0,
        "user_id": 3.0,
        "_x": 4.0,
        "json": 5.0,
        "id": "i",
        "creationTime": 6.0,
        "table": "t",
        "wire": "w",
        "modelName": "m",
    }
    assert_survives(Hostile, wire)
    assert Hostile.from_wire(wire).from_ == 1.0


def test_no_name_of_a_field_warns() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        class Odd(Object, wire={"model_fields_": "model_fields"}):
            model_config_: str
            model_fields_: str
            schema_: str
            validate_: str

        assert Odd.from_wire(
            {"modelConfig": "a", "model_fields": "b", "schema": "c", "validate": "d"}
        ).to_wire() == {
            "modelConfig": "a",
            "model_fields": "b",
            "schema": "c",
            "validate": "d",
        }


def test_numbers_of_the_wire_are_floats() -> None:
    read = Anything.from_wire_json('{"value": [1, 2.5, {"$integer": "AQAAAAAAAAA="}]}')
    assert [type(item) for item in read.value] == [float, float, Int64]


def test_a_default_is_written() -> None:
    assert UserNew().to_wire() == {"name": "anonymous"}


def test_the_key_of_a_form_may_be_escaped() -> None:
    text = '{"value": {"\\u0024float": "AAAAAAAA+H8="}}'
    assert math.isnan(Anything.from_wire_json(text).value)


@pytest.mark.parametrize(
    "value",
    [
        {"$float": "AAAAAAAA8D8="},  # 1.0, for which JSON has a number
        {"$float": "AAAA"},
        {"$float": 1},
        {"$float": "AAAAAAAA-H8="},  # not the standard alphabet
        {"$integer": "AA=="},
        {"$integer": 5},
        {"$bytes": "AA"},
        {"$bytes": "AB=="},  # stray bits
        {"$undefined": None},
        {"$commitTs": None},
        {"$integer": "AAAAAAAAAAA=", "more": 1},
        {"é": 1},
    ],
)
def test_malformed_forms_are_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        Anything.from_wire({"value": value})
    with pytest.raises(ValidationError):
        Anything.from_wire({"value": [{"deep": value}]})


@pytest.mark.parametrize("token", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("model", [Presence, Anything])
def test_tokens_that_json_does_not_have_are_refused(model, token: str) -> None:
    fields = '"nullable": null, "optional": ' if model is Presence else '"value": '
    with pytest.raises(ValidationError):
        model.from_wire_json(f"{{{fields}{token}}}")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", True),
        ("number", "1"),
        ("number", integer_form(1)),
        ("number", float_form(1.0)),
        ("number", None),
        ("big", 1),
        ("big", 1.0),
        ("big", float_form(math.nan)),
        ("big", "AAAAAAAAAAA="),
        ("blob", "AAAA"),
        ("blob", {"$bytes": "_-8="}),
        ("flag", 1),
        ("text", 1),
        ("nothing", False),
        ("user", 1),
        ("stamp", 5),
    ],
)
def test_a_field_refuses_the_forms_of_others(field: str, value: object) -> None:
    wire: dict[str, object] = {
        "text": "t",
        "number": 1,
        "flag": True,
        "nothing": None,
        "big": integer_form(1),
        "stamp": integer_form(1),
        "blob": bytes_form(b"b"),
        "free": None,
        "user": "u",
    }
    assert Scalars.from_wire(wire).number == 1.0
    with pytest.raises(ValidationError) as refused:
        Scalars.from_wire({**wire, field: value})
    assert [error["loc"] for error in refused.value.errors()] == [(field,)]
