"""The document classes of one table: usually one, several when its documents are a union."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Annotated, Any, Generic, Literal, cast, get_args, get_origin

from pydantic import Discriminator, TypeAdapter

from .documents import Document
from .ids import D
from .model import Extra
from .wire import writable


def union_of(classes: tuple[type, ...]) -> Any:
    """The class, or the union of the classes."""
    union: Any = classes[0]
    for cls in classes[1:]:
        union |= cls
    return union


@dataclass(frozen=True, slots=True)
class Arms(Generic[D]):
    """The classes that a table's documents are parsed into."""

    classes: tuple[type[D], ...]

    @property
    def table(self) -> str:
        return self.classes[0].__table__

    def from_wire(self, value: object, *, extra: Extra | None = None) -> D:
        """The document of Python's JSON values in the encoded form.

        Of several classes, the one that a literal field names, or else the one that fits
        best. Raises a `pydantic.ValidationError` when none does.
        """
        return self.from_wire_json(writable(value), extra=extra)

    def from_wire_json(self, data: bytes | str, *, extra: Extra | None = None) -> D:
        """The document of JSON text in the encoded form; see `from_wire`."""
        if len(self.classes) == 1:
            return self.classes[0].from_wire_json(data, extra=extra)
        adapter: TypeAdapter[D] = _adapter(self.classes)
        return adapter.validate_json(data, extra=extra, by_alias=True, by_name=False)

    def parser(self) -> Callable[[str], D]:
        """What `from_wire_json` does for whole documents, looked up once for many of them."""
        if len(self.classes) == 1:
            cls = self.classes[0]
            cls.model_rebuild()  # validators are made on first use
            validate = cls.__pydantic_validator__.validate_json
            return partial(validate, by_alias=True, by_name=False)
        return self.from_wire_json


@cache
def _adapter(classes: tuple[type[Document], ...]) -> TypeAdapter[Any]:
    tag = _tag(classes)
    union: Any = union_of(classes)
    if tag:
        # in steps, for a checker takes `Annotated[...]` for a type and not for a value
        union = cast(Any, Annotated)[union, Discriminator(tag)]
    return TypeAdapter(union)


def _tag(classes: tuple[type[Document], ...]) -> str | None:
    """A field whose literal strings tell the classes apart."""
    for name in classes[0].model_fields:
        values = [_literals(cls, name) for cls in classes]
        if all(values) and len(frozenset[str]().union(*values)) == sum(
            map(len, values)
        ):
            return name
    return None


def _literals(cls: type[Document], name: str) -> frozenset[str]:
    """The values of a required field of literal strings, else none."""
    field = cls.model_fields.get(name)
    if field is None or get_origin(field.annotation) is not Literal:
        return frozenset()
    values = get_args(field.annotation)
    if not field.is_required() or not all(isinstance(value, str) for value in values):
        return frozenset()
    return frozenset(values)
