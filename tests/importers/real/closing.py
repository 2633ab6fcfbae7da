"""A schema whose objects take no keys but their own, as the objects of our language do.

`additionalProperties: false` can't be written beside `allOf`, whose parts do not see each
other's properties, and between `anyOf` and `properties` it has to hold for each arm with
them. So what holds of one value is gathered, choices become choices between whole schemas, and
each of these is closed for the names that its parts have.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from .documents import Documents, Place
from .reported import INCLUSIVE, LEFT_OUT

_EACH: Final = ("properties", "patternProperties")
_ONE: Final = ("additionalProperties", "additionalItems", "items")
_SEVERAL: Final = ("items", "prefixItems")
_REFERENCES: Final = ("$ref", "$dynamicRef")
_CHOICES: Final = ("anyOf", "oneOf")
_BESIDE: Final = ("if", "then", "else", "not", "contains", "propertyNames")
_DESCRIBING: Final = {
    *("description", "title", "default", "examples", "example", "deprecated"),
    *("$comment", "readOnly", "writeOnly", "markdownDescription", "$schema", "$id"),
    *("definitions", "$defs", "id", "$anchor"),
}
_NESTING: Final = (
    "properties",
    "patternProperties",
    *_ONE,
    "prefixItems",
    *_CHOICES,
    "allOf",
)
_MOST_STEPS: Final = 400


class Endless(Exception):
    """Schemas that are no longer finite once their references are written out."""


@dataclass
class _Gathered:
    """What holds of one value at once: plain parts, and choices between schemas."""

    parts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    choices: list[tuple[str, list[tuple[str, Any]]]] = field(default_factory=list)
    """`anyOf` or `oneOf`, and the arms with their files."""
    is_never: bool = False


@dataclass
class Closing:
    """Copies schemas of documents; `refs_alone` if keywords beside `$ref` do not count."""

    documents: Documents
    refs_alone: bool
    _made: dict[str, Any] = field(default_factory=dict)
    _names: dict[Place, str] = field(default_factory=dict)
    _open_names: dict[Place, str] = field(default_factory=dict)
    _inline: dict[tuple[str, int], tuple[str, Any]] = field(default_factory=dict)
    """The name of each schema that is no definition; the schema is kept for its identity."""
    _depth: int = 0

    def closed_at(self, place: Place) -> dict[str, Any]:
        """The schema at a place as a document of its own. Raises Unresolved and Endless."""
        return {**self._reference(place), "definitions": self._made}

    def _reference(self, place: Place) -> dict[str, Any]:
        if place not in self._names:
            name = f"s{len(self._names)}"
            self._names[place] = name
            self._made[name] = self._closed(place.file, self.documents.at(place))
        return {"$ref": f"#/definitions/{self._names[place]}"}

    def _open(self, file: str, schema: Any) -> Any:
        """A copy as it is, with its references led to copies as they are."""
        if isinstance(schema, list):
            return [self._open(file, one) for one in schema]
        if not isinstance(schema, dict):
            return schema
        if not isinstance(schema.get("$ref"), str):
            return {key: self._open(file, one) for key, one in schema.items()}
        place = self.documents.followed(file, schema["$ref"])
        if place not in self._open_names:
            name = self._open_names[place] = f"open{len(self._open_names)}"
            self._made[name] = self._open(place.file, self.documents.at(place))
        return {"$ref": f"#/definitions/{self._open_names[place]}"}

    def _closed(self, file: str, schema: Any) -> Any:
        """A closed copy of a schema in a file."""
        if not isinstance(schema, dict):
            return schema if schema is not False else {"not": {}}
        if self._only_refers(schema):
            return self._reference(self.documents.followed(file, schema["$ref"]))
        if schema.keys().isdisjoint(_NESTING):
            return self._all_of([(file, schema)])
        key = (file, id(schema))
        if key not in self._inline:
            name = f"inline{len(self._inline)}"
            self._inline[key] = name, schema
            self._made[name] = self._all_of([(file, schema)])
        return {"$ref": f"#/definitions/{self._inline[key][0]}"}

    def _all_of(self, schemas: list[tuple[str, Any]]) -> Any:
        """A closed copy of schemas that hold together."""
        self._depth += 1
        if self._depth > _MOST_STEPS:
            raise Endless
        gathered = _Gathered()
        for file, schema in schemas:
            self._gather(file, schema, gathered, 0)
        made = self._whole(gathered)
        self._depth -= 1
        return made

    def _only_refers(self, schema: dict[str, Any]) -> bool:
        if not isinstance(schema.get("$ref"), str):
            return False
        return self.refs_alone or schema.keys() - _DESCRIBING == {"$ref"}

    def _gather(self, file: str, schema: Any, into: _Gathered, steps: int) -> None:
        if steps > _MOST_STEPS:
            raise Endless
        if schema is False:
            into.is_never = True
        if not isinstance(schema, dict):
            return
        for word in _REFERENCES:
            if isinstance(schema.get(word), str):
                place = self.documents.followed(file, schema[word])
                self._gather(place.file, self.documents.at(place), into, steps + 1)
                if self.refs_alone:
                    return
        if schema.get("nullable") is True:
            arms = [(file, {**schema, "nullable": False}), (file, {"type": "null"})]
            into.choices.append(("anyOf", arms))
            return
        for one in schema.get("allOf", ()):
            self._gather(file, one, into, steps + 1)
        for word in _CHOICES:
            if word in schema:
                kind = "anyOf" if INCLUSIVE in schema else word
                into.choices.append((kind, [(file, arm) for arm in schema[word]]))
        left_out = (
            *_DESCRIBING,
            *_REFERENCES,
            "allOf",
            "nullable",
            INCLUSIVE,
            *_CHOICES,
        )
        part = {key: value for key, value in schema.items() if key not in left_out}
        if part:
            into.parts.append((file, part))

    def _part(self, file: str, part: dict[str, Any]) -> dict[str, Any]:
        """A copy with closed schemas inside, which is open itself."""
        part = {**part}
        if _is_anything(part.get("additionalProperties")) and "properties" in part:
            del part["additionalProperties"]
        for word in _EACH:
            if isinstance(part.get(word), dict):
                inner = part[word].items()
                part[word] = {key: self._closed(file, one) for key, one in inner}
        for word in _ONE:
            if isinstance(part.get(word), dict):
                part[word] = self._closed(file, part[word])
        for word in _SEVERAL:
            if isinstance(part.get(word), list):
                part[word] = [self._closed(file, one) for one in part[word]]
        for word in _BESIDE:
            if word in part:
                part[word] = self._open(file, part[word])
        if part.get("unevaluatedProperties") is False:
            del part["unevaluatedProperties"]  # the whole is closed
        return part

    def _whole(self, gathered: _Gathered) -> Any:
        """The schema of all that was gathered, closed in each of its choices."""
        if gathered.is_never:
            return {"not": {}}
        if not gathered.choices:
            return self._together(gathered.parts)
        (word, arms), *choices = gathered.choices
        made: list[Any] = []
        for file, arm in arms:
            if not gathered.parts and not choices:
                made.append(self._closed(file, arm))
                continue
            with_arm = _Gathered([*gathered.parts], [*choices])
            self._gather(file, arm, with_arm, 0)
            made.append(self._whole(with_arm))
        return {word: made}

    def _together(self, parts: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
        """One closed schema of parts that hold together."""
        parts = _without_left_out(parts)
        inside = self._inside(parts)
        copies = [self._part(*part) for part in self._without(parts, inside)]
        if any("properties" in part or "required" in part for _, part in parts):
            inside = _closing(parts, inside)
        whole = [one for one in (*copies, inside) if one]
        return {"allOf": whole} if len(whole) > 1 else next(iter(whole), {})

    def _inside(self, parts: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
        """What several parts say of the same field, or of items, closed as a whole."""
        fields: dict[str, list[tuple[str, Any]]] = {}
        items: list[tuple[str, Any]] = []
        for file, part in parts:
            for name, schema in part.get("properties", {}).items():
                fields.setdefault(name, []).append((file, schema))
            if isinstance(part.get("items"), dict):
                items.append((file, part["items"]))
        made: dict[str, Any] = {}
        for name, several in fields.items():
            if len(several) > 1:
                made.setdefault("properties", {})[name] = self._all_of(several)
        return {**made, "items": self._all_of(items)} if len(items) > 1 else made

    def _without(
        self, parts: list[tuple[str, dict[str, Any]]], inside: dict[str, Any]
    ) -> list[tuple[str, dict[str, Any]]]:
        """The parts without what is said of them as a whole."""
        left: list[tuple[str, dict[str, Any]]] = []
        for file, part in parts:
            copy = {**part}
            if "properties" in copy and "properties" in inside:
                copy["properties"] = {
                    name: {} if name in inside["properties"] else schema
                    for name, schema in copy["properties"].items()
                }
            if "items" in inside and isinstance(copy.get("items"), dict):
                del copy["items"]
            left.append((file, copy))
        return left


def _closing(
    parts: list[tuple[str, dict[str, Any]]], inside: dict[str, Any]
) -> dict[str, Any]:
    """What keeps an object to the names and patterns that its parts have."""
    said = [part for _, part in parts]
    others = [one.get("additionalProperties") for one in said]
    if any(isinstance(one, dict) and not _is_anything(one) for one in others):
        return inside  # they have a type
    names: dict[str, Any] = {
        n: {} for one in said for n in (*one.get("properties", ()), *_required(one))
    }
    patterns: dict[str, Any] = {
        p: {} for one in said for p in one.get("patternProperties", ())
    }
    closed = {**inside, "properties": {**names, **inside.get("properties", {})}}
    if patterns:
        closed["patternProperties"] = patterns
    return {**closed, "additionalProperties": False}


def _required(part: dict[str, Any]) -> list[str]:
    names = part.get("required")
    return names if isinstance(names, list) else []


def _without_left_out(
    parts: list[tuple[str, dict[str, Any]]],
) -> list[tuple[str, dict[str, Any]]]:
    """The parts without the fields that one of them leaves out."""
    gone = {
        name
        for _, part in parts
        for name, schema in part.get("properties", {}).items()
        if schema == LEFT_OUT
    }
    if not gone:
        return parts
    return [
        (
            (file, {**part, "properties": _others(part["properties"], gone)})
            if "properties" in part
            else (file, part)
        )
        for file, part in parts
    ]


def _others(properties: dict[str, Any], gone: set[str]) -> dict[str, Any]:
    return {name: one for name, one in properties.items() if name not in gone}


def _is_anything(schema: Any) -> bool:
    if isinstance(schema, dict):
        return not schema.keys() - _DESCRIBING - {"nullable", "format"}
    return schema is True
