"""The schemas of a document that have names, and which of them are tables by default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..places import Json, Place
from .conjunction import Circular, Conjunction, add, gather
from .keywords import restricting
from .kinds_of_values import agreed_kinds
from .sources import Sources

_FOLDERS = (("$defs",), ("definitions",), ("components", "schemas"))


@dataclass(frozen=True, slots=True)
class Definition:
    """A schema that can be a table; `name` is what the document calls it."""

    name: str
    place: Place


def definitions(document: str, value: Json) -> dict[str, Definition]:
    """The named schemas of a document, by name and in order."""
    found: dict[str, Definition] = {}
    for folder in _FOLDERS:
        inside = value
        for step in folder:
            inside = inside.get(step) if isinstance(inside, dict) else None
        for name in inside if isinstance(inside, dict) else ():
            place = Place(document, (*folder, name))
            found.setdefault(name, Definition(name, place))
    return found


def says_something(value: Json) -> bool:
    """Whether a document is a schema itself, and not only definitions."""
    return isinstance(value, dict) and bool(restricting(value))


def default_tables(
    sources: Sources, known: Mapping[str, Definition]
) -> list[Definition]:
    """The objects that no other object is made of; all objects, if each is part of one."""
    objects = [d for d in known.values() if is_object(sources, d.place)]
    pointers = {d.place.pointer: d for d in known.values()}
    uses = {
        d.name: [
            pointers[r] for r in references(sources.schema(d.place)) if r in pointers
        ]
        for d in known.values()
    }
    names = {d.name for d in objects}
    parts: set[str] = set()
    for one in objects:
        todo, seen = [*uses[one.name]], {one.name}
        while todo:
            used = todo.pop()
            if used.name in seen:
                continue
            seen.add(used.name)
            if used.name in names:
                parts.add(used.name)
            else:
                todo += uses[used.name]
    return [d for d in objects if d.name not in parts] or objects


def references(value: Json) -> Iterator[str]:
    """Every `$ref` inside of a value."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            reference = one.get("$ref")
            if isinstance(reference, str):
                yield reference
            todo += one.values()
        elif isinstance(one, list):
            todo += one


def is_object(sources: Sources, place: Place) -> bool:
    """Whether all values of a schema are objects with fields that it names."""
    try:
        return _is_object(sources, gather(sources, (place,)), 0)
    except Circular:
        return False


def _is_object(sources: Sources, found: Conjunction, depth: int) -> bool:
    kinds = agreed_kinds(found.parts, None)
    if found.is_never or (kinds is not None and kinds != ["object"]) or depth > 3:
        return False
    if any("enum" in part.schema or "const" in part.schema for part in found.parts):
        return False
    if any(part.schema.get("properties") for part in found.parts):
        return True
    for i, choice in enumerate(found.choices):
        arms: list[bool] = []
        for place in choice.arms:
            inner = found.copy()
            del inner.choices[i]
            add(sources, inner, place, choice.way)
            arms.append(_is_object(sources, inner, depth + 1))
        if arms and all(arms):
            return True
    return False
