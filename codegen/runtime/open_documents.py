"""Models of a table whose documents may have any fields.

Checkers make a constructor out of declared fields only, unless the class says `init=False`:
`class Note(OpenDocument, table="notes", init=False)` takes any keyword.
"""

from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import StringConstraints
from pydantic_core import to_json

from .anything import AnyValue, encode_any
from .documents import Document, I, New, Patch, TableModel
from .ids import D
from .model import Extra
from .presence import REMOVE, REMOVE_FORM, Remove
from .wire import encoded

_FieldName = Annotated[
    str,
    StringConstraints(pattern=r"^([\x20-\x23\x25-\x5e\x60-\x7e][\x20-\x7e]{0,1023})?$"),
]


class _Open(TableModel):
    """Fields without a declaration keep their names on the wire, in Python as well."""

    if TYPE_CHECKING:

        def __init__(self, /, **fields: Any) -> None: ...

        def __getattr__(self, name: str) -> Any: ...

    else:
        # Annotations here are values, not text: Pydantic 2.12 reads the text of this one in
        # the subclass's module.
        __pydantic_extra__: dict[_FieldName, AnyValue]

        def __init_subclass__(cls, *, init=True, **kwargs):
            super().__init_subclass__(**kwargs)

    @classmethod
    def from_wire_json(cls, data: bytes | str, *, extra: Extra | None = None) -> Self:
        """The model of JSON text; no field is an extra one, so `extra` has no meaning."""
        return super().from_wire_json(data)

    def to_wire_json(self) -> bytes:
        """The encoded form, as JSON text."""
        # Not every Pydantic has a serializer of its own for extra fields, and some drop one
        # that is called as an attribute is.
        declared = {
            field.alias: getattr(self, name)
            for name, field in type(self).model_fields.items()
        }
        extra = {
            name: REMOVE_FORM if value is REMOVE else encode_any(value)
            for name, value in (self.model_extra or {}).items()
        }
        return encoded(to_json({**declared, **extra}, inf_nan_mode="constants"))


class OpenDocument(_Open, Document, extra="allow", init=False):
    """A stored document of any shape."""


class OpenNew(_Open, New[I], extra="allow", init=False):
    """A document of any shape to insert."""


class OpenPatch(_Open, Patch[D], extra="allow", init=False):
    """Changes to a document of any shape; `REMOVE` removes a field."""

    if not TYPE_CHECKING:
        __pydantic_extra__: dict[_FieldName, AnyValue | Remove]
