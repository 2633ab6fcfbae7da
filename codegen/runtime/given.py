"""Which fields of a model were given: by that, a None is null or absent.

The None of a field that may be null and may also be absent is null when the field is set, and
absent when it is not. Models with such a field dump their set fields only.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partialmethod
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from .presence import KEEP


def may_have_defaults(cls: type[BaseModel]) -> bool:
    """Whether the class body has a default, other than None and KEEP, for what may be a field.

    This is asked before Pydantic has collected the fields, for it decides then whether it
    will call `model_post_init`; a yes too many costs time only.
    """
    return "__null_defaults__" in vars(cls) or any(
        value is not None
        and value is not KEEP
        and not name.startswith("_")
        and not hasattr(value, "__get__")
        for name, value in vars(cls).items()
        if name != "model_config"
    )


def set_defaults(self: BaseModel, context: object, /) -> None:
    """Marks fields as set that took a default of the schema, or they would not be dumped.

    It serves as the `model_post_init` of models with such defaults.
    """
    self.model_fields_set.update(_defaulted(type(self)))


@cache
def _defaulted(cls: type[BaseModel]) -> tuple[str, ...]:
    nulls: frozenset[str] = getattr(cls, "__null_defaults__", frozenset())
    return tuple(
        name
        for name, field in cls.model_fields.items()
        if not field.is_required() and (field.default is not None or name in nulls)
    )


@cache
def dumps_set_fields_only(cls: type[BaseModel]) -> bool:
    """Whether a field of the model, or of one inside it, may be null and may be absent."""
    fields = cls.model_fields.values()
    return any(_may_be_null_or_absent(field) for field in fields) or any(
        dumps_set_fields_only(model)
        for field in fields
        for model in _models_in(field.annotation)
    )


def dump_set_fields_only(cls: type[BaseModel]) -> None:
    """Makes pydantic's own dumps of the model leave out what is absent, unless told not to."""
    for name in ("model_dump", "model_dump_json"):
        setattr(cls, name, partialmethod(_dump, getattr(BaseModel, name)))


def _dump(self: BaseModel, dump: Callable[..., Any], **options: Any) -> Any:
    return dump(self, **{"exclude_unset": True, **options})


def _may_be_null_or_absent(field: FieldInfo) -> bool:
    return (
        not field.is_required() and field.default is None and field.exclude_if is None
    )


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]
