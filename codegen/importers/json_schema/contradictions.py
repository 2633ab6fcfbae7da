"""Why no value keeps to a schema: which of its keywords leaves none, and where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from codegen.ir.types import NEVER, NUMBER

from ..losses import IMPOSSIBLE
from ..places import Json, Place
from .conjunction import Circular, Conjunction, Part, gather
from .enumerations import kind_of, listed
from .kinds_of_values import agreed_kinds
from .scalars import lengths, number, number_bounds
from .sources import Sources

_SHOWN: Final = 3
"""So many of the values that are left out are named."""


@dataclass(frozen=True, slots=True)
class Reason:
    """`why` is the begin of a sentence about the key `keyword` of the schema at `place`."""

    place: Place
    keyword: str
    why: str


@dataclass
class Contradictions:
    """Says what the schemas leave no value for; `unmet` are objects that need such a field."""

    sources: Sources
    unmet: dict[Place, Reason] = field(default_factory=dict[Place, Reason])

    def reason(self, places: Sequence[Place]) -> Reason:
        """Why no value keeps to the schemas at all of the places."""
        try:
            found = gather(self.sources, tuple(places))
        except Circular as circular:
            return Reason(circular.place, "", _NOTHING)
        unmet = (self.unmet[p.place] for p in found.parts if p.place in self.unmet)
        return _reason(found) or next(unmet, None) or _other(found, places[0])

    def needs(self, parts: Iterable[Part], name: str, reason: Reason) -> None:
        """Remembers that an object needs a field that there can't be."""
        why = f'{reason.why}, and field "{name}" is required'
        for part in parts:
            self.unmet.setdefault(part.place, Reason(reason.place, reason.keyword, why))

    def say(self, places: Sequence[Place], end: str) -> None:
        """Says what follows from it; not where a schema says `false`, which means this."""
        if any(self.sources.schema(place) is False for place in places):
            return
        reason = self.reason(places)
        message = f"{reason.why}: {end}"
        self.sources.losses.lost(IMPOSSIBLE, reason.place, message, reason.keyword)

    def say_misfits(self, parts: Iterable[Part]) -> None:
        """Says which values of an `enum` are not of the `type` beside it."""
        for part in parts:
            values, kinds = part.schema.get("enum"), agreed_kinds([part], None)
            if kinds is None or not isinstance(values, list):
                continue
            odd = [value for value in values if not _is_one_of(value, kinds)]
            if odd and len(odd) < len(values):
                end = "they are left out" if len(odd) > 1 else "it is left out"
                message = (
                    f"`enum` lists {_listed(odd)}, not of type {_or(kinds)}: {end}"
                )
                self.sources.losses.lost(IMPOSSIBLE, part.place, message, "enum")


_MEASURES: Final = {"string": "Length", "array": "Items", "object": "Properties"}
_NOTHING: Final = "no value keeps to this"


def _reason(found: Conjunction) -> Reason | None:
    """The keyword that leaves nothing, as far as it is one of the parts'."""
    kinds: list[str] | None = None
    for end, part in enumerate(found.parts, 1):
        before, kinds = kinds, agreed_kinds(found.parts[:end], None)
        if kinds == [] and before:
            own = agreed_kinds([part], None) or []
            why = f"no value is both {_or(before)} and {_or(own)}"
            return Reason(part.place, "type", why)
    enumeration = listed(found.parts)
    if enumeration is not None:
        return _of_values(found.parts, kinds, *enumeration)
    for kind, what in _MEASURES.items():
        is_meant = kinds is None or kind in kinds
        if is_meant and lengths(found.parts, what) is None:
            why = f"`min{what}` is more than `max{what}`"
            return _first(found.parts, (f"min{what}",), why)
    is_whole = kinds == ["integer"]
    if number_bounds(found.parts).applied(NUMBER, is_whole) == NEVER:
        words = ("minimum", "exclusiveMinimum")
        return _first(found.parts, words, "no number is within these bounds")
    return None


def _of_values(
    parts: list[Part],
    kinds: list[str] | None,
    values: list[Json],
    place: Place,
    keyword: str,
) -> Reason:
    if not values:
        return Reason(place, keyword, f"`{keyword}` leaves no value")
    if kinds is not None and not any(_is_one_of(value, kinds) for value in values):
        why = f"`{keyword}` has no value of type {_or(kinds)}"
        return Reason(place, keyword, why)
    why = f"what stands beside `{keyword}` leaves none of its values"
    return Reason(place, keyword, why)


def _first(parts: list[Part], keywords: Iterable[str], why: str) -> Reason | None:
    found = (
        Reason(part.place, keyword, why)
        for keyword in keywords
        for part in parts
        if number(part, keyword) is not None
    )
    return next(found, None)


def _other(found: Conjunction, place: Place) -> Reason:
    if found.choices and not found.is_never:
        choice = found.choices[0]
        why = f"no arm of `{choice.keyword}` fits what holds around it"
        return Reason(choice.place, choice.keyword, why)
    return Reason(place, "", _NOTHING)


def _is_one_of(value: Json, kinds: list[str]) -> bool:
    kind = kind_of(value)
    return kind in kinds or (kind == "integer" and "number" in kinds)


def _or(kinds: list[str]) -> str:
    return " or ".join(kinds)


def _listed(values: list[Json]) -> str:
    shown = [json.dumps(value, ensure_ascii=False)[:40] for value in values[:_SHOWN]]
    more = f" and {len(values) - _SHOWN:,} more" if len(values) > _SHOWN else ""
    return f"{', '.join(shown)}{more}"
