"""What a value has to keep to at once: a schema with its references and `allOf`s flattened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ..places import Json, Place
from .keywords import restricting
from .sources import Sources

_MOST_STEPS: Final = 200
"""So many references and `allOf`s may lead from one to the next."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the schemas that count together; its `allOf`, `anyOf`, `oneOf` are apart.

    `nullable` is there only where it has a meaning.
    `way` are the places of the schemas that it is a part of, itself the last one.
    """

    place: Place
    schema: dict[str, Json]
    way: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """The arms of an `anyOf` or `oneOf` of the schema at `place`; `way` led there."""

    place: Place
    keyword: str
    arms: tuple[Place, ...]
    way: tuple[Place, ...]


@dataclass
class Conjunction:
    """All of the parts hold, and one arm of each choice; `is_never` if nothing can hold."""

    parts: list[Part] = field(default_factory=list[Part])
    choices: list[Choice] = field(default_factory=list[Choice])
    is_never: bool = False

    def copy(self) -> Conjunction:
        return Conjunction([*self.parts], [*self.choices], self.is_never)


class Circular(Exception):
    """A schema that has to hold for itself to hold: the place where the circle closes."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.place = place


def gather(sources: Sources, places: tuple[Place, ...]) -> Conjunction:
    """The parts of schemas that have to hold together, each once."""
    gathered = Conjunction()
    for place in places:
        add(sources, gathered, place)
    return gathered


def add(
    sources: Sources, found: Conjunction, place: Place, way: tuple[Place, ...] = ()
) -> None:
    """Adds a schema, with all that it refers to, to what has to hold.

    Raises Circular if it refers to itself on the way, RecursionError if that is too long.
    """
    schema = sources.schema(place)
    if schema is False:
        found.is_never = True
    if place in way:
        raise Circular(way[-1])
    if len(way) > _MOST_STEPS:
        raise RecursionError
    if not isinstance(schema, dict) or any(part.place == place for part in found.parts):
        return
    around = (*way, place)
    refers = [k for k in ("$ref", "$dynamicRef", "$recursiveRef") if k in schema]
    if refers:
        target = sources.reference(place)
        if target is not None:
            add(sources, found, target, around)
        if refers[0] == "$ref" and sources.ignores_siblings(place):
            return
    apart = {"allOf", "anyOf", "oneOf"}
    if not sources.is_nullable(place):
        apart.add("nullable")
    own = {k: v for k, v in schema.items() if k not in apart}
    found.parts.append(Part(place, own, around))
    for i, _ in enumerate(_list(schema.get("allOf"))):
        add(sources, found, place.inside("allOf", i), around)
    for keyword in ("anyOf", "oneOf"):
        arms = _list(schema.get(keyword))
        if arms:
            inner = (place.inside(keyword, i) for i, _ in enumerate(arms))
            found.choices.append(Choice(place, keyword, tuple(inner), around))


def only_reference(
    sources: Sources, place: Place, *, or_null: bool = False
) -> Place | None:
    """The `$ref` that is all that the schema at a place says; through `allOf`s of one.

    Set `or_null` for a schema that says `nullable`, too.
    """
    may_be_null = or_null
    while True:
        if sources.is_plain_reference(place):
            return place
        schema = sources.schema(place)
        if not isinstance(schema, dict):
            return None
        if sources.is_nullable(place) and not may_be_null:
            return None
        may_be_null = False
        said = restricting(schema)
        if len(said) != 1 or said[0] not in ("allOf", "anyOf", "oneOf"):
            return None
        if len(_list(schema[said[0]])) != 1:
            return None
        place = place.inside(said[0], 0)


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
