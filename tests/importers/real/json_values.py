"""JSON documents: their parts, and which of them every back end of ours can hold."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

from .places import Pointer

_MOST_EXACT: Final = 2**53
_MAX_DEPTH: Final = 60


def parts(value: Any, pointer: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    """Every part of a document with the way to it, the whole first."""
    yield pointer, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from parts(inner, (*pointer, key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from parts(inner, (*pointer, position))


def part(value: Any, pointer: Pointer) -> Any:
    """What stands at the end of a pointer; raises LookupError or TypeError if nothing does."""
    for step in pointer:
        value = value[step]
    return value


def replaced(value: Any, pointer: Pointer, by: Any) -> Any:
    """A copy with something else at the end of the pointer."""
    if not pointer:
        return by
    step, *rest = pointer
    copy = value.copy()
    copy[step] = replaced(value[step], tuple(rest), by)
    return copy


def plain(value: Any) -> Any:
    """The same document with 3 for 3.0: JSON Schema does not tell them apart."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return int(value)
    return value


def is_document(value: Any) -> bool:
    """Whether it could be a document of Convex: an object without fields like `_id`."""
    if not isinstance(value, dict) or any(key.startswith("_") for key in value):
        return False
    return storable(value)


def storable(value: Any, depth: int = 0) -> bool:
    """Whether Convex can hold it: keys in printable ASCII, numbers that a float holds exactly."""
    if depth > _MAX_DEPTH:
        return False
    if isinstance(value, dict):
        return all(
            key.isascii()
            and key.isprintable()
            and not key.startswith("$")
            and storable(inner, depth + 1)
            for key, inner in value.items()
        )
    if isinstance(value, list):
        return all(storable(inner, depth + 1) for inner in value)
    if isinstance(value, str):
        return value.isascii() or value.encode("utf-8", "replace").decode() == value
    if isinstance(value, (int, float)):
        return math.isfinite(value) and abs(value) <= _MOST_EXACT
    return True
