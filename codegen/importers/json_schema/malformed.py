"""Keywords that are not written as JSON Schema has them: each is said at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, TypeAlias

from ..losses import MALFORMED
from ..places import Json, Place
from .keywords import DESCRIBING, LISTS, MAPS, RESTRICTING, SCHEMAS
from .sources import OPENAPI_30, Sources

_ALIKE: Final = 0.83
"""So much alike, from 0 to 1, are `propertys` and `properties`; more than `when` and `then`."""
_Check: TypeAlias = tuple[Callable[[Json], bool], str]
"""Whether a value is as it should be, and what that is."""


@dataclass
class Malformed:
    """Looks at each schema once, where an import comes to it."""

    sources: Sources
    _checked: set[Place] = field(default_factory=set[Place])

    def check(self, place: Place) -> None:
        """Says what is malformed in the schema at a place, without the schemas inside of it."""
        if place in self._checked:
            return
        self._checked.add(place)
        schema = self.sources.schema(place)
        if not isinstance(schema, dict):
            return
        for keyword, value in schema.items():
            if keyword == "nullable" and value is True:
                self._check_nullable(place, schema)
            elif keyword in _CHECKS:
                is_good, what = _CHECKS[keyword]
                if not is_good(value):
                    message = f"`{keyword}` must be {what}: it is left out"
                    self._say(place, keyword, message, _hint(keyword, value))
            elif keyword not in _KNOWN:
                self._check_name(place, keyword)
            self._check_inside(place, keyword, value)

    def check_named(self, place: Place) -> None:
        """Says it of the schema at a place, which has a name, if it is none."""
        if not _is_schema(self.sources.schema(place)):
            self._say_no_schema(place)

    def _check_inside(self, place: Place, keyword: str, value: Json) -> None:
        for steps, one in _inside(keyword, value):
            if not _is_schema(one):
                self._say_no_schema(place.inside(keyword, *steps))

    def _check_nullable(self, place: Place, schema: dict[str, Json]) -> None:
        said = schema.get("type")
        if self.sources.draft_of(place) == OPENAPI_30 or (
            isinstance(said, list) and "null" in said
        ):
            return
        message = "`nullable` is of OpenAPI 3.0, and means nothing here"
        hint = '`null` among the types lets null in: "type": ["string", "null"]'
        self._say(place, "nullable", message, hint)

    def _check_name(self, place: Place, keyword: str) -> None:
        near = get_close_matches(keyword.lower(), _NEAR, n=1, cutoff=_ALIKE)
        if near and not keyword.startswith("x-"):
            message = f"`{keyword}` is no keyword of JSON Schema: it is left out"
            hint = f"did you mean `{_NEAR[near[0]]}`?"
            self._say(place, keyword, message, hint)

    def _say_no_schema(self, place: Place) -> None:
        around = Place(place.document, place.steps[:-1])
        last = place.steps[-1]
        message = "a schema is an object: this is none, and any value is taken"
        if isinstance(last, int):
            self.sources.losses.lost(MALFORMED, place, message)
        else:
            self._say(around, last, message)

    def _say(self, place: Place, keyword: str, message: str, hint: str = "") -> None:
        self.sources.losses.lost(MALFORMED, place, message, keyword, hint)


def is_number(value: Json) -> bool:
    """Whether a value of JSON is a number; `true` is none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _inside(keyword: str, value: Json) -> Iterator[tuple[tuple[str | int, ...], Json]]:
    """What has to be a schema in the value of a keyword, by the steps to it."""
    if keyword in MAPS and isinstance(value, dict):
        for name, one in value.items():
            if not (keyword == "dependencies" and isinstance(one, list)):
                yield (name,), one
    elif keyword in LISTS and isinstance(value, list):
        for i, one in enumerate(value):
            yield (i,), one


def _is_schema(value: Json) -> bool:
    return isinstance(value, (dict, bool))


def _is_count(value: Json) -> bool:
    if isinstance(value, float):
        return value >= 0 and value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_bound(value: Json) -> bool:
    """Also the flags of draft 4, which stand beside `minimum` and `maximum`."""
    return isinstance(value, (int, float))


def _is_step(value: Json) -> bool:
    return isinstance(value, (int, float)) and is_number(value) and value > 0


def _are_texts(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_type(value: Json) -> bool:
    """What is no text and no list is told with the types that there are not."""
    return not isinstance(value, list) or not value or _are_texts(value)


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _is_flag(value: Json) -> bool:
    return isinstance(value, bool)


def _is_list(value: Json) -> bool:
    return isinstance(value, list)


def _is_filled(value: Json) -> bool:
    return isinstance(value, list) and bool(value)


def _is_map(value: Json) -> bool:
    return isinstance(value, dict)


def _are_items(value: Json) -> bool:
    return isinstance(value, list) or _is_schema(value)


def _hint(keyword: str, value: Json) -> str:
    if keyword == "required" and isinstance(value, bool):
        return "the object around it lists the names of the fields that it needs"
    return ""


_COUNTS: Final = (
    *("minLength", "maxLength", "minItems", "maxItems", "minProperties"),
    *("maxProperties", "minContains", "maxContains"),
)
_CHECKS: Final[dict[str, _Check]] = {
    **dict.fromkeys(_COUNTS, (_is_count, "a whole number from 0 on")),
    **dict.fromkeys(("minimum", "maximum"), (is_number, "a number")),
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), (_is_bound, "a number")),
    "multipleOf": (_is_step, "a number above 0"),
    "pattern": (_is_text, "a text"),
    **dict.fromkeys(("uniqueItems", "nullable"), (_is_flag, "true or false")),
    "required": (_are_texts, "a list of names"),
    "type": (_is_type, "the name of a type, or a list of such names"),
    "enum": (_is_list, "a list of values"),
    **dict.fromkeys(
        ("allOf", "anyOf", "oneOf", "prefixItems"),
        (_is_filled, "a list of schemas, and not empty"),
    ),
    **dict.fromkeys(SCHEMAS - {"items"}, (_is_schema, "a schema")),
    "items": (_are_items, "a schema"),
    **dict.fromkeys((*MAPS, "dependentRequired"), (_is_map, "an object")),
}
_KNOWN: Final = DESCRIBING | RESTRICTING
_NEAR: Final = {
    keyword.lower(): keyword
    for keyword in sorted(RESTRICTING | {"nullable"})
    if len(keyword) > 3
}
"""Where a name is near to one of these, it is a slip; others are words of the source's own."""
