"""What the models of a table derive from: the document, what makes one, what changes one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from pydantic import ConfigDict, model_validator

from .ids import D, Id
from .model import Model
from .names import wire_name
from .presence import KEEP

I = TypeVar("I", bound=Id[Any])  # noqa: E741
_SYSTEM_NAMES = {"id": "_id", "creation_time": "_creationTime"}


class TableModel(Model):
    """A model of the table `__table__`, which is a name on the wire.

    A subclass gives as `null` the attributes whose default None is a null of the schema.
    """

    __table__: ClassVar[str]

    if TYPE_CHECKING:

        def __init_subclass__(
            cls,
            *,
            table: str = "",
            wire: Mapping[str, str] | None = None,
            null: Collection[str] = (),
            **kwargs: Any,
        ) -> None: ...

    else:

        def __init_subclass__(cls, *, table="", null=(), **kwargs):
            if table:
                cls.__table__ = table
            if null:
                cls.__null_defaults__ = frozenset(null)
            super().__init_subclass__(**kwargs)


def _document_wire_name(attribute: str) -> str:
    return _SYSTEM_NAMES.get(attribute) or wire_name(attribute)


class Document(TableModel):
    """A stored document. Every one has an `id` and a `creation_time` (in ms since 1970)."""

    model_config = ConfigDict(alias_generator=_document_wire_name)


class New(TableModel, Generic[I]):
    """A document to insert, or to put in the place of another; `I` is the type of its id."""

    if not TYPE_CHECKING:

        def __class_getitem__(cls, id_type):
            return cls  # a parametrised model costs half as much as the class itself


class Patch(TableModel, Generic[D]):
    """Changes to a document of type `D`: only the fields that are given.

    A field that is not given, or given as `KEEP`, reads as `KEEP` and is not dumped.
    """

    if not TYPE_CHECKING:

        def __class_getitem__(cls, document):
            return cls

        def __getattr__(self, name):
            if name in type(self).model_fields:
                return KEEP
            return super().__getattr__(name)

    @model_validator(mode="before")
    @classmethod
    def _without_kept(cls, fields: object) -> object:
        if not isinstance(fields, dict):
            return fields
        given = cast(dict[object, object], fields)
        return {key: value for key, value in given.items() if value is not KEEP}

    def model_post_init(self, context: object, /) -> None:
        # Without the defaults, dumps, repr and equality know the given fields only.
        values = vars(self)
        for name in type(self).model_fields.keys() - self.model_fields_set:
            del values[name]
