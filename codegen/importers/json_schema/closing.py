"""Which fields a schema that is closed has a place for."""

from __future__ import annotations

from collections.abc import Iterable

from .conjunction import Part
from .patterns import python_pattern


def has_patterns(part: Part) -> bool:
    """Whether a schema says by patterns what fields are."""
    return bool(part.schema.get("patternProperties"))


def is_closed(part: Part, parts: Iterable[Part]) -> bool:
    """Whether a schema, one of the parts, refuses fields that it has no place for."""
    if part.schema.get("additionalProperties") is False:
        return True
    inside = [one for one in parts if part.place in one.way]
    closes = part.schema.get("unevaluatedProperties") is False
    return closes and not any(map(_takes_rest, inside))


def allows(part: Part, name: str, parts: Iterable[Part]) -> bool:
    """Whether a closed schema has a place for a field.

    `unevaluatedProperties` sees what the schemas inside of its own say, too.
    """
    if part.schema.get("additionalProperties") is False:
        return _says(part, name)
    inside = [one for one in parts if part.place in one.way]
    return any(_says(one, name) or _takes_rest(one) for one in inside)


def _says(part: Part, name: str) -> bool:
    """Whether a schema says by name or by pattern what a field is."""
    properties = part.schema.get("properties")
    if isinstance(properties, dict) and name in properties:
        return True
    patterns = part.schema.get("patternProperties")
    for pattern in patterns if isinstance(patterns, dict) else ():
        made = python_pattern(pattern)
        if isinstance(made, str) or made.matches(name):
            return True
    return False


def _takes_rest(part: Part) -> bool:
    return part.schema.get("additionalProperties", False) is not False
