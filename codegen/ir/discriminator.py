"""Which field tells the arms of a union of objects apart."""

from __future__ import annotations

from collections.abc import Sequence

from .model import Schema
from .types import Literal, Named, Object, Type, Union


def tags(arms: Sequence[Object], schema: Schema) -> tuple[str, list[list[str]]] | None:
    """The tag field's name and each arm's tags, or None if no field tells them apart.

    A tag is a required field that holds a string literal (or one of several) in every arm, with
    no value in two arms.
    """
    if len(arms) < 2:
        return None
    for field in arms[0].fields:
        found = [_tag_values(arm, field.name, schema) for arm in arms]
        values = [value for arm in found for value in arm]
        if all(found) and len(set(values)) == len(values):
            return field.name, found
    return None


def _tag_values(arm: Object, name: str, schema: Schema) -> list[str]:
    for field in arm.fields:
        if field.name == name and not field.optional:
            return _strings(field.type, schema)
    return []


def _strings(type_: Type, schema: Schema) -> list[str]:
    """The values of a string literal or a union of them; empty for any other type."""
    match type_:
        case Literal("string", value):
            return [str(value)]
        case Named(name):
            return _strings(schema.types[name].type, schema)
        case Union(arms):
            parts = [_strings(arm, schema) for arm in arms]
            return (
                list(dict.fromkeys(v for part in parts for v in part))
                if all(parts)
                else []
            )
        case _:
            return []
