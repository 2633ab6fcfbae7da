"""Typed ids: strings at run time, a type per table to a checker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

if TYPE_CHECKING:
    from .documents import Document

# Invariant on purpose: with covariance, a checker accepts the id of one table and the patch of
# another, because both are of *some* document.
D = TypeVar("D", bound="Document")


class Id(str, Generic[D]):
    """The id of a document of type `D`.

    Validation takes an id of this very class or a plain string, and refuses the id of another
    table. In a union of ids, a string becomes the first.
    """

    __slots__ = ()
    __table__: ClassVar[str]

    def __init_subclass__(cls, *, table: str, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.__table__ = table

    if not TYPE_CHECKING:

        def __class_getitem__(cls, document):
            return cls  # an alias object costs more than the class

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str.__repr__(self)})"

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.json_or_python_schema(
            core_schema.no_info_after_validator_function(cls, core_schema.str_schema()),
            core_schema.no_info_plain_validator_function(cls._accept),
            # without it the serializer finds out about the type for each value
            serialization=core_schema.simple_ser_schema("str"),
        )

    @classmethod
    def _accept(cls, value: object) -> Self:
        if value.__class__ is str:
            return cls(value)
        if isinstance(value, cls):
            return value
        if isinstance(value, Id) or not isinstance(value, str):
            raise PydanticCustomError(
                "id_type",
                "Input should be an id of table `{table}`",
                {"table": cls.__table__},
            )
        return cls(value)
