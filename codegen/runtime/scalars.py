"""Scalars that JSON has no form for: 64-bit integers and bytes.

On the wire an int64 is `{"$integer": base64 of 8 bytes, little-endian}` and bytes are
`{"$bytes": base64}`; a plain JSON number is always a float.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeAlias, TypeGuard, cast

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import (
    CoreSchema,
    PydanticSerializationUnexpectedValue,
    core_schema,
)

from .wire import base64_bytes, base64_text

INT64_MIN: Final = -(2**63)
INT64_MAX: Final = 2**63 - 1


def is_int(value: object) -> TypeGuard[int]:
    """Whether `value` is a whole number; True and False are not."""
    return isinstance(value, int) and not isinstance(value, bool)


class Int64(int):
    """An int64 inside a value of any type, where a plain `int` means a float.

    Raises a `ValueError` outside of 64 bits and a `TypeError` for anything but an `int`.
    """

    __slots__ = ()

    def __new__(cls, value: int, /) -> Int64:
        if not is_int(value):
            raise TypeError(f"Int64 takes an int, not {type(value).__name__}")
        if not INT64_MIN <= value <= INT64_MAX:
            raise ValueError(f"{value} does not fit in 64 bits")
        return super().__new__(cls, value)

    def __repr__(self) -> str:
        return f"Int64({int(self)})"

    __str__ = int.__repr__


def decode_integer(text: object) -> int:
    """The number of an `$integer` form's base64 text; a `ValueError` when malformed."""
    data = base64_bytes(text)
    if len(data) != 8:
        raise ValueError("`$integer` takes 8 bytes")
    return int.from_bytes(data, "little", signed=True)


def integer_form(value: int) -> dict[str, str]:
    """The `$integer` form of an int64."""
    return {"$integer": base64_text(value.to_bytes(8, "little", signed=True))}


def bytes_form(value: bytes) -> dict[str, str]:
    """The `$bytes` form."""
    return {"$bytes": base64_text(value)}


@dataclass(frozen=True, slots=True)
class _Form:
    """Annotates a type that has a `$` form on the wire.

    The serializer must refuse foreign values: only then does a union try its next arm.
    """

    key: str
    python: Callable[[], CoreSchema]
    decode: Callable[[object], object]
    encode: Callable[[Any], dict[str, str]]

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.json_or_python_schema(
            core_schema.no_info_plain_validator_function(self._read),
            self.python(),
            serialization=core_schema.plain_serializer_function_ser_schema(
                self._write, when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {self.key: {"type": "string", "contentEncoding": "base64"}},
            "required": [self.key],
            "additionalProperties": False,
        }

    def _read(self, value: object) -> object:
        if isinstance(value, dict):
            form = cast(dict[str, object], value)
            if form.keys() == {self.key}:
                return self.decode(form[self.key])
        raise ValueError(f'expected {{"{self.key}": base64}}')

    def _write(self, value: object) -> dict[str, str]:
        try:
            return self.encode(value)
        except (AttributeError, TypeError):
            raise PydanticSerializationUnexpectedValue(
                f"{type(value).__name__} has no `{self.key}` form"
            ) from None


def bigint_schema() -> CoreSchema:
    """Pydantic's schema of an int64, as `BigInt` has it."""
    return _INTEGER.__get_pydantic_core_schema__(int, cast(GetCoreSchemaHandler, None))


def _encode_integer(value: object) -> dict[str, str]:
    if not is_int(value):
        raise TypeError
    return integer_form(value)


def _encode_bytes(value: object) -> dict[str, str]:
    if not isinstance(value, bytes):
        raise TypeError
    return bytes_form(value)


def _int64_schema() -> CoreSchema:
    return core_schema.int_schema(strict=True, ge=INT64_MIN, le=INT64_MAX)


def _bytes_schema() -> CoreSchema:
    return core_schema.bytes_schema(strict=True)


_INTEGER: Final = _Form("$integer", _int64_schema, decode_integer, _encode_integer)

BigInt: TypeAlias = Annotated[int, _INTEGER]
"""An int64: a Python `int` of 64 bits, never equal to a float on the wire."""

CommitTs: TypeAlias = Annotated[int, _INTEGER]
"""The timestamp of a commit: an int64 once it is stored."""

Bytes: TypeAlias = Annotated[
    bytes, _Form("$bytes", _bytes_schema, base64_bytes, _encode_bytes)
]
"""Bytes."""
