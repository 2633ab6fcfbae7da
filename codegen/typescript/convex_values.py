"""The module `convex/values`: what a schema uses of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .syntax import text_of
from .validators import (
    SCALARS,
    Validator,
    as_object,
    expect,
    object_of,
    union_of,
)
from .values import (
    JsObject,
    Native,
    NativeCall,
    Origin,
    Refused,
    Unknown,
    Value,
    known,
)

if TYPE_CHECKING:
    from .evaluate import Evaluator


def _scalar(kind: str) -> NativeCall:
    def make(e: Evaluator, args: list[Value], origin: Origin) -> Value:
        return Validator(kind, origin)

    return make


def _argument(args: list[Value], origin: Origin, position: int = 0) -> Value:
    if len(args) <= position:
        function = origin.node.child_by_field_name("function")
        called = text_of(function) if function is not None else "this"
        raise Refused(f"`{called}` needs an argument", origin)
    return known(args[position])


def _id(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    table = _argument(args, origin)
    if not isinstance(table, str):
        raise Refused("the table of `v.id` is not a string", origin)
    return Validator("id", origin, (table,))


def _literal(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    value = _argument(args, origin)
    if not isinstance(value, (str, bool, float, int)):
        message = "the value of a literal is not a string, a number or a boolean"
        raise Refused(message, origin)
    if isinstance(value, float) and not math.isfinite(value):
        raise Refused("a literal that is no finite number", origin)
    if type(value) is int and not -(2**63) <= value < 2**63:
        raise Refused("a literal that does not fit in 64 bits", origin)
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Refused("a literal with half a character", origin) from None
    return Validator("literal", origin, (value,))


def _part(args: list[Value], origin: Origin, what: str, position: int = 0) -> Value:
    """A validator inside another; what can't be told is reported where it is used."""
    if len(args) > position and isinstance(args[position], Unknown):
        return args[position]
    return expect(_argument(args, origin, position), origin, what)


def _array(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    return Validator("array", origin, (_part(args, origin, "the element"),))


def _record(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    key = _part(args, origin, "the key of a record")
    value = _part(args, origin, "the value of a record", 1)
    for part in (key, value):
        if isinstance(part, Validator) and part.optional:
            raise Refused("a key or a value of a record is optional", origin)
    return Validator("record", origin, (key, value))


def _object(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    return object_of(_argument(args, origin), origin)


def _union(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    return union_of(args, origin)


def _optional(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    validator = expect(_argument(args, origin), origin, "what is optional")
    return validator.as_optional()


def _nullable(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    null = Validator("null", origin)
    return union_of([_part(args, origin, "what is nullable"), null], origin)


def _as_object(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    return as_object(_argument(args, origin), origin)


def _is_validator(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    return isinstance(_argument(args, origin), Validator)


def convex_values() -> dict[str, Value]:
    """The exports of `convex/values`."""
    calls: dict[str, NativeCall] = {
        **{kind: _scalar(kind) for kind in SCALARS},
        "number": _scalar("float64"),
        "bigint": _scalar("int64"),
        "id": _id,
        "literal": _literal,
        "array": _array,
        "record": _record,
        "object": _object,
        "union": _union,
        "optional": _optional,
        "nullable": _nullable,
    }
    v = JsObject({name: Native(f"v.{name}", call) for name, call in calls.items()})
    return {
        "v": v,
        "asObjectValidator": Native("asObjectValidator", _as_object),
        "isValidator": Native("isValidator", _is_validator),
    }
