"""Fields that may be absent, and the marks for what is not there.

Absent and null are different in Convex. `Opt[T]` is a field that may be absent and may not be
null; in Python its `None` means absent.
"""

from __future__ import annotations

import operator
from enum import Enum
from functools import partial
from typing import Annotated, Any, Final, TypeVar, cast

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import (
    CoreSchema,
    PydanticSerializationUnexpectedValue,
    core_schema,
)

T = TypeVar("T")


class _NeverNull:
    """On the wire, only the type without None: there, an explicit null is refused."""

    __slots__ = ()

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        nullable = cast(core_schema.NullableSchema, handler(source))
        return core_schema.json_or_python_schema(nullable["schema"], nullable)


Opt = Annotated[T | None, _NeverNull(), Field(exclude_if=partial(operator.is_, None))]
"""`Opt[T] = None`: the field may be absent, and `None` says that it is."""


class Absent(Enum):
    """The type of `ABSENT`."""

    ABSENT = "ABSENT"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT
"""In the bounds of an index: the field is not there, which is not the same as null."""


class Keep(Enum):
    """The type of `KEEP`."""

    KEEP = "KEEP"

    def __repr__(self) -> str:
        return "KEEP"


KEEP: Any = Keep.KEEP
"""In a patch: the field keeps its value. The default of every field."""


class Remove(Enum):
    """The type of `REMOVE`."""

    REMOVE = ...  # no value that is ever written, even where it does not belong

    def __repr__(self) -> str:
        return "REMOVE"

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.is_instance_schema(
            cls,
            serialization=core_schema.plain_serializer_function_ser_schema(
                _undefined_form, when_used="json"
            ),
        )


REMOVE: Final = Remove.REMOVE
"""In a patch: the field is removed."""


REMOVE_FORM: Final[dict[str, None]] = {"$undefined": None}
"""What removes a field on the wire."""


def _undefined_form(value: object) -> dict[str, None]:
    if value is not REMOVE:
        raise PydanticSerializationUnexpectedValue("not REMOVE")
    return REMOVE_FORM
