"""The types of the IR: Convex's validators, plus shared names and constraints.

Scalar kinds carry the names of Convex's validator JSON (`number`, `bigint`, …), so that the
whole program has one vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

JsonValue: TypeAlias = (
    "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A type without parts: string, number, boolean, null, bytes, bigint, any, commitTs."""

    kind: str


STRING: Final = Scalar("string")
NUMBER: Final = Scalar("number")
BOOLEAN: Final = Scalar("boolean")
NULL: Final = Scalar("null")
BYTES: Final = Scalar("bytes")
BIGINT: Final = Scalar("bigint")
ANY: Final = Scalar("any")
COMMIT_TS: Final = Scalar("commitTs")

SCALARS: Final = {
    scalar.kind: scalar
    for scalar in (STRING, NUMBER, BOOLEAN, NULL, BYTES, BIGINT, ANY, COMMIT_TS)
}


@dataclass(frozen=True, slots=True)
class Literal:
    """One exact value. `kind` tells 1 (bigint), 1.0 (number) and True (boolean) apart."""

    kind: str
    value: str | int | float | bool

    @classmethod
    def of(cls, value: str | int | float | bool) -> Literal:
        if isinstance(value, str):
            return cls("string", value)
        if isinstance(value, bool):
            return cls("boolean", value)
        return cls("bigint" if isinstance(value, int) else "number", value)


@dataclass(frozen=True, slots=True)
class Id:
    """The id of a document of `table`."""

    table: str


@dataclass(frozen=True, slots=True)
class Doc:
    """A whole document of `table`, with its `_id` and `_creationTime`; in functions only."""

    table: str


@dataclass(frozen=True, slots=True)
class Array:
    element: Type


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping from string-like keys (strings or ids) to values."""

    key: Type
    value: Type


@dataclass(frozen=True, slots=True)
class Union:
    """One of several types, in declared order; without arms it is the type of no value."""

    arms: tuple[Type, ...]


NEVER: Final = Union(())


@dataclass(frozen=True, slots=True)
class Named:
    """A reference to one of the schema's named types."""

    name: str


@dataclass(frozen=True, slots=True)
class Constraint:
    """A restriction that Python enforces and Convex does not know.

    `kind` is one of ge, gt, le, lt (a number), minLength, maxLength (a count of characters,
    bytes or items) and pattern (a regular expression, searched).
    """

    kind: str
    value: int | float | str


@dataclass(frozen=True, slots=True)
class Constrained:
    inner: Type
    constraints: tuple[Constraint, ...]


@dataclass(frozen=True, slots=True)
class Default:
    """A default value in Convex's encoded JSON form."""

    value: JsonValue


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object; an optional one may be absent, which is not the same as null."""

    name: str
    type: Type
    optional: bool = False
    default: Default | None = None
    description: str = ""
    renamed_from: str | None = None


@dataclass(frozen=True, slots=True)
class Object:
    """Fields in declared order; `name` is a class name that the schema's author chose."""

    fields: tuple[Field, ...]
    name: str | None = None


Type: TypeAlias = (
    Scalar | Literal | Id | Doc | Array | Record | Union | Named | Constrained | Object
)
