"""The values of the official `convex` package, from the encoded form and back.

Its clients take and give Python values, with bytes as they are and an int64 as a `ConvexInt64`;
every plain number is a float to them.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from pydantic import JsonValue

from .scalars import bytes_form, decode_integer
from .wire import base64_bytes, base64_text, decode_float, is_special

if TYPE_CHECKING:
    from convex import ConvexInt64


def to_client(value: JsonValue) -> Any:
    """The value that a client takes for a value in the encoded form."""
    if isinstance(value, list):
        return [to_client(item) for item in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"$integer": text}:
            return _int64(decode_integer(text))
        case {"$bytes": text}:
            return base64_bytes(text)
        case {"$float": text}:
            return decode_float(text)
        case _:
            return {name: to_client(item) for name, item in value.items()}


def from_client(value: object) -> JsonValue:
    """The encoded form of a value that a client gives.

    Raises TypeError for one that is no value of Convex.
    """
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if isinstance(value, float):
        if is_special(value):
            return {"$float": base64_text(struct.pack("<d", value))}
        return value
    if isinstance(value, bytes):
        return cast(JsonValue, bytes_form(value))
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, object]", value)
        return {name: from_client(item) for name, item in fields.items()}
    if isinstance(value, Sequence):
        return [from_client(item) for item in cast("Sequence[object]", value)]
    to_json = getattr(value, "to_json", None)  # a ConvexInt64
    if to_json is None:
        raise TypeError(f"{type(value).__name__} is not a Convex value")
    return cast(JsonValue, to_json())


def _int64(value: int) -> ConvexInt64:
    # Imported on use: only an int64 needs the official package.
    from convex import ConvexInt64

    return ConvexInt64(value)
