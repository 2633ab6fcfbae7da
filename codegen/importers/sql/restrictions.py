"""Restrictions of a column as constraints and literals of its type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from codegen.ir.checks import check
from codegen.ir.fitting import holds
from codegen.ir.model import NamedType, Schema
from codegen.ir.types import (
    ANY,
    BIGINT,
    BOOLEAN,
    BYTES,
    NUMBER,
    STRING,
    Array,
    Constrained,
    Constraint,
    Literal,
    Named,
    Type,
    Union,
)

from .catalogue import ColumnType
from .conditions import Restriction
from .constant_values import Constant

_LENGTHS: Final = ("minLength", "maxLength")
_LOWER: Final = ("ge", "gt", "minLength")


def restricted(
    node: Type, base: Type, wanted: Sequence[Restriction]
) -> tuple[Type, list[Restriction]]:
    """The type within the restrictions, and those of them that it can't keep.

    `base` is what the type is without names and constraints.
    """
    left: list[Restriction] = []
    constraints: list[Constraint] = []
    choices: list[Literal] | None = None
    inner = node
    if isinstance(node, Constrained):
        inner, constraints = node.inner, [*node.constraints]
    for one in wanted:
        if one.kind == "json":
            if base != STRING or constraints or choices is not None:
                left.append(one)
            else:
                inner = base = ANY
        elif one.kind == "oneOf":
            found = _choices(one, base)
            if found is None or isinstance(inner, Named) or choices is not None:
                left.append(one)
            elif base != BOOLEAN or len(found) < 2:  # 0 and 1 are what a bool is
                choices = found
        elif (made := _constraint(one, base)) is None:
            left.append(one)
        else:
            constraints.append(made)
    if choices is not None:
        kept = [c for c in choices if all(holds(k, c.value) for k in constraints)]
        if kept:
            return (kept[0] if len(kept) == 1 else Union(tuple(kept))), left
        return node, list(wanted)
    tight = _tightest(constraints)
    if not tight:
        return inner, left
    whole = Constrained(inner, tight)
    if _contradicts(Constrained(base, tight)):
        return node, list(wanted)
    return whole, left


def padded(
    type_: ColumnType, wanted: Sequence[Restriction]
) -> tuple[list[Restriction], list[Restriction]]:
    """The restrictions for texts that come padded, and those that only suit them without."""
    if not type_.padded:
        return [*wanted], []
    kept: list[Restriction] = []
    left: list[Restriction] = []
    for one in wanted:
        if one.kind == "oneOf":
            values = tuple(with_padding(type_, value) for value in one.constants)
            kept.append(replace(one, constants=values))
        else:
            (kept if one.kind == "notNull" else left).append(one)
    return kept, left


def with_padding(type_: ColumnType, value: Constant) -> Constant:
    """The text as rows have it."""
    if not type_.padded or value.kind != "string" or type_.max_length is None:
        return value
    return Constant("string", value.text.rstrip(" ").ljust(type_.max_length))


def _choices(one: Restriction, base: Type) -> list[Literal] | None:
    """The values that are let by; None if one of them is not of the column's type."""
    found: dict[Literal, None] = {}
    for constant in one.constants:
        if base == BIGINT and constant.kind == "string" and "." in constant.text:
            return None
        try:
            value = constant.value(base)
        except ValueError:
            return None
        if value is None or not isinstance(value, (str, int, float)):
            return None
        found[Literal.of(value)] = None
    return list(found)


def _constraint(one: Restriction, base: Type) -> Constraint | None:
    if one.kind == "notEmpty":
        return Constraint("minLength", 1) if base in (STRING, BYTES) else None
    (constant,) = one.constants
    try:
        if one.kind in _LENGTHS:
            count = constant.value(BIGINT)
            suits = base in (STRING, BYTES) or isinstance(base, Array)
            if not suits or not isinstance(count, int) or count < 0:
                return None
            return Constraint(one.kind, count)
        if base not in (NUMBER, BIGINT):
            return None
        bound = _bound(constant)
        return None if bound is None else Constraint(one.kind, bound)
    except (ValueError, OverflowError):
        return None


def _bound(constant: Constant) -> int | float | None:
    """The number; None if a float is not the whole number that is written.

    Raises ValueError if it is none.
    """
    rough = constant.value(NUMBER)
    if not isinstance(rough, float):
        return None
    try:
        whole = constant.value(BIGINT)
    except ValueError:  # a fraction, an exponent, or beyond 64 bits
        is_exact = not rough.is_integer() or abs(rough) < 2**53
        return _plain(rough) if is_exact else None
    return whole if isinstance(whole, int) else None


def _plain(number: float) -> int | float:
    return int(number) if number.is_integer() else number


def _tightest(constraints: Iterable[Constraint]) -> tuple[Constraint, ...]:
    """One constraint of each kind: the one that lets the least by."""
    found: dict[str, Constraint] = {}
    for one in constraints:
        other = found.get(one.kind)
        if other is None or _is_tighter(one, other):
            found[one.kind] = one
    return tuple(found.values())


def _is_tighter(one: Constraint, other: Constraint) -> bool:
    if isinstance(one.value, str) or isinstance(other.value, str):
        return False
    return (one.value > other.value) == (one.kind in _LOWER)


def _contradicts(node: Type) -> bool:
    """Whether the checks of a schema have something against the type."""
    return bool(check(Schema({}, {"T": NamedType("T", node)})))
