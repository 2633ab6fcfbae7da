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
        found = _tags_in(field.name, arms, schema)
        if found is not None:
            return field.name, found
    return None


def arms_by_tag(
    *unions: tuple[Type, Schema],
) -> tuple[str, list[dict[tuple[str, ...], Object]]] | None:
    """The field that tells the arms of all these unions apart, and each union's arms by their tags.

    None if an arm is no object, or no field tells them apart in each union.
    """
    sides = [(_objects(union, schema), schema) for union, schema in unions]
    if not all(arms for arms, _ in sides):
        return None
    for field in sides[0][0][0].fields:
        found = [(_tags_in(field.name, arms, schema), arms) for arms, schema in sides]
        by_tag = [
            dict(zip(map(_sorted, values), arms, strict=True))
            for values, arms in found
            if values is not None
        ]
        if len(by_tag) == len(sides):
            return field.name, by_tag
    return None


def _sorted(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(values))


def _objects(node: Type, schema: Schema) -> list[Object]:
    """The arms of a union, or the one of an object; none if one of them is no object."""
    while isinstance(node, Named):
        node = schema.types[node.name].type
    if not isinstance(node, Union):
        return [node] if isinstance(node, Object) else []
    parts = [_objects(arm, schema) for arm in node.arms]
    return [arm for part in parts for arm in part] if all(parts) else []


def _tags_in(
    name: str, arms: Sequence[Object], schema: Schema
) -> list[list[str]] | None:
    """Each arm's tags in a field, or None if it does not tell all of them apart."""
    found = [_tag_values(arm, name, schema) for arm in arms]
    values = [value for arm in found for value in arm]
    return found if all(found) and len(set(values)) == len(values) else None


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
