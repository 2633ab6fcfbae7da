"""The base of every generated model: strict, frozen, and exact on the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, JsonValue
from pydantic_core import CoreSchema

from .given import (
    dump_set_fields_only,
    dumps_set_fields_only,
    may_have_defaults,
    set_defaults,
)
from .names import wire_name
from .tighten import tightened
from .wire import encoded, writable

Extra: TypeAlias = Literal["forbid", "ignore"]
"""What to do with fields that the schema does not have."""


def _named(wire: Mapping[str, str], derive: Any, attribute: str) -> str:
    name = wire.get(attribute)
    return derive(attribute) if name is None else name


class Model(BaseModel):
    """Fields by snake_case attribute in Python and by their own names on the wire.

    `model_validate` and `model_dump` speak Python values. `from_wire` and `to_wire` speak
    Convex's encoded JSON form, where null, absent and every number stay what they are.

    A subclass gives as `wire` the names that can't be derived from their attributes.
    """

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        defer_build=True,
        validate_by_name=True,
        validate_by_alias=False,
        alias_generator=wire_name,
        ser_json_inf_nan="constants",
        protected_namespaces=(),
    )

    __set_fields_only__: ClassVar[bool] = False

    if TYPE_CHECKING:

        def __init_subclass__(
            cls, *, wire: Mapping[str, str] | None = None, **kwargs: Any
        ) -> None: ...

    else:

        def __init_subclass__(cls, *, wire=None, **kwargs):
            super().__init_subclass__(**kwargs)
            if wire:
                derive = cls.model_config["alias_generator"]
                cls.model_config["alias_generator"] = partial(_named, wire, derive)
            if may_have_defaults(cls):
                cls.model_post_init = set_defaults

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__()
        cls.__set_fields_only__ = dumps_set_fields_only(cls)
        if cls.__set_fields_only__:
            dump_set_fields_only(cls)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler, /
    ) -> CoreSchema:
        return tightened(handler(source))

    @classmethod
    def from_wire(cls, value: object, *, extra: Extra | None = None) -> Self:
        """The model of Python's JSON values in the encoded form.

        `extra="ignore"` drops fields that the schema does not have. Raises a
        `pydantic.ValidationError` when the value does not fit.
        """
        return cls.from_wire_json(writable(value), extra=extra)

    @classmethod
    def from_wire_json(cls, data: bytes | str, *, extra: Extra | None = None) -> Self:
        """The model of JSON text in the encoded form; see `from_wire`."""
        # The validator and the serializer are documented attributes; the methods around them
        # cost a third of their work again.
        model: Self = cls.__pydantic_validator__.validate_json(
            data, extra=extra, by_alias=True, by_name=False
        )
        return model

    def to_wire(self) -> dict[str, JsonValue]:
        """The encoded form, as Python's JSON values."""
        return cast(dict[str, JsonValue], json.loads(self.to_wire_json()))

    def to_wire_json(self) -> bytes:
        """The encoded form, as JSON text."""
        text = self.__pydantic_serializer__.to_json(
            self, by_alias=True, exclude_unset=self.__set_fields_only__
        )
        return encoded(text)


class Object(Model):
    """An object inside a document, or one that a function takes or returns."""
