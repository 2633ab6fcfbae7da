"""A source without what its import reported as lost, each at the place that the report names."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from .json_values import part
from .places import Pointer

_KEYWORDS_OF: Final = {
    "string": {"minLength", "maxLength", "pattern"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
    | {"multipleOf"},
    "array": {"items", "prefixItems", "additionalItems", "minItems", "maxItems"}
    | {"uniqueItems", "contains", "unevaluatedItems"},
    "object": {"properties", "additionalProperties", "patternProperties", "required"}
    | {"minProperties", "maxProperties", "propertyNames", "dependencies"}
    | {"dependentRequired", "dependentSchemas", "unevaluatedProperties"},
}
_WITH: Final = {
    "if": ("then", "else"),
    "contains": ("minContains", "maxContains"),
}
"""What means nothing without its keyword."""


ASSUMED: Final = "W803"
RECURSIVE: Final = "W805"
NAME: Final = "W806"
LEFT_OUT: Final = {"x-left-out": True}
"""In the place of a property that is left out, of all schemas that hold together."""
INCLUSIVE: Final = "x-inclusive"
"""Beside a `oneOf` of which several arms may hold at once; its pointers stay what they are."""


@dataclass(frozen=True, slots=True)
class Report:
    """A diagnostic of the import, at the key or value of the source that it points to."""

    code: str
    message: str
    file: str
    pointer: Pointer


def without(source: Any, reports: Iterable[Report]) -> Any:
    """A copy of the source that says only what the import said it would keep.

    Raises AssertionError if a report does not point to what it is about.
    """
    left = copy.deepcopy(source)
    emptied: set[Pointer] = set()
    # From the inside out: what stands inside of something lost is lost with it.
    for report in sorted(reports, key=lambda one: (-len(one.pointer), one.code)):
        inside = (report.pointer[:end] for end in range(len(report.pointer) + 1))
        if report.code not in {*_TAKING_OUT, RECURSIVE} or not emptied.isdisjoint(
            inside
        ):
            continue
        try:
            _take_out(left, report, emptied)
        except (LookupError, TypeError, AttributeError) as error:
            raise AssertionError(f"nothing to take out at {report}") from error
    return left


def _take_out(left: Any, report: Report, emptied: set[Pointer]) -> None:
    if any(words in report.message for words in _ANY_OBJECT):
        pointer = _object_at(report.pointer)
        schema = part(left, pointer)
        schema.clear()
        schema["type"] = "object"
        emptied.add(pointer)
        return
    *way, key = report.pointer
    around = part(left, tuple(way))
    if report.code == RECURSIVE:
        pointer = tuple(way) if key == "$ref" else (*way, key)
        schema = part(left, pointer)
        schema.clear()
        emptied.add(pointer)
    else:
        _TAKING_OUT[report.code](around, key)


def _object_at(pointer: Pointer) -> Pointer:
    """The schema of the object that a pointer to it, to its field or to its `required` is in."""
    if pointer[-2:-1] == ("properties",):
        return pointer[:-2]
    return pointer[:-1] if pointer[-1:] == ("required",) else pointer


def _keyword(around: Any, key: Any) -> None:
    if key == "$dynamicRef":
        return  # what is meant is that it could lead elsewhere
    value = around.get(key)
    if key in ("enum", "const"):
        _any_of_the_kind(around, key, value if key == "enum" else [value])
        return
    if key == "prefixItems" or (key == "items" and isinstance(value, list)):
        _any_of_the_items(around, key)
        return
    if key == "patternProperties":
        _only_for_named(around)
    around.pop(key, None)
    for word in _WITH.get(key, ()):
        around.pop(word, None)


def _any_of_the_kind(around: Any, key: str, values: list[Any]) -> None:
    """In the place of objects and arrays that are listed, any object and array."""
    plain = [one for one in values if not isinstance(one, (dict, list))]
    arms: list[Any] = [{"enum": plain}] if plain else []
    if any(isinstance(one, dict) for one in values):
        arms.append({"type": "object"})
    if any(isinstance(one, list) for one in values):
        arms.append({"type": "array"})
    del around[key]
    around.setdefault("allOf", []).append({"anyOf": arms})


def _any_of_the_items(around: Any, key: str) -> None:
    """A list of items that may each be what one of the positions has."""
    further = "items" if key == "prefixItems" else "additionalItems"
    first = around.pop(key)
    rest = around.pop(further, True)
    if rest is False:
        around.setdefault("maxItems", len(first))
        around["items"] = {"anyOf": first}
    else:
        around["items"] = {"anyOf": [*first, rest]}


def _only_for_named(around: Any) -> None:
    """What patterns say of keys still counts for the named ones; without these, any key goes."""
    if not around.get("properties"):
        around.pop("additionalProperties", None)
        return
    for pattern, schema in around["patternProperties"].items():
        for name, own in around["properties"].items():
            if own != LEFT_OUT and re.search(pattern, name):
                around["properties"][name] = {"allOf": [own, schema]}


def _assumed(around: Any, key: Any) -> None:
    (kind,) = (kind for kind, words in _KEYWORDS_OF.items() if key in words)
    around["type"] = [*around.get("type", ()), kind]


def _name(around: Any, key: Any) -> None:
    around[key] = LEFT_OUT


def _not_exclusive(around: Any, key: Any) -> None:
    around[INCLUSIVE] = True


_TAKING_OUT: Final = {
    "W801": _keyword,
    ASSUMED: _assumed,
    "W804": _keyword,
    NAME: _name,
    "W807": _not_exclusive,
}
_ANY_OBJECT: Final = ("any document is taken", "is a dict of any values")
