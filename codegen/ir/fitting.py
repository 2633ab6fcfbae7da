"""Whether a value fits a type, exactly as Convex decides it, and our constraints on top."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from .bounds import opened
from .model import Schema
from .notation import constraint_notation, notation
from .types import (
    Array,
    Constrained,
    Constraint,
    Doc,
    Id,
    JsonValue,
    Literal,
    Named,
    Object,
    Record,
    Scalar,
    Type,
    Union,
)
from .values import Value, decode, same
from .whole_documents import whole_document

Misfit: TypeAlias = "tuple[str, str]"
"""The way to the value that does not fit, such as `.a[0]`, and the reason."""


def fits(value: JsonValue, node: Type, schema: Schema) -> bool:
    """Whether encoded JSON is a value of the type; an id is any string."""
    return misfit(value, node, schema) is None


def misfit(value: JsonValue, node: Type, schema: Schema) -> str | None:
    """Why encoded JSON is no value of the type, led by the way to the place; None if it is.

    The names in the type must be types of the schema, and not stand for themselves.
    """
    found = misfit_at(value, node, schema)
    if found is None:
        return None
    way, reason = found
    return f"{way}: {reason}" if way else reason


def misfit_at(value: JsonValue, node: Type, schema: Schema) -> Misfit | None:
    """The same in two parts: the way to the place, such as `.a[0]`, and the reason."""
    try:
        decoded = decode(value)
    except ValueError as error:
        return "", str(error)
    return _misfit(decoded, node, schema)


def _misfit(value: Value, node: Type, schema: Schema) -> Misfit | None:
    if isinstance(node, Scalar):
        return None if _SCALARS[node.kind](value) else _not(value, node)
    if isinstance(node, Literal):
        return None if same(value, node.value) else _not(value, node)
    if isinstance(node, Id):
        return None if isinstance(value, str) else _not(value, node)
    if isinstance(node, Named):
        return _misfit(value, schema.types[node.name].type, schema)
    if isinstance(node, Doc):
        return _misfit(value, whole_document(node.table, schema), schema)
    if isinstance(node, Union):
        return _misfit_union(value, node, schema)
    if isinstance(node, Constrained):
        return _misfit(value, node.inner, schema) or _broken(value, node)
    if isinstance(node, Array):
        if not isinstance(value, list):
            return _not(value, node)
        for position, item in enumerate(value):
            if found := _misfit(item, node.element, schema):
                return _inside(f"[{position}]", found)
        return None
    if not isinstance(value, dict):
        return _not(value, node)
    if isinstance(node, Record):
        return _misfit_record(value, node, schema)
    return _misfit_object(value, node, schema)


def _misfit_union(value: Value, union: Union, schema: Schema) -> Misfit | None:
    found: Misfit | None = None
    for arm in dict.fromkeys(union.arms):
        found = _misfit(value, arm, schema)
        if found is None:
            return None
    if len(union.arms) == 1:
        return found
    meant = _meant(value, union, schema)
    return _misfit(value, meant, schema) if meant else _not(value, union)


def _meant(value: Value, union: Union, schema: Schema) -> Object | None:
    """The object of a union that the literals in a value tell apart from the others."""
    if not isinstance(value, dict):
        return None
    meant: list[Object] = []
    for arm in opened(union.arms, schema):
        if isinstance(arm, Object):
            tags = [field for field in arm.fields if isinstance(field.type, Literal)]
            if tags and all(
                field.name in value
                and not _misfit(value[field.name], field.type, schema)
                for field in tags
            ):
                meant.append(arm)
    return meant[0] if len(meant) == 1 else None


def _misfit_record(
    value: dict[str, Value], record: Record, schema: Schema
) -> Misfit | None:
    for key, item in value.items():
        if _misfit(key, record.key, schema):
            return "", f"the key {_shown(key)} is not {notation(record.key)}"
        if found := _misfit(item, record.value, schema):
            return _inside(f"[{_shown(key)}]", found)
    return None


def _misfit_object(
    value: dict[str, Value], node: Object, schema: Schema
) -> Misfit | None:
    names: set[str] = set()
    for field in node.fields:
        names.add(field.name)
        if field.name in value:
            if found := _misfit(value[field.name], field.type, schema):
                return _inside(f".{field.name}", found)
        elif not field.optional:
            return "", f"the required field `{field.name}` is missing"
    for name in value:
        if name not in names:
            return "", f"there is no field `{name}`"
    return None


def _broken(value: Value, node: Constrained) -> Misfit | None:
    for constraint in node.constraints:
        if not holds(constraint, value):
            return "", f"{_shown(value)} breaks {constraint_notation(constraint)}"
    return None


def holds(constraint: Constraint, value: Value) -> bool:
    """Whether a constraint that suits the type of the value is kept by the value."""
    bound = constraint.value
    if isinstance(bound, str):
        return isinstance(value, str) and re.search(bound, value) is not None
    if constraint.kind == "minLength":
        return isinstance(value, (str, bytes, list, dict)) and len(value) >= bound
    if constraint.kind == "maxLength":
        return isinstance(value, (str, bytes, list, dict)) and len(value) <= bound
    if not isinstance(value, (int, float)):
        return False
    if constraint.kind == "ge":
        return value >= bound
    if constraint.kind == "gt":
        return value > bound
    if constraint.kind == "le":
        return value <= bound
    return value < bound


def _is_null(value: Value) -> bool:
    return value is None


def _is_int64(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_anything(value: Value) -> bool:
    return True


def _is(kind: type) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, kind)


_SCALARS: dict[str, Callable[[Value], bool]] = {
    "string": _is(str),
    "number": _is(float),
    "boolean": _is(bool),
    "null": _is_null,
    "bytes": _is(bytes),
    "bigint": _is_int64,
    "commitTs": _is_int64,
    "any": _is_anything,
}


def _not(value: Value, node: Type) -> Misfit:
    return "", f"{_shown(value)} is not {_shortened(notation(node))}"


def _shown(value: Value) -> str:
    if isinstance(value, str):
        from json.encoder import encode_basestring

        return _shortened(encode_basestring(value))
    return _shortened(repr(value))


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _inside(step: str, found: Misfit) -> Misfit:
    way, reason = found
    return step + way, reason
