from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.ir.types import JsonValue
from codegen.ir.values import Value, decode, encode, same
from tests.ir.strategies import field_names, floats, int64s, same_json, texts

values: st.SearchStrategy[Value] = st.recursive(
    st.one_of(st.none(), st.booleans(), int64s, floats, texts, st.binary(max_size=9)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(field_names, inner, max_size=3)
    ),
    max_leaves=8,
)


@given(values)
def test_a_value_comes_back_from_its_encoding(value: Value) -> None:
    back = decode(encode(value))
    assert repr(back) == repr(value)
    assert same_json(encode(back), encode(value))


# What convexToJson of the `convex` package gives.
@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (7, {"$integer": "BwAAAAAAAAA="}),
        (-1, {"$integer": "//////////8="}),
        (7.0, 7),
        (True, True),
        (-0.0, {"$float": "AAAAAAAAAIA="}),
        (math.inf, {"$float": "AAAAAAAA8H8="}),
        (b"\xfb\xff", {"$bytes": "+/8="}),
        ({"a": [None, 1]}, {"a": [None, {"$integer": "AQAAAAAAAAA="}]}),
    ],
)
def test_the_encoded_form(value: Value, encoded: JsonValue) -> None:
    assert same_json(encode(value), encoded)
    assert repr(decode(encoded)) == repr(value)


@pytest.mark.parametrize(
    "encoded",
    [
        {"$integer": "AQ=="},
        {"$integer": 1},
        {"$integer": "AQAAAAAAAAA"},
        {"$integer": "AQAAAAAAAA!="},
        {"$float": "AAAAAAAA8D8="},
        {"$bytes": "+/9="},
        {"$bytes": "-_8="},
        {"$commitTs": None},
        {"$undefined": None},
        {"$a": 1, "b": 2},
        {"é": 1},
        {"\n": 1},
        {"a" * 1025: 1},
        "\ud800",
        math.nan,
        10**400,
        [0] * 8193,
        {f"f{i}": 0 for i in range(1025)},
    ],
)
def test_what_convex_refuses(encoded: JsonValue) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(encoded)
    with pytest.raises(ValueError, match=r"."):
        decode([{"a": encoded}])


def test_the_edges_of_what_convex_takes() -> None:
    edges: list[JsonValue] = [
        {"": 1.0},
        {"a" * 1024: None},
        {"two words": "~"},
        [False] * 8192,
        {f"f{i}": None for i in range(1024)},
        {"a": 1.0, "_b": {"$bytes": ""}},
    ]
    for edge in edges:
        assert same_json(encode(decode(edge)), edge)


def test_values_nest_64_levels() -> None:
    def nested(levels: int) -> JsonValue:
        value: JsonValue = None
        for _ in range(levels):
            value = [value]
        return value

    assert decode(nested(64)) == nested(64)
    with pytest.raises(ValueError, match="64 levels"):
        decode(nested(65))


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1])
def test_an_int64_has_64_bits(value: int) -> None:
    with pytest.raises(ValueError, match="64 bits"):
        encode(value)


def test_look_alikes_are_not_the_same() -> None:
    alike: list[Value] = [1, 1.0, True, 0, 0.0, -0.0, False, "", b"", None, "1"]
    for i, left in enumerate(alike):
        for k, right in enumerate(alike):
            assert same(left, right) == (i == k)
    assert same(math.nan, float("nan"))
