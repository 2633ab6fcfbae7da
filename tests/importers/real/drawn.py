"""Documents drawn from a JSON Schema: most of them are valid, and all of them are near it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, TypeAlias

from .texts import texts

Schemas: TypeAlias = list[dict[str, Any]]
"""Schemas that one value has to satisfy together."""

_KINDS: Final = ("object", "array", "string", "number", "integer", "boolean", "null")
_WORDS: Final = (
    "",
    "a",
    "bc",
    "abc-1",
    "x y",
    "2024-02-29",
    "a@b.example",
    "ü",
    "B" * 9,
)
_MOST_OPTIONAL: Final = 6
_SIMPLE: Final = 6
_DEEPEST: Final = 20
_BEHIND: Final = {
    "object": ("properties", "required", "additionalProperties", "patternProperties"),
    "array": ("items", "prefixItems", "minItems"),
    "string": ("pattern", "minLength", "maxLength", "format"),
    "number": ("minimum", "maximum", "multipleOf"),
}
"""Keywords that show which type is meant where none is said."""


class NoValue(Exception):
    """Nothing was found that satisfies a schema."""


@dataclass
class Drawer:
    """Draws from schemas of a document; references lead to its definitions."""

    root: Any
    random: Random
    _chosen: Counter[Any] = field(default_factory=Counter)

    def draw(self, schema: Any, depth: int = 0) -> Any:
        """A value for the schema. Raises NoValue."""
        if depth > _DEEPEST:
            raise NoValue
        for _ in range(4):
            together: Schemas = []
            self._gather(schema, together, depth)
            try:
                return self._value(together, depth)
            except NoValue:
                continue
        raise NoValue

    def _gather(self, schema: Any, into: Schemas, depth: int, steps: int = 0) -> None:
        """The schema and all that it applies to the same value; of choices one by chance."""
        if schema is False or steps > 50:
            raise NoValue
        if schema is True:
            return
        into.append(schema)
        inner = list(schema.get("allOf", ()))
        if "$ref" in schema:
            inner.append(self._referred(schema["$ref"]))
        for choice in ("anyOf", "oneOf"):
            if arms := schema.get(choice):
                inner.append(self._arm(arms, depth))
        if "if" in schema:
            if self.random.random() < 0.5:
                inner += [schema["if"], schema.get("then", True)]
            else:
                inner.append(schema.get("else", True))
        for one in inner:
            self._gather(one, into, depth, steps + 1)

    def _arm(self, arms: Sequence[Any], depth: int) -> Any:
        if depth > _SIMPLE:
            plain = [a for a in arms if isinstance(a, dict) and not {"$ref"} & a.keys()]
            arms = plain or arms
        return self._rarest(arms, 1)[0]

    def _rarest(self, of: Sequence[Any], count: int) -> list[Any]:
        """Those that were chosen least often so far, in an order by chance."""
        keys = {i: one if isinstance(one, str) else id(one) for i, one in enumerate(of)}
        order = self.random.sample(range(len(of)), len(of))
        order.sort(key=lambda i: self._chosen[keys[i]])
        for i in order[:count]:
            self._chosen[keys[i]] += 1
        return [of[i] for i in order[:count]]

    def _referred(self, reference: str) -> Any:
        return self.root["definitions"][reference.removeprefix("#/definitions/")]

    def _value(self, schemas: Schemas, depth: int) -> Any:
        for schema in schemas:
            if "const" in schema:
                return schema["const"]
        enums = [schema["enum"] for schema in schemas if "enum" in schema]
        if enums:
            both = [one for one in enums[0] if all(one in other for other in enums)]
            if not both:
                raise NoValue
            return self.random.choice(both)
        match self._kind(schemas):
            case "object":
                return self._object(schemas, depth)
            case "array":
                return self._array(schemas, depth)
            case "string":
                return self._text(schemas)
            case "number":
                return self._number(schemas, whole=False)
            case "integer":
                return self._number(schemas, whole=True)
            case "boolean":
                return self.random.random() < 0.5
            case _:
                return None

    def _kind(self, schemas: Schemas) -> str:
        kinds = list(_KINDS)
        for schema in schemas:
            said = schema.get("type")
            if said is not None:
                said = [said] if isinstance(said, str) else said
                wide = {*said, "integer"} if "number" in said else {*said}
                kinds = [kind for kind in kinds if kind in wide]
        if not kinds:
            raise NoValue
        if len(kinds) == len(_KINDS):
            meant = [
                kind
                for kind, words in _BEHIND.items()
                if any(word in schema for schema in schemas for word in words)
            ]
            kinds = meant or kinds[2:]
        return self.random.choice(kinds)

    def _object(self, schemas: Schemas, depth: int) -> dict[str, Any]:
        known = list(dict.fromkeys(n for s in schemas for n in s.get("properties", ())))
        needed = list(dict.fromkeys(n for s in schemas for n in _names(s)))
        optional = [name for name in known if name not in needed]
        most = 0 if depth > _SIMPLE else min(len(optional), _MOST_OPTIONAL)
        chosen = self._rarest(optional, self.random.randint(0, most))
        value: dict[str, Any] = {}
        for name in self.random.sample(needed, len(needed)):
            value[name] = self._member(name, schemas, depth)
        for name in [*chosen, *self._further(schemas, depth)]:
            try:
                value.setdefault(name, self._member(name, schemas, depth))
            except NoValue:
                continue
        return value

    def _further(self, schemas: Schemas, depth: int) -> list[str]:
        """Keys that no schema names, but some expect."""
        least = max((schema.get("minProperties", 0) for schema in schemas), default=0)
        keys: list[str] = []
        for schema in schemas:
            names = schema.get("propertyNames")
            patterns = [*schema.get("patternProperties", ())]
            if isinstance(names, dict) and "pattern" in names:
                patterns.append(names["pattern"])
            for pattern in patterns:
                keys += self._some(texts(pattern), depth)
            rest = schema.get("additionalProperties")
            if not patterns and (isinstance(rest, dict) or least):
                keys += self._some(("a", "bc", "key_3", "d e"), depth)
        return keys

    def _some(self, of: Sequence[str], depth: int) -> list[str]:
        most = min(len(of), 1 if depth > _SIMPLE else 2)
        return self.random.sample(of, self.random.randint(0, most))

    def _member(self, name: str, schemas: Schemas, depth: int) -> Any:
        apply = [
            s["properties"][name] for s in schemas if name in s.get("properties", ())
        ]
        if not apply:
            apply = [s.get("additionalProperties", True) for s in schemas]
            for schema in schemas:
                apply += list(schema.get("patternProperties", {}).values())[:1]
            apply = [one for one in apply if one is not False]
        return self.draw({"allOf": apply}, depth + 1)

    def _array(self, schemas: Schemas, depth: int) -> list[Any]:
        least = max((schema.get("minItems", 0) for schema in schemas), default=0)
        most = min((schema.get("maxItems", 99) for schema in schemas), default=99)
        wanted = self.random.randint(least, max(least, min(most, least + 2)))
        value: list[Any] = []
        for position in range(least if depth > _SIMPLE else wanted):
            apply = [_item(schema, position) for schema in schemas]
            try:
                item = self.draw({"allOf": apply}, depth + 1)
            except NoValue:
                if position < least:
                    raise
                break
            if item not in value or not any(s.get("uniqueItems") for s in schemas):
                value.append(item)
        return value

    def _text(self, schemas: Schemas) -> str:
        patterns = [schema["pattern"] for schema in schemas if "pattern" in schema]
        of: Sequence[str] = texts(patterns[0]) if patterns else _WORDS
        text = self.random.choice(of) if of else ""
        least = max((schema.get("minLength", 0) for schema in schemas), default=0)
        most = min((schema.get("maxLength", 10**6) for schema in schemas), default=0)
        return text if patterns else text.ljust(least, "z")[:most]

    def _number(self, schemas: Schemas, whole: bool) -> float:
        low = max((_bound(schema, "inimum", 1) for schema in schemas), default=-(10**9))
        high = min((_bound(schema, "aximum", -1) for schema in schemas), default=10**9)
        if low > high:
            low = high = (low + high) / 2
        steps = [schema["multipleOf"] for schema in schemas if "multipleOf" in schema]
        near = (0, 1, 2, 7, -1, low, high, low + 1, high - 1)
        value = min(max(self.random.choice(near), low), high)
        if steps:
            return float(value // steps[0] * steps[0])
        if whole:
            return int(value)
        return value + self.random.choice((0, 0, 0.5)) if value < high else value


def _names(schema: dict[str, Any]) -> list[str]:
    required = schema.get("required", ())
    return list(required) if isinstance(required, list) else []


def _bound(schema: dict[str, Any], end: str, inward: int) -> float:
    """The bound that `minimum` or `maximum` sets, or one that is far away."""
    plain: float = schema.get(f"m{end}", -inward * 10**9)
    strict: float = schema.get(f"exclusiveM{end}", -inward * 10**9)
    if isinstance(strict, bool):
        return plain + inward if strict else plain
    return max(plain, strict + inward) if inward > 0 else min(plain, strict + inward)


def _item(schema: dict[str, Any], position: int) -> Any:
    """The schema of an item of an array."""
    first = schema.get("prefixItems", ())
    items = schema.get("items", True)
    rest = items
    if isinstance(items, list):
        first, rest = items, schema.get("additionalItems", True)
    return first[position] if position < len(first) else rest
