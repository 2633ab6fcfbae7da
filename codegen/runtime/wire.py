"""The `$` forms of Convex's encoded JSON, and the JSON text that carries them.

JSON has no numbers for NaN, the infinities and -0.0: they travel as `{"$float": base64 of 8
bytes, little-endian}`. Pydantic writes them as bare tokens, which are replaced afterwards;
text without any of them, which is nearly all text, is passed on as it is.
"""

from __future__ import annotations

import json
import math
import re
import struct
from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from typing import Final, cast

from pydantic import JsonValue


def base64_text(data: bytes) -> str:
    """`data` in standard base64, with padding."""
    return b2a_base64(data, newline=False).decode("ascii")


def base64_bytes(text: object) -> bytes:
    """The bytes of a text in standard base64; a `ValueError` when it is anything else."""
    if not isinstance(text, str):
        raise ValueError("base64 must be a string")
    try:
        data = a2b_base64(text.encode(), strict_mode=True)
    except (Base64Error, UnicodeEncodeError) as error:
        raise ValueError(f"not base64: {error}") from None
    if base64_text(data) != text:
        raise ValueError("not base64: stray bits")
    return data


def decode_float(text: object) -> float:
    """The float of a `$float` form; a `ValueError` when JSON has a number for it."""
    data = base64_bytes(text)
    if len(data) != 8:
        raise ValueError("`$float` takes 8 bytes")
    value: float = struct.unpack("<d", data)[0]
    if not is_special(value):
        raise ValueError("`$float` is for NaN, the infinities and -0.0 only")
    return value


def is_special(value: float) -> bool:
    """Whether `value` travels as a `$float` form."""
    if value == 0:
        return math.copysign(1, value) < 0
    return not math.isfinite(value)


def writable(value: object) -> bytes:
    """The JSON text of Python's JSON values, which are in the encoded form already."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


# Not -0.01, of which vectors have many.
_NEGATIVE_ZERO: Final = re.compile(rb"-0\.0(?![0-9])")


def encoded(pydantic_json: bytes) -> bytes:
    """The encoded form of text that Pydantic wrote."""
    # To look for one byte (I, N, -) costs a tenth of looking for several.
    if (
        (73 in pydantic_json and b"Infinity" in pydantic_json)
        or (78 in pydantic_json and b"NaN" in pydantic_json)
        or (45 in pydantic_json and _NEGATIVE_ZERO.search(pydantic_json))
    ):
        return writable(_encoded_floats(pydantic_json))
    return pydantic_json


def _encoded_floats(text: bytes) -> JsonValue:
    value = json.loads(text, parse_float=_encoded_float, parse_constant=_encoded_float)
    return cast(JsonValue, value)


def _encoded_float(token: str) -> float | dict[str, str]:
    value = float(token)
    if is_special(value):
        return {"$float": base64_text(struct.pack("<d", value))}
    return value
