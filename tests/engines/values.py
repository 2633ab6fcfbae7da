"""Values of every kind, and their order as it is told and not as it is computed in bytes.

An `int` is an int64 here and a `float` a float64.
"""

from __future__ import annotations

import struct
from typing import TypeAlias

from hypothesis import strategies as st

from codegen.ir.values import Value
from codegen.runtime import ABSENT, Absent, Int64

Place: TypeAlias = "Value | Absent"
"""What a document has in a place: a value, or nothing."""

_texts = st.text("\0\1ab~é\uffff🔥", max_size=4)
_names = st.text(" ab~", max_size=2)
_edges = [edge for bits in (7, 8, 15, 16, 31, 32, 63) for edge in (2**bits, -(2**bits))]
_integers = st.integers(-(2**63), 2**63 - 1) | st.sampled_from(
    [n for edge in _edges for n in (edge - 1, edge, edge + 1) if -(2**63) <= n < 2**63]
)
_floats = st.floats() | st.sampled_from([0.0, -0.0, 1.0, -1.0, float("nan")])
_scalars = st.one_of(
    st.none(),
    st.integers(-2, 2),
    _integers,
    _floats,
    st.booleans(),
    _texts,
    st.binary(max_size=3),
    st.sampled_from([b"\0", b"\0\0", b"\0\xff", b"\xff"]),
)

values: st.SearchStrategy[Value] = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(_names, inner, max_size=3),
    max_leaves=5,
)
places: st.SearchStrategy[Place] = values | st.just(ABSENT)


def compare(left: Place, right: Place) -> int:
    """-1, 0 or 1: absent, null, int64s, floats, booleans, texts, bytes, lists, objects."""
    ranks = _rank(left), _rank(right)
    if ranks[0] != ranks[1]:
        return -1 if ranks[0] < ranks[1] else 1
    if isinstance(left, list) and isinstance(right, list):
        return _compare_lists(left, right)
    if isinstance(left, dict) and isinstance(right, dict):
        return _compare_lists(_pairs(left), _pairs(right))
    one, other = _ordinal(left), _ordinal(right)
    return (one > other) - (one < other)


def in_python(value: Place) -> object:
    """The value as a field of any type takes it, where a plain `int` would be a float."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Int64(value)
    if isinstance(value, list):
        return [in_python(item) for item in value]
    if isinstance(value, dict):
        return {name: in_python(item) for name, item in value.items()}
    return value


def _rank(value: Place) -> int:
    kinds = (int, float, bool, str, bytes, list, dict)
    if isinstance(value, Absent):
        return -2
    return -1 if value is None else kinds.index(type(value))


def _compare_lists(left: list[Value], right: list[Value]) -> int:
    for one, other in zip(left, right, strict=False):
        if order := compare(one, other):
            return order
    return (len(left) > len(right)) - (len(left) < len(right))


def _pairs(value: dict[str, Value]) -> list[Value]:
    return [[name, value[name]] for name in sorted(value)]


def _ordinal(value: Place) -> list[int]:
    """Numbers in the place of a value without parts, which are in its order."""
    match value:
        case float():
            (bits,) = struct.unpack("<q", struct.pack("<d", value))
            return [bits if bits >= 0 else -(2**63) - bits - 1]
        case int():  # True and False as well
            return [int(value)]
        case str():
            return [ord(character) for character in value]
        case bytes():
            return [*value]
        case _:
            return []
