"""Convex values: their encoded JSON form, their Python form, and which type they fit.

Encoded JSON says in one-key objects what JSON has no words for: `{"$integer": …}` is an int64,
`{"$bytes": …}` bytes, `{"$float": …}` a NaN, an infinity or -0.0; every plain number is a
float64. In Python form an `int` is always an int64 and a `float` always a float64.
"""

from __future__ import annotations

import math
import struct
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias, TypeGuard

from .types import JsonValue

Value: TypeAlias = (
    "bool | int | float | str | bytes | list[Value] | dict[str, Value] | None"
)

INT64: Final = range(-(2**63), 2**63)
MAX_ARRAY: Final = 8192
MAX_FIELDS: Final = 1024
MAX_FIELD_NAME: Final = 1024
MAX_NESTING: Final = 64


def encode(value: Value) -> JsonValue:
    """The encoded JSON of a value in Python form.

    Raises ValueError for an integer outside of 64 bits.
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        if int(value) not in INT64:
            raise ValueError(f"{value} does not fit in 64 bits")
        return {"$integer": _base64(value.to_bytes(8, "little", signed=True))}
    if isinstance(value, float):
        if math.isfinite(value) and not is_negative_zero(value):
            return value
        return {"$float": _base64(struct.pack("<d", value))}
    if isinstance(value, bytes):
        return {"$bytes": _base64(value)}
    if isinstance(value, list):
        return [encode(item) for item in value]
    return {name: encode(item) for name, item in value.items()}


def decode(value: JsonValue) -> Value:
    """The Python form of encoded JSON.

    Raises ValueError where Convex would refuse the value: a malformed `$…` form, a field name
    that values may not have, an array or object that is too large or nested too deeply.
    """
    return _decode(value, 1)


def is_negative_zero(value: float) -> bool:
    return value == 0 and math.copysign(1, value) < 0


def same(left: Value, right: Value) -> bool:
    """Whether two values without parts are one value: 1 is not 1.0, 0.0 is not -0.0."""
    if type(left) is not type(right):
        return False
    if isinstance(left, float) and isinstance(right, float):
        return struct.pack("<d", left) == struct.pack("<d", right)
    return left == right


def only_floats(values: Sequence[object]) -> TypeGuard[Sequence[float]]:
    """Whether all values are floats, as in a vector, which may be long: it is found out quickly."""
    return {*map(type, values)} <= {float}


def _decode(value: JsonValue, depth: int) -> Value:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        value.encode()  # refuses half of a surrogate pair
        return value
    if isinstance(value, (int, float)):
        return _number(value)
    if depth > MAX_NESTING:
        raise ValueError(f"nested more than {MAX_NESTING} levels deep")
    if isinstance(value, list):
        if len(value) > MAX_ARRAY:
            raise ValueError(f"more than {MAX_ARRAY} items")
        if only_floats(value) and all(map(math.isfinite, value)):
            return [*value]
        return [_decode(item, depth + 1) for item in value]
    if len(value) == 1:
        (name, inner), *_ = value.items()
        decoder = _FORMS.get(name)
        if decoder is not None:
            if not isinstance(inner, str):
                raise ValueError(f"`{name}` needs a base64 text")
            return decoder(_from_base64(inner))
    if len(value) > MAX_FIELDS:
        raise ValueError(f"more than {MAX_FIELDS} fields")
    return {_field_name(n): _decode(item, depth + 1) for n, item in value.items()}


def _number(value: int | float) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"{value!r:.40} is not a number of JSON")
    return number


def _field_name(name: str) -> str:
    if name.startswith("$"):
        raise ValueError(f'field name "{name}" starts with "$"')
    if len(name) > MAX_FIELD_NAME:
        raise ValueError(f"a field name is longer than {MAX_FIELD_NAME} characters")
    if not (name.isascii() and (name.isprintable() or not name)):
        raise ValueError(f"field name {name!a} is not printable ASCII")
    return name


def _integer(data: bytes) -> int:
    if len(data) != 8:
        raise ValueError("`$integer` needs 8 bytes")
    return int.from_bytes(data, "little", signed=True)


def _float(data: bytes) -> float:
    if len(data) != 8:
        raise ValueError("`$float` needs 8 bytes")
    number: float = struct.unpack("<d", data)[0]
    if math.isfinite(number) and not is_negative_zero(number):
        raise ValueError(f"{number!r} is a plain JSON number, not a `$float`")
    return number


def _bytes(data: bytes) -> bytes:
    return data


_FORMS: Final[dict[str, Callable[[bytes], Value]]] = {
    "$integer": _integer,
    "$float": _float,
    "$bytes": _bytes,
}


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _from_base64(text: str) -> bytes:
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        raise ValueError(f"{text!a:.40} is not base64") from None
    if _base64(data) != text:
        raise ValueError(f"{text!a:.40} is not canonical base64")
    return data
