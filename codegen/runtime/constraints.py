"""Restrictions on values that Python enforces and Convex does not know.

They stand in `Annotated`: `Annotated[float, Ge(0), Le(1)]`, `Annotated[str, Pattern("^a")]`.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from .scalars import bigint_schema, integer_form

__all__ = ["Ge", "Gt", "Le", "Lt", "MaxLen", "MinLen", "OneOf", "Pattern"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression in Python's syntax that occurs somewhere in the string."""

    expression: str

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        search = re.compile(self.expression).search

        def check(value: str) -> str:
            if search(value) is None:
                raise PydanticCustomError(
                    "string_pattern_mismatch",
                    "String should match pattern '{pattern}'",
                    {"pattern": self.expression},
                )
            return value

        return core_schema.no_info_after_validator_function(check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), "pattern": self.expression}


class OneOf:
    """Only these numbers: floats bit by bit (-0.0 is not 0.0), or int64s, where True is not 1."""

    __slots__ = ("values",)

    def __init__(self, *values: float) -> None:
        self.values = values

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        integers = all(type(value) is int for value in self.values)
        inner = bigint_schema() if integers else handler(source)
        exact = frozenset(self.values if integers else map(_bits, self.values))
        expected = " or ".join(map(repr, self.values))

        def check(value: float) -> float:
            if (value if integers else _bits(value)) not in exact:
                raise PydanticCustomError(
                    "literal_error",
                    "Input should be {expected}",
                    {"expected": expected},
                )
            return value

        return core_schema.no_info_after_validator_function(check, inner)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        if all(type(value) is int for value in self.values):
            return {"enum": [integer_form(int(value)) for value in self.values]}
        return {**handler(schema), "enum": list(self.values)}


def _bits(value: float) -> bytes:
    return struct.pack("<d", value)
