"""What kind of column holds the values of a type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from codegen.ir.model import Schema
from codegen.ir.types import (
    ANY,
    NULL,
    STRING,
    Array,
    Constrained,
    Constraint,
    Id,
    Literal,
    Named,
    Scalar,
    Type,
    Union,
)

_KINDS: Final = {
    "string": "text",
    "number": "float",
    "bigint": "int",
    "commitTs": "int",
    "boolean": "boolean",
    "bytes": "bytes",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A column for values of a type.

    `kind` is text, float, int, boolean, bytes, json, or nothing where null is the only value.
    """

    kind: str
    nullable: bool = False
    literals: tuple[Literal, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    reference: str | None = None
    """The table whose ids these are."""
    is_list: bool = False
    is_exact: bool = True
    """Whether the kind of the column, its checks and its reference say all that the type does."""


@dataclass(frozen=True, slots=True)
class _Arm:
    type: Type
    constraints: tuple[Constraint, ...]


def shape(node: Type, schema: Schema) -> Shape:
    """The column for a type of a schema that has passed its checks."""
    arms = list(dict.fromkeys(_arms(node, (), schema, set())))
    others = [arm for arm in arms if arm.type != NULL]
    nullable = len(others) < len(arms)
    if not others:
        return Shape("nothing", nullable)
    literals = [arm.type for arm in others if isinstance(arm.type, Literal)]
    kinds = {literal.kind for literal in literals}
    if len(literals) == len(others) and len(kinds) == 1:
        (kind,) = kinds
        return Shape(_KINDS[kind], nullable, tuple(literals))
    if len(others) == 1:
        return _single(others[0], nullable)
    if all(_is_text(arm.type) for arm in others):
        return Shape("text", nullable, is_exact=_Arm(STRING, ()) in others)
    return Shape("json", nullable, is_exact=any(arm.type == ANY for arm in others))


def _single(arm: _Arm, nullable: bool) -> Shape:
    node = arm.type
    if isinstance(node, Id):
        return Shape("text", nullable, reference=node.table)
    if isinstance(node, Scalar) and node.kind in _KINDS:
        kind = _KINDS[node.kind]
        return Shape(kind, nullable, constraints=arm.constraints)
    return Shape(
        "json",
        nullable,
        constraints=arm.constraints,
        is_list=isinstance(node, Array),
        is_exact=node == ANY,
    )


def _is_text(node: Type) -> bool:
    is_literal = isinstance(node, Literal) and node.kind == "string"
    return is_literal or node == STRING or isinstance(node, Id)


def _arms(
    node: Type, constraints: tuple[Constraint, ...], schema: Schema, seen: set[str]
) -> Iterator[_Arm]:
    """The types that a type may be, without names; constraints of all levels together."""
    if isinstance(node, Union):
        for arm in node.arms:
            yield from _arms(arm, constraints, schema, seen)
    elif isinstance(node, Constrained):
        inner = (*constraints, *node.constraints)
        yield from _arms(node.inner, inner, schema, seen)
    elif isinstance(node, Named):
        if constraints or node.name not in seen:
            seen.add(node.name)
            named = schema.types[node.name].type
            yield from _arms(named, constraints, schema, seen)
    else:
        yield _Arm(node, constraints)
