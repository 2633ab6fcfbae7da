"""The numbers of rows, by which SQLite keeps a table in the order of creation times.

A number is the bits of the creation time, which is never negative: floats are in the order of
their bits. So `by_creation_time` is the table itself.
"""

from __future__ import annotations

import struct
from typing import Final

from ..keys import float_key

_TAG: Final = float_key(0.0)[:1]
_SIZE: Final = len(float_key(0.0))
_SIGN: Final = 1 << 63
_LAST: Final = _SIGN - 1
_float: Final = struct.Struct(">d")
_integer: Final = struct.Struct(">q")


def number_of(creation_time: float) -> int:
    """The number of the row of a document that was created then."""
    number: int
    (number,) = _integer.unpack(_float.pack(creation_time))
    return number


def key_of(number: int) -> bytes:
    """The key in `by_creation_time` of the row with this number."""
    return _TAG + (number + _SIGN).to_bytes(_SIZE - 1, "big")


def first_from(bound: bytes) -> int:
    """The lowest number that a row may have whose key is not before a bound."""
    if bound[:1] != _TAG:
        return 0 if bound < _TAG else _LAST
    # The bound may be a part of a key, or go on after one.
    number = _bits(bound[:_SIZE].ljust(_SIZE, b"\x00")) + (len(bound) > _SIZE)
    return min(max(number, 0), _LAST)


def _bits(key: bytes) -> int:
    return int.from_bytes(key[1:], "big") - _SIGN
