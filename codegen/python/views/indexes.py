"""The query method of an index: one overload for each number of bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from codegen.ir.bounds import bound
from codegen.ir.model import Index, Schema
from codegen.ir.types import Object

from ..annotations import Annotator, either, marked, optional
from ..code import Call, Code, Sub, dotted, identifier, literal
from ..docstrings import docstring
from ..layout import (
    BODY,
    POSITIONAL_ONLY,
    SELF,
    STUB,
    Parameter,
    returned,
    signature,
)
from ..names import parameter_names

_CREATION_TIME: Final = identifier("creation_time")
_FLOAT: Final = identifier("float")


@dataclass(frozen=True, slots=True)
class IndexView:
    overloads: tuple[Code, ...]
    signature: Code
    docstring: Code
    call: Code


@dataclass(frozen=True, slots=True)
class Method:
    """What the methods of a table's queries have in common.

    `owner` is the class that types inside the documents of these shapes are named after.
    """

    annotator: Annotator
    schema: Schema
    document: Code
    owner: str
    shapes: Sequence[Object | None]

    def compared(self, path: str) -> Code:
        """The type of a value that a query compares a field with."""
        annotator = self.annotator
        found = bound(self.shapes, path, self.schema)
        if found.anything:
            return annotator.any()
        arms = [annotator.plain_field(field, self.owner) for field in found.fields]
        code = either(arms)
        if "Any" in arms or not found.absent:
            return code
        code = optional(code)
        if any(annotator.nullable(field.type) for field in found.fields):
            code = marked(code, annotator.imports.runtime("Absent"))
        return code


def index_view(method: Method, index: Index, python_name: str) -> IndexView:
    annotator = method.annotator
    name = identifier(python_name)
    returns = Sub(annotator.imports.runtime("Query"), (method.document,))
    types = [method.compared(path) for path in index.fields]
    parameters = parameter_names(index.fields)
    exact = [
        Parameter(identifier(parameters[path]), type_)
        for path, type_ in zip(index.fields, types, strict=True)
    ]
    exact.append(Parameter(_CREATION_TIME, _FLOAT))
    ranged = [
        Parameter(
            identifier(parameter.name), _or_range(annotator, parameter.annotation)
        )
        for parameter in exact
    ]
    calls = [
        (
            (SELF, *exact[: count - 1], *ranged[count - 1 : count], POSITIONAL_ONLY)
            if count
            else (SELF, POSITIONAL_ONLY)
        )
        for count in range(len(exact) + 1)
    ]
    bounds = Parameter(identifier("bounds"), identifier("object"), stars=1)
    paths = ", ".join((*index.fields, "_creationTime"))
    unique = "Unique index" if index.unique else "Index"
    call = Call(dotted("self._index"), (literal(index.name), identifier("bounds")))
    return IndexView(
        overloads=tuple(signature(name, params, returns, STUB) for params in calls),
        signature=signature(name, (SELF, POSITIONAL_ONLY, bounds), returns, BODY),
        docstring=docstring(f"{unique} `{index.name}` on ({paths}).", 8),
        call=returned(call),
    )


def _or_range(annotator: Annotator, code: Code) -> Code:
    if code == "Any":
        return code
    return marked(code, Sub(annotator.imports.runtime("Range"), (code,)))
