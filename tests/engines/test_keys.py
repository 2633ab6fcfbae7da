"""Keys: bytes that are in the order of the values, in the server's own layout."""

from __future__ import annotations

import math
from functools import cmp_to_key

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from codegen.engines.keys import AFTER, key
from codegen.runtime import ABSENT
from tests.engines.values import Place, compare, places, values


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (ABSENT, "01"),
        (None, "03"),
        (-(2**63), "04 8000000000000000"),
        (-(2**31) - 1, "04 ffffffff7fffffff"),
        (-(2**31), "05 80000000"),
        (-(2**15) - 1, "05 ffff7fff"),
        (-(2**15), "06 8000"),
        (-129, "06 ff7f"),
        (-128, "07 80"),
        (-1, "07 ff"),
        (0, "08"),
        (1, "09 01"),
        (127, "09 7f"),
        (128, "0a 0080"),
        (2**15 - 1, "0a 7fff"),
        (2**15, "0b 00008000"),
        (2**31 - 1, "0b 7fffffff"),
        (2**31, "0c 0000000080000000"),
        (2**63 - 1, "0c 7fffffffffffffff"),
        (-math.inf, "0d 000fffffffffffff"),
        (-1.0, "0d 400fffffffffffff"),
        (-0.0, "0d 7fffffffffffffff"),
        (0.0, "0d 8000000000000000"),
        (1.0, "0d bff0000000000000"),
        (math.inf, "0d fff0000000000000"),
        (math.nan, "0d fff8000000000000"),
        (False, "0e"),
        (True, "0f"),
        ("", "10 00"),
        ("a", "10 61 00"),
        ("a\0b", "10 61 00ff 62 00"),
        ("é", "10 c3a9 00"),
        ("🔥", "10 f09f94a5 00"),
        (b"", "11 00"),
        (b"\0\xff", "11 00ff ff 00"),
        ([], "12 00"),
        ([None, "a"], "12 03 106100 00"),
        ([[]], "12 1200 00"),
        ({}, "15 00"),
        ({"b": True, "a": 0}, "15 6100 08 6200 0f 00"),
        ({"": None}, "15 00ff 03 00"),
        ({"a": {"b": []}}, "15 6100 15 6200 1200 00 00"),
    ],
)
def test_layout(value: Place, expected: str) -> None:
    assert key(value) == bytes.fromhex(expected)


@given(places, places)
@example("a", "a\0b")
@example({}, {"": None})
@example(b"", b"\0")
@example(-0.0, 0.0)
@example([0.0], [0.0, None])
def test_keys_are_in_the_order_of_values(left: Place, right: Place) -> None:
    one, other = key(left), key(right)
    assert (one > other) - (one < other) == compare(left, right)


@given(st.lists(st.tuples(places, places), max_size=6))
def test_keys_one_after_the_other_are_in_the_order_of_tuples(
    rows: list[tuple[Place, Place]],
) -> None:
    def order(left: tuple[Place, Place], right: tuple[Place, Place]) -> int:
        return compare(left[0], right[0]) or compare(left[1], right[1])

    def joined(row: tuple[Place, Place]) -> bytes:
        return key(row[0]) + key(row[1])

    expected = [joined(row) for row in sorted(rows, key=cmp_to_key(order))]
    assert sorted(map(joined, rows)) == expected


@given(places, places, places)
@example("a", "a\0b", None)
def test_only_keys_of_the_value_are_between_it_and_its_end(
    value: Place, other: Place, rest: Place
) -> None:
    start = key(value)
    inside = start <= key(other) + key(rest) < start + AFTER
    assert inside == (compare(value, other) == 0)


@given(values)
def test_every_kind_has_its_own_first_byte(value: Place) -> None:
    assert key(ABSENT) < key(None) <= key(value) < AFTER
