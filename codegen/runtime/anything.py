"""`AnyValue`: a value of any type that Convex can hold.

Python's `int` and `float` are both numbers, that is floats, and `Int64` is an int64. Values are
copied, so that a document never shares its insides with the caller.
"""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Final, TypeAlias, cast

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import (
    CoreSchema,
    core_schema,
)

from .scalars import Int64, bytes_form, decode_integer, integer_form
from .wire import base64_bytes, decode_float

KEY_PATTERN: Final = r"^([\x20-\x23\x25-\x7e][\x20-\x7e]{0,1023})?$"
"""What a key of a record or of an object may be; `$` would start a form of the wire."""

_matches_key = re.compile(KEY_PATTERN.replace("$", r"\Z")).match
_MAX_DEPTH: Final = 64
_MAX_EXACT: Final = 2**53


def is_key(text: str) -> bool:
    """Whether `text` may be a key of a record or of an object."""
    return _matches_key(text) is not None


class _Refused(ValueError):
    """A value that Convex does not have; `path` grows while the walk returns."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.path: list[str] = []

    def at(self, step: str) -> _Refused:
        self.path.append(step)
        return self

    def __str__(self) -> str:
        path = "".join(reversed(self.path))
        return f"{self.reason} (at {path})" if path else self.reason


def _accept(value: object, depth: int = 0) -> object:
    """A Python value, checked and copied."""
    kind = type(value)
    if value is None or kind is str or kind is float or kind is bool or kind is bytes:
        return value
    if isinstance(value, int) and kind is not bool:
        if isinstance(value, Int64):
            return value
        if abs(value) > _MAX_EXACT:
            raise _Refused(f"{value} is not exact as a float; use Int64 for an int64")
        return float(value)
    if isinstance(value, (str, float, bytes)):
        return value
    if depth >= _MAX_DEPTH:
        raise _Refused(f"nested deeper than {_MAX_DEPTH} levels")
    if isinstance(value, (list, tuple)):
        return _each_item(cast(list[object], value), _accept, depth)
    if isinstance(value, dict):
        return _each_value(cast(dict[object, object], value), _accept, depth)
    raise _Refused(f"{kind.__name__} is not a Convex value")


def _read(value: object, depth: int = 0) -> object:
    """A value of the encoded form."""
    kind = type(value)
    if value is None or kind is str or kind is bool:
        return value
    if isinstance(value, (int, float)):
        return _finite(value)
    if depth >= _MAX_DEPTH:
        raise _Refused(f"nested deeper than {_MAX_DEPTH} levels")
    if kind is list:
        return _each_item(cast(list[object], value), _read, depth)
    fields = cast(dict[object, object], value)
    if len(fields) == 1:
        ((key, inner),) = fields.items()
        try:
            match key:
                case "$integer":
                    return Int64(decode_integer(inner))
                case "$bytes":
                    return base64_bytes(inner)
                case "$float":
                    return decode_float(inner)
                case _:
                    pass
        except ValueError as error:
            raise _Refused(str(error)) from None
    return _each_value(fields, _read, depth)


def _finite(value: float) -> float:
    """A number of JSON; what exceeds the floats is an infinity by now, or fails here."""
    try:
        if math.isfinite(value):
            return float(value)
    except OverflowError:
        pass
    raise _Refused("a number of JSON must be finite")


def encode_any(value: object) -> object:
    """A value in the encoded form but for its `$float`s."""
    kind = type(value)
    if value is None or kind is str or kind is float or kind is bool:
        return value
    if kind is Int64:
        return integer_form(cast(int, value))
    if kind is list:
        return [encode_any(item) for item in cast(list[object], value)]
    if kind is dict:
        items = cast(dict[object, object], value).items()
        return {_key(key): encode_any(item) for key, item in items}
    if isinstance(value, bytes):
        return bytes_form(value)
    return _accept(value)  # a default, which is not validated, or a subclass of `str`


def _key(key: object) -> str:
    # JSON would take 1 and None for texts.
    if isinstance(key, str):
        return key
    raise _Refused(f"{key!r} is not a key: keys are texts")


def _each_item(items: list[object], walk: Any, depth: int) -> list[object]:
    done: list[object] = []
    try:
        for item in items:
            done.append(walk(item, depth + 1))
    except _Refused as refused:
        raise refused.at(f"[{len(done)}]") from None
    return done


def _each_value(
    fields: dict[object, object], walk: Any, depth: int
) -> dict[str, object]:
    done: dict[str, object] = {}
    for key, item in fields.items():
        if not isinstance(key, str) or not is_key(key):
            raise _Refused(
                f"{key!r} is not a key: keys are printable ASCII and do not start with `$`"
            )
        try:
            done[key] = walk(item, depth + 1)
        except _Refused as refused:
            raise refused.at(
                f".{key}" if key.isidentifier() else f"[{key!r}]"
            ) from None
    return done


class _AnyValue:
    __slots__ = ()

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.json_or_python_schema(
            core_schema.no_info_plain_validator_function(_validate_wire),
            core_schema.no_info_plain_validator_function(_validate_python),
            serialization=core_schema.plain_serializer_function_ser_schema(
                _serialize, when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {}


def _validate_python(value: object) -> object:
    try:
        return _accept(value)
    except _Refused as refused:
        raise ValueError(str(refused)) from None


def _validate_wire(value: object) -> object:
    try:
        return _read(value)
    except _Refused as refused:
        raise ValueError(str(refused)) from None


def _serialize(value: object) -> object:
    try:
        return encode_any(value)
    except _Refused as refused:
        # No other arm of a union takes what this one refuses: it would only be guessed at.
        raise ValueError(str(refused)) from None


AnyValue: TypeAlias = Annotated[Any, _AnyValue()]
"""Any value: None, bool, str, bytes, float, `Int64`, lists, and dicts with string keys."""
