"""Objects: fields, dicts, and what their keywords say that has no words here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from codegen.ir.checks.identifiers import is_identifier, shown, why_not
from codegen.ir.types import (
    ANY,
    NEVER,
    STRING,
    Constrained,
    Constraint,
    Field,
    Object,
    Record,
    Type,
)

from ..losses import ASSUMED, KEYS, KEYWORD, NAME, OPEN, PATTERN, READING
from ..places import Json, Place
from .closing import allows, has_patterns, is_closed
from .conjunction import Circular, Conjunction, Part, gather
from .contradictions import Contradictions, Reason
from .enumerations import listed
from .keywords import OF_KIND, is_anything, restricting, texts
from .patterns import python_pattern
from .scalars import constrained, lengths, number, text_type
from .sources import Sources
from .type_names import described

_NOT_NARROWING = {"type", "$ref", "if", "then", "else", "not"}
"""What a schema may say besides an arm of a choice, for the arm to stay what it is."""


@dataclass(frozen=True, slots=True)
class Declared:
    """The default that a field is declared with, and the schemas that describe the field."""

    value: Json
    place: Place


@dataclass
class ObjectShapes:
    """`type_of` gives the type of schemas that hold together."""

    sources: Sources
    type_of_places: Callable[[tuple[Place, ...]], Type]
    contradictions: Contradictions
    places: dict[int, Place] = field(default_factory=dict[int, Place])
    """The place of each field, by the identity of the `Field`, which is kept in `fields`."""
    defaults: dict[int, Declared] = field(default_factory=dict[int, Declared])
    fields: list[Field] = field(default_factory=list[Field])
    origin: dict[int, int] = field(default_factory=dict[int, int])
    """The identity of the field that another one was made from."""

    def __post_init__(self) -> None:
        self.losses = self.sources.losses

    def narrows(self, part: Part) -> bool:
        """Whether a schema says more than which JSON types there may be, and what is lost."""
        said = restricting(part.schema)
        return any(keyword not in _NOT_NARROWING for keyword in said)

    def report(
        self,
        part: Part,
        keywords: Iterable[str],
        matters: Callable[[Json], bool] = lambda value: True,
    ) -> None:
        """Says of each of the keywords that it counts for nothing here."""
        for keyword in keywords:
            if keyword in part.schema and matters(part.schema[keyword]):
                message = f"`{keyword}` is not checked"
                self.losses.lost(KEYWORD, part.place, message, keyword)

    def report_conditions(self, parts: Iterable[Part]) -> None:
        """What makes one part of a value depend on another, or says what it is not."""
        for part in parts:
            schema = part.schema
            if "if" in schema and ("then" in schema or "else" in schema):
                self.report(part, ("if",))
            self.report(part, ("not",))
            if len(self.sources.documents) > 1:
                # Of one document alone, it leads where a `$ref` would.
                self.report(part, ("$dynamicRef", "$recursiveRef"))

    def assumed_kinds(self, parts: Iterable[Part]) -> list[str] | None:
        """The types that schemas without `type` are about; None if about none."""
        kinds: list[str] = []
        for part in parts:
            for kind, keywords in OF_KIND.items():
                if kind not in kinds and not keywords.isdisjoint(part.schema):
                    kinds.append(kind)
                    keyword = next(k for k in part.schema if k in keywords)
                    message = (
                        f"`{keyword}` without `type` says nothing of other values than "
                        f"{_PLURAL[kind]}; here only {_PLURAL[kind]} are taken"
                    )
                    self.losses.lost(ASSUMED, part.place, message, keyword)
        return kinds or None

    def takes_others(self, place: Place) -> bool:
        """Whether a schema alone takes other fields than it names."""
        try:
            parts = gather(self.sources, (place,)).parts
        except Circular:
            return False
        return not any(is_closed(part, parts) for part in parts)

    def type_of(self, parts: list[Part]) -> Type:
        """The object, or the dict, that all parts allow."""
        named: dict[str, list[Place]] = {}
        for part in parts:
            properties = part.schema.get("properties")
            for name in properties if isinstance(properties, dict) else ():
                named.setdefault(name, []).append(part.place.inside("properties", name))
        required = self._required(parts)
        for part in parts:
            self.report(
                part, ("dependentRequired", "dependentSchemas", "dependencies"), bool
            )
        closed = [part for part in parts if is_closed(part, parts)]
        if not named and not (closed and not any(map(has_patterns, closed))):
            return self._dict(parts, required)
        return self._object(parts, named, required, closed)

    def _object(
        self,
        parts: list[Part],
        named: dict[str, list[Place]],
        required: dict[str, Place],
        closed: list[Part],
    ) -> Type:
        fields: list[Field] = []
        left_out: set[str] = set()
        for name, places in named.items():
            if any(not allows(part, name, parts) for part in closed):
                left_out.add(name)
                continue
            places = self._with_rest(parts, name, places)
            node = self.type_of_places(tuple(dict.fromkeys(places)))
            if node == NEVER:
                left_out.add(name)
                if name in required:
                    reason = self.contradictions.reason(places)
                    self.contradictions.needs(parts, name, reason)
                    return NEVER
                end = f"field {shown(name)} can only be absent"
                self.contradictions.say(places, end)
            else:
                fields.append(self._field(name, node, places, name not in required))
        for name, place in required.items():
            if name in named and name not in left_out:
                continue
            if name in left_out or any(
                not allows(part, name, parts) for part in closed
            ):
                around = Place(place.document, place.steps[:-1])
                why = "no field of this name is allowed"
                self.contradictions.needs(parts, name, Reason(around, "required", why))
                return NEVER
            rest = self._with_rest(parts, name, [])
            node = self.type_of_places(tuple(rest)) if rest else ANY
            fields.append(self._field(name, node, [place], False))
        self._report_others(parts, fields, closed)
        return self._with_good_names(Object(tuple(fields)), required)

    def _with_rest(
        self, parts: list[Part], name: str, places: list[Place]
    ) -> list[Place]:
        """The schemas of a field with those that patterns and the rest give it."""
        found = [*places]
        for part in parts:
            properties = part.schema.get("properties")
            own = isinstance(properties, dict) and name in properties
            matched = False
            patterns = part.schema.get("patternProperties")
            for pattern in patterns if isinstance(patterns, dict) else ():
                made = python_pattern(pattern)
                if not isinstance(made, str) and made.matches(name):
                    matched = True
                    found.append(part.place.inside("patternProperties", pattern))
            rest = part.schema.get("additionalProperties")
            if (
                not own
                and not matched
                and isinstance(rest, dict)
                and not is_anything(rest)
            ):
                found.append(part.place.inside("additionalProperties"))
        return found

    def _field(
        self, name: str, node: Type, places: list[Place], optional: bool
    ) -> Field:
        text = ""
        declared: Declared | None = None
        for place in places:
            schema = self.sources.schema(place)
            text = text or described(schema)
            if declared is None and isinstance(schema, dict) and "default" in schema:
                declared = Declared(schema["default"], place)
        made = Field(name, node, optional, description=text)
        self.fields.append(made)
        self.places[id(made)] = places[0]
        if declared is not None:
            self.defaults[id(made)] = declared
        return made

    def _with_good_names(self, node: Object, required: dict[str, Place]) -> Type:
        """The object without the fields that have no name here; a dict if it needs one."""
        bad = [f for f in node.fields if not is_identifier(f.name)]
        needed = [f for f in bad if not f.optional]
        for one in needed[:1]:
            message = (
                f"field {shown(one.name)} {why_not(one.name)}; "
                "the object that needs it is a dict of any values"
            )
            self.say_of_name(one, message)
            return Record(STRING, ANY)
        for one in bad:
            message = f"field {shown(one.name)} {why_not(one.name)}; it is left out"
            self.say_of_name(one, message)
        return replace(node, fields=tuple(f for f in node.fields if f not in bad))

    def say_of_name(self, field: Field, message: str) -> None:
        """Says something of a field at its key."""
        *way, last = (place := self.places[id(field)]).steps
        around = Place(place.document, tuple(way))
        self.losses.lost(NAME, around, message, str(last))

    def _report_others(
        self, parts: list[Part], fields: list[Field], closed: list[Part]
    ) -> None:
        """What is said of other fields than the named ones, and of how many there are."""
        always = sum(not f.optional for f in fields)
        for part in parts:
            least, most = number(part, "minProperties"), number(part, "maxProperties")
            if least is not None and least > always:
                self.report(part, ("minProperties",))
            if most is not None and most < len(fields):
                self.report(part, ("maxProperties",))
            self.report(part, ("propertyNames",), lambda value: not is_anything(value))
        strict = [p for p in closed if p.schema.get("additionalProperties") is False]
        if strict:
            if all(map(has_patterns, strict)):
                self._report_patterns(strict)
            return
        for part in parts:
            self._report_patterns([part])
            for keyword in ("additionalProperties", "unevaluatedProperties"):
                if isinstance(part.schema.get(keyword), dict) and not is_anything(
                    part.schema[keyword]
                ):
                    message = (
                        f"`{keyword}` beside `properties`: other fields are refused"
                    )
                    self.losses.lost(KEYWORD, part.place, message, keyword)
                    break
            else:
                says = "properties" in part.schema or "required" in part.schema
                if says and not closed:
                    self.losses.count(OPEN, part.place)

    def _report_patterns(self, parts: Iterable[Part]) -> None:
        for part in parts:
            if has_patterns(part):
                message = (
                    "`patternProperties` beside other fields: such fields are refused"
                )
                self.losses.lost(KEYWORD, part.place, message, "patternProperties")

    def _dict(self, parts: list[Part], required: dict[str, Place]) -> Type:
        """An object whose fields have no names: a dict."""
        if required:
            return self._only_required(parts, required)
        key = self._key(parts)
        values: list[Place] = []
        for part in parts:
            patterns = part.schema.get("patternProperties")
            rest = part.schema.get("additionalProperties", True)
            if isinstance(rest, dict):
                values.append(part.place.inside("additionalProperties"))
            if isinstance(patterns, dict) and patterns:
                if len(patterns) == 1 and rest is False:
                    values.append(
                        part.place.inside("patternProperties", next(iter(patterns)))
                    )
                else:
                    self.report(part, ("patternProperties",))
                    values = [v for v in values if v.steps[:-1] != part.place.steps]
        value = self.type_of_places(tuple(values)) if values else ANY
        found = lengths(parts, "Properties")
        if found is None:
            return NEVER
        if value == NEVER:
            self.contradictions.say(values, "there can be no key")
            return NEVER if found and found[0].kind == "minLength" else Object(())
        if not _is_ascii(key):
            self.losses.count(KEYS, parts[0].place)
        return constrained(Record(key, value), found)

    def _only_required(self, parts: list[Part], required: dict[str, Place]) -> Type:
        """An object of which only the names of some fields are known."""
        if all(map(is_identifier, required)):
            return self._object(parts, {}, required, [])
        part = next(p for p in parts if "required" in p.schema)
        self.report(part, ("required",))
        return self._dict(parts, {})

    def _key(self, parts: list[Part]) -> Type:
        """The keys of a dict, as `propertyNames` and a single pattern have them."""
        found: list[Constraint] = []
        for part in parts:
            names = part.schema.get("propertyNames")
            if isinstance(names, dict) and not is_anything(names):
                found += self._names_of_keys(part)
            patterns = part.schema.get("patternProperties")
            if (
                isinstance(patterns, dict)
                and len(patterns) == 1
                and part.schema.get("additionalProperties") is False
            ):
                found += self._key_pattern(part, next(iter(patterns)))
        return constrained(STRING, list(dict.fromkeys(found)))

    def _names_of_keys(self, part: Part) -> list[Constraint]:
        try:
            names = gather(self.sources, (part.place.inside("propertyNames"),))
        except Circular:
            names = Conjunction(is_never=True)
        if names.is_never or names.choices or listed(names.parts):
            self.report(part, ("propertyNames",))
            return []
        self.report_conditions(names.parts)
        node = text_type(names.parts, self.losses)
        return [*node.constraints] if isinstance(node, Constrained) else []

    def _key_pattern(self, part: Part, pattern: str) -> list[Constraint]:
        if pattern in ("", ".*", "^.*$", "^.*", ".*$", "^"):
            return []
        made = python_pattern(pattern)
        if isinstance(made, str):
            message = f"the pattern of the keys is not checked: {made}"
            self.losses.lost(PATTERN, part.place, message, "patternProperties")
            return []
        if made.is_wider:
            self.losses.count(READING, part.place, "patternProperties")
        return [Constraint("pattern", made.text)]

    def _required(self, parts: list[Part]) -> dict[str, Place]:
        found: dict[str, Place] = {}
        for part in parts:
            names = part.schema.get("required")
            for name in texts(names) if isinstance(names, list) else ():
                found.setdefault(name, part.place.inside("required"))
        return found


_ASCII: Final = re.compile(
    r"\^(?:[A-Za-z0-9 _/:-]|\[[A-Za-z0-9 ._/:-]+\]|\\[.d-]|[*+?]|\{[0-9]+(?:,[0-9]*)?\})+\$"
)
"""Patterns that plainly take nothing but printable ASCII without a `$`."""
_PLURAL = {
    "string": "texts",
    "number": "numbers",
    "array": "arrays",
    "object": "objects",
}


def _is_ascii(key: Type) -> bool:
    """Whether the keys of a dict are such as documents can have."""
    return isinstance(key, Constrained) and any(
        one.kind == "pattern" and _ASCII.fullmatch(str(one.value)) is not None
        for one in key.constraints
    )
