"""Vectors as vector indexes keep them: float32, and of length 1.

So the cosine of two is the sum of products, and none is too large or too small for float32.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from typing import Final

from codegen.ir.types import JsonValue
from codegen.ir.values import decode, only_floats

_NUMBER_BYTES: Final = 4


def unit_vector(value: JsonValue, dimensions: int) -> bytes | None:
    """The vector of a document's JSON; None for what has no direction, or is no such vector."""
    if not isinstance(value, list) or len(value) != dimensions:
        return None
    if only_floats(value):
        return packed(value)
    numbers = map(decode, value)
    floats = [number for number in numbers if isinstance(number, float)]
    return packed(floats) if len(floats) == dimensions else None


def packed(numbers: Sequence[float]) -> bytes | None:
    """The vector of length 1 in the direction of another; None where that has none."""
    length = math.hypot(*numbers)
    if not 0 < length < math.inf:
        return None
    return struct.pack(f"<{len(numbers)}f", *[number / length for number in numbers])


def unpacked(vector: bytes) -> tuple[float, ...]:
    return struct.unpack(f"<{len(vector) // _NUMBER_BYTES}f", vector)
