"""The type of no value: what an empty union of a schema stands for."""

from __future__ import annotations

from typing import Annotated, Never, TypeAlias

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class _NoValue:
    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(_refuse)


def _refuse(value: object) -> Never:
    raise ValueError("no value is allowed here")


Nothing: TypeAlias = Annotated[Never, _NoValue()]
"""A field of this type can only be left out, and only if it is optional."""
