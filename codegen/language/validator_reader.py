"""From the values of a JSON text to types of the IR, with a note of all that does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar, cast

from codegen.diagnostics import Diagnostic, Note, Span
from codegen.ir.types import (
    ANY,
    SCALARS,
    Array,
    Field,
    Id,
    Literal,
    Object,
    Record,
    Scalar,
    Type,
    Union,
)
from codegen.ir.values import decode

from .json_positions import JsonPositions

At: TypeAlias = "tuple[At | None, str | int]"
"""A place in the JSON: the place around it (None is the whole), and the step inside."""
Json: TypeAlias = "dict[str, Any]"
T = TypeVar("T")

# "map" and "set" are old names that the server still takes for "any".
_SCALARS: Final[dict[str | None, Scalar]] = dict(
    [*SCALARS.items(), ("map", ANY), ("set", ANY)]
)
_WITH_PARTS: Final = ("id", "literal", "array", "object", "record", "union")
OBJECT: Final = cast("type[Json]", dict)
LIST: Final = cast("type[list[Any]]", list)
_KINDS: Final[dict[type[Any], str]] = {
    str: "a string",
    bool: "true or false",
    int: "a whole number",
    list: "a list",
    dict: "an object",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of the JSON at a place of the JSON."""

    code: str
    at: At | None
    message: str
    hint: str = ""
    first: At | None = None
    """Of something that is defined twice, the first definition."""

    def diagnostic(self, positions: JsonPositions) -> Diagnostic:
        """The problem at its place in the text."""
        notes: tuple[Note, ...] = ()
        if self.first is not None:
            notes = (Note("first defined here", _span(self.first, positions)),)
        span = _span(self.at, positions)
        return Diagnostic(self.code, self.message, span, self.hint, notes)


def _span(at: At | None, positions: JsonPositions) -> Span:
    steps: list[str | int] = []
    while at is not None:
        at, step = at
        steps.append(step)
    return positions.value(reversed(steps))


class ValidatorReader:
    """Reads validators; `problems` gets a line for each thing that has the wrong shape."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def validator(self, data: object, at: At) -> Type:
        """The type that a validator describes; `any` stands in for what is no validator."""
        json_ = self.expect(OBJECT, data, at)
        if json_ is None:
            return ANY
        kind = self.need(json_, "type", str, at)
        scalar = _SCALARS.get(kind)
        if scalar is not None:
            return scalar
        if kind == "object":
            return self._object(json_, at)
        if kind == "literal":
            return self._literal(json_, at)
        if kind == "union":
            arms = self.need(json_, "value", LIST, at) or ()
            place: At = (at, "value")
            return Union(
                tuple([self.validator(arm, (place, i)) for i, arm in enumerate(arms)])
            )
        if kind == "id":
            return Id(self.need(json_, "tableName", str, at) or "")
        if kind == "array":
            return Array(self.validator(json_.get("value"), (at, "value")))
        if kind == "record":
            return self._record(json_, at)
        if kind is not None:
            message = f'there is no validator of type "{kind}"'
            known = ", ".join(sorted([*SCALARS, *_WITH_PARTS]))
            problem = Problem("E404", (at, "type"), message, f"one of: {known}")
            self.problems.append(problem)
        return ANY

    def _object(self, json_: Json, at: At) -> Object:
        place: At = (at, "value")
        parts = self.need(json_, "value", OBJECT, at) or {}
        fields: list[Field] = []
        for name, data in parts.items():
            part = self.expect(OBJECT, data, (place, name))
            if part is None:
                continue
            optional = part.get("optional")
            if not isinstance(optional, bool):
                optional = self.need(part, "optional", bool, (place, name)) or False
            node = self.validator(part.get("fieldType"), ((place, name), "fieldType"))
            fields.append(Field(name, node, optional))
        return Object(tuple(fields))

    def _literal(self, json_: Json, at: At) -> Type:
        if "value" not in json_:
            self.missing("value", at)
            return ANY
        place: At = (at, "value")
        try:
            value = decode(json_["value"])
        except ValueError as error:
            self.problems.append(Problem("E406", place, f"no literal: {error}"))
            return ANY
        if isinstance(value, (str, int, float)):
            return Literal.of(value)
        message = "a literal is a string, a number, a bigint or a boolean"
        self.problems.append(Problem("E406", place, message))
        return ANY

    def _record(self, json_: Json, at: At) -> Record:
        place: At = (at, "values")
        values = self.need(json_, "values", OBJECT, at) or {
            "fieldType": {"type": "any"}
        }
        if values.get("optional"):
            message = "the values of a record can't be optional"
            self.problems.append(Problem("E407", (place, "optional"), message))
        return Record(
            self.validator(json_.get("keys"), (at, "keys")),
            self.validator(values.get("fieldType"), (place, "fieldType")),
        )

    def need(self, json_: Json, key: str, kind: type[T], at: At | None) -> T | None:
        """The value of a key that has to be there."""
        if key not in json_:
            self.missing(key, at)
            return None
        return self.expect(kind, json_[key], (at, key))

    def get(self, json_: Json, key: str, kind: type[T], at: At | None) -> T | None:
        """The value of a key that may be absent or null."""
        value = json_.get(key)
        return None if value is None else self.expect(kind, value, (at, key))

    def expect(self, kind: type[T], value: object, at: At | None) -> T | None:
        # Exact types, for True is no whole number here.
        if type(value) is kind:
            return value
        message = f"expected {_KINDS[kind]}"
        self.problems.append(Problem("E403", at, message))
        return None

    def missing(self, key: str, at: At | None) -> None:
        self.problems.append(Problem("E403", at, f'the key "{key}" is missing'))
