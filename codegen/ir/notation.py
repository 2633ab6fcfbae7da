"""A type as one line of the schema language, for messages."""

from __future__ import annotations

from keyword import iskeyword
from typing import Final

from .types import (
    Array,
    Constrained,
    Constraint,
    Doc,
    Field,
    Id,
    Literal,
    Named,
    Object,
    Record,
    Scalar,
    Type,
    Union,
)

_SCALARS: Final = {
    "string": "str",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "bytes": "bytes",
    "bigint": "int",
    "any": "Any",
    "commitTs": "CommitTs",
}

_CONSTRAINTS: Final = {
    "ge": "Ge",
    "gt": "Gt",
    "le": "Le",
    "lt": "Lt",
    "minLength": "MinLen",
    "maxLength": "MaxLen",
    "pattern": "Pattern",
}


_FORMS: Final[dict[type[Type], str]] = {
    Literal: "a literal",
    Id: "an id",
    Doc: "a document",
    Array: "a list",
    Record: "a dict",
    Union: "a union",
    Named: "a named type",
    Constrained: "a constrained type",
    Object: "an object",
}


def notation(node: Type) -> str:
    """The type as an author of a schema would write it, on one line of any length.

    Meant for people: a union of one arm reads as that arm, and a model's own name is left out.
    """
    if isinstance(node, Scalar):
        return _SCALARS[node.kind]
    if isinstance(node, Literal):
        return f"Literal[{_literal(node)}]"
    if isinstance(node, Id):
        return f"Id[{_name(node.table)}]"
    if isinstance(node, Doc):
        return f"Doc[{_name(node.table)}]"
    if isinstance(node, Array):
        return f"list[{notation(node.element)}]"
    if isinstance(node, Record):
        return f"dict[{notation(node.key)}, {notation(node.value)}]"
    if isinstance(node, Union):
        return _union(node)
    if isinstance(node, Named):
        return node.name
    if isinstance(node, Constrained):
        marks = ", ".join(constraint_notation(c) for c in node.constraints)
        return f"Annotated[{notation(node.inner)}, {marks}]"
    return "{" + ", ".join(_field(field) for field in node.fields) + "}"


def form(node: Type) -> str:
    """The outermost form of a type, in a word or two, however large the type is."""
    if isinstance(node, Scalar):
        return _SCALARS[node.kind]
    return _FORMS[type(node)]


def constraint_notation(constraint: Constraint) -> str:
    """A constraint as it is written, such as `Ge(0)`."""
    return f"{_CONSTRAINTS[constraint.kind]}({_quoted(constraint.value)})"


def _union(union: Union) -> str:
    """The arms between bars; neighbouring literals share one `Literal[...]`."""
    parts: list[str] = []
    literals: list[str] = []
    for arm in union.arms:
        if isinstance(arm, Literal):
            literals.append(_literal(arm))
            continue
        if literals:
            parts.append(f"Literal[{', '.join(literals)}]")
            literals = []
        text = notation(arm)
        parts.append(f"({text})" if isinstance(arm, Union) and " | " in text else text)
    if literals:
        parts.append(f"Literal[{', '.join(literals)}]")
    return " | ".join(parts) or "Never"


def _field(field: Field) -> str:
    default = "" if field.default is None else " = ..."
    mark = "?" if field.optional else ""
    return f"{field.name}{mark}: {notation(field.type)}{default}"


def _name(name: str) -> str:
    plain = name.isidentifier() and not iskeyword(name)
    return name if plain else _quoted(name)


def _literal(literal: Literal) -> str:
    return _quoted(literal.value)


def _quoted(value: str | int | float | bool) -> str:
    if not isinstance(value, str):
        return repr(value)
    from json.encoder import encode_basestring

    return encode_basestring(value)
