"""The two forms in which documents are lines of JSON.

In the encoded form every plain number is a float64. In the form of Convex's exports an int64 is a
number without a dot, and a float64 one with a dot (`crates/value/src/export.rs`).
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, NoReturn, cast

from pydantic_core import from_json, to_json

from codegen.ir.types import JsonValue
from codegen.ir.values import decode, encode, is_negative_zero

JsonObject = dict[str, JsonValue]

Parse = Callable[[bytes], JsonObject]
"""The encoded form of a document from its line; a `ValueError` where it is none."""

_FORMS: Final = ("$integer", "$float")


def read_encoded(line: bytes) -> JsonObject:
    """A document in the encoded form, from a line in that form."""
    return _object(line, _float)


def read_exported(line: bytes) -> JsonObject:
    """The same from a line as Convex exports it."""
    return _object(line, _integer)


def write_exported(text: str) -> bytes:
    """A line as Convex exports it, from the text of a document in the encoded form."""
    return to_json(_exported(from_json(text)))


def encoded_text(document: JsonObject) -> str:
    """The text of a document in the encoded form; a `ValueError` where it has broken texts."""
    # What JSON has no words for stays what it is, and fits no type.
    return to_json(document, inf_nan_mode="constants").decode()


def _object(line: bytes, integer: Callable[[str], JsonValue]) -> JsonObject:
    try:
        value = json.loads(
            line.decode().rstrip("\r\n"),  # columns are counted from the last line end
            parse_float=_float,
            parse_int=integer,
            parse_constant=_refuse,
            object_pairs_hook=each_once,
        )
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: {error.msg} at {error.colno}") from None
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("it is not a JSON object")
    return cast(JsonObject, value)


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; a `ValueError` where a name is there twice, one value of which is lost."""
    made = dict(pairs)
    if len(made) != len(pairs):
        ((name, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise ValueError(f"{json.dumps(name)} is there twice in an object")
    return made


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"it is not JSON: {word}")


def _float(digits: str) -> JsonValue:
    number = float(digits)
    return encode(number) if is_negative_zero(number) else number


def _integer(digits: str) -> JsonValue:
    return _float(digits) if digits == "-0" else encode(int(digits))


def _exported(value: Any) -> Any:
    if value.__class__ is dict:
        if len(value) == 1 and next(iter(value)) in _FORMS:
            number = cast(float, decode(value))
            return number if math.isfinite(number) else value
        return {name: _exported(item) for name, item in value.items()}
    if value.__class__ is list:
        return [_exported(item) for item in value]
    return float(value) if value.__class__ is int else value
