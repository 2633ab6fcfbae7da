"""Values as bytes whose order is Convex's order of values.

Keys of the fields of an index, one after the other, sort as the tuples of their values do; so a
range of an index is all keys between two byte strings. The layout is the server's own
(`crates/value/src/sorting.rs`).
"""

from __future__ import annotations

import struct
from typing import Final, TypeAlias

from codegen.ir.values import Value
from codegen.runtime.presence import Absent

Indexed: TypeAlias = "Value | Absent"
"""A value at the path of an index, or that there is none."""

AFTER: Final = b"\xff"
"""Ends a prefix so that it sorts after every key with that prefix: no key goes on with it."""

ABSENT_KEY: Final = b"\x01"
_NULL: Final = b"\x03"
_INT64: Final = 0x08
_FLOAT: Final = b"\x0d"
_FALSE: Final = b"\x0e"
_TRUE: Final = b"\x0f"
_STRING: Final = b"\x10"
_BYTES: Final = b"\x11"
_ARRAY: Final = b"\x12"
_OBJECT: Final = b"\x15"
_END: Final = b"\x00"

_bits_of_float: Final = struct.Struct(">d")
_tagged_float: Final = struct.Struct(">cd")
_bits: Final = struct.Struct(">Q")
_SIGN: Final = 1 << 63
_ALL: Final = (1 << 64) - 1


def key(value: Indexed) -> bytes:
    """The key of a value, where an `int` is an int64 and a `float` a float64."""
    if isinstance(value, str):
        return string_key(value)
    if value is None:
        return _NULL
    if isinstance(value, Absent):
        return ABSENT_KEY
    if isinstance(value, bool):
        return _TRUE if value else _FALSE
    if isinstance(value, float):
        return float_key(value)
    if isinstance(value, int):
        return _integer_key(value)
    if isinstance(value, bytes):
        return _BYTES + _escaped(value)
    if isinstance(value, list):
        return _ARRAY + b"".join(map(key, value)) + _END
    fields = (_name_key(name) + key(value[name]) for name in sorted(value))
    return _OBJECT + b"".join(fields) + _END


def string_key(value: str) -> bytes:
    """The key of a string: the order is that of its UTF-8, and so of its code points."""
    if "\x00" in value:
        return _STRING + _escaped(value.encode())
    return f"\x10{value}\x00".encode()


def float_key(value: float) -> bytes:
    """The key of a float64: -0.0 is before 0.0, and NaN is after infinity."""
    if value > 0:
        return _tagged_float.pack(_FLOAT, -value)  # only the first bit is another
    (bits,) = _bits.unpack(_bits_of_float.pack(value))
    return _FLOAT + _bits.pack(bits ^ _ALL if bits & _SIGN else bits | _SIGN)


def _integer_key(value: int) -> bytes:
    if value == 0:
        return bytes((_INT64,))
    # One, two, four or eight bytes: the more, the further from the tag of zero.
    magnitude = value if value > 0 else ~value
    log = (magnitude.bit_length() // 8).bit_length()
    tag = _INT64 + log + 1 if value > 0 else _INT64 - log - 1
    return bytes((tag,)) + value.to_bytes(1 << log, "big", signed=True)


def _name_key(name: str) -> bytes:
    # The name "" would look like the end of the object.
    return _escaped(name.encode()) if name else b"\x00\xff"


def _escaped(data: bytes) -> bytes:
    return data.replace(b"\x00", b"\x00\xff") + _END
