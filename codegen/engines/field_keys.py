"""The keys of what is at a path of a document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from codegen.ir.types import JsonValue
from codegen.ir.values import decode

from .keys import ABSENT_KEY, float_key, key, string_key

JsonObject: TypeAlias = dict[str, JsonValue]
"""A document in the encoded form, where a plain number is a float64."""

CREATION_TIME: Final = "_creationTime"
SYSTEM_FIELDS: Final = ("_id", CREATION_TIME)

FieldKey: TypeAlias = Callable[[JsonObject], bytes]


def joined(keys: Sequence[FieldKey]) -> FieldKey:
    """What gives the keys of several fields, one after the other."""
    if not keys:
        return lambda _: b""
    first, *rest = keys
    if not rest:
        return first
    others = joined(rest)
    return lambda document: first(document) + others(document)


def field_key(path: Sequence[str]) -> FieldKey:
    """What gives the key of the value at a path, found out once for many documents."""

    def key_inside(document: JsonObject) -> bytes:
        value: JsonValue = document
        for name in path:
            # Nothing is there where something else than an object is on the way.
            if not isinstance(value, dict) or name not in value:
                return ABSENT_KEY
            value = value[name]
        return _key(value)

    def key_outside(document: JsonObject) -> bytes:
        value = document.get(name)
        if isinstance(value, str):
            return string_key(value)
        if isinstance(value, float):
            return float_key(value)
        return ABSENT_KEY if value is None and name not in document else _key(value)

    name, *inner = path
    return key_inside if inner else key_outside


def _key(value: JsonValue) -> bytes:
    if isinstance(value, str):
        return string_key(value)
    if isinstance(value, float):
        return float_key(value)
    if value is None or isinstance(value, bool):
        return key(value)
    if isinstance(value, int):
        return float_key(value)
    return key(decode(value))
