"""Constraints: they suit their type, mean something, and leave values over."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from codegen.diagnostics import Fault, Path

from ..model import Schema
from ..nodes import Nodes, path_of
from ..notation import constraint_notation, form
from ..types import (
    BIGINT,
    BYTES,
    NUMBER,
    STRING,
    Array,
    Constrained,
    Constraint,
    Named,
    Record,
    Type,
    Union,
)

_Placed: TypeAlias = tuple[Path, Constraint]
_LOWER: Final = ("ge", "gt", "minLength")
_UPPER: Final = ("le", "lt", "maxLength")
_LENGTHS: Final = ("minLength", "maxLength")


def check_constraints(schema: Schema, nodes: Nodes) -> Iterator[Fault]:
    """Each constraint on its own, then each lower bound against each upper one."""
    for at, node in nodes.constrained:
        path = path_of(at)
        base = _base(node.inner, schema)
        sound: list[_Placed] = []
        for i, constraint in enumerate(node.constraints):
            place = (*path, "constraint", i)
            faults = [
                *_unsuited(place, constraint, base),
                *_pointless(place, constraint),
            ]
            yield from faults
            if not faults:
                sound.append((place, constraint))
        around = [p for p in _within(path, node.inner) if not any(_pointless(*p))]
        yield from _contradictions(sound, around, base == BIGINT)


def _base(node: Type, schema: Schema) -> Type:
    while isinstance(node, (Named, Constrained)):
        node = schema.types[node.name].type if isinstance(node, Named) else node.inner
    return node


def _within(path: Path, node: Type) -> Iterator[_Placed]:
    while isinstance(node, Constrained):
        path = (*path, "inner")
        for i, constraint in enumerate(node.constraints):
            yield (*path, "constraint", i), constraint
        node = node.inner


def _unsuited(path: Path, constraint: Constraint, base: Type) -> Iterator[Fault]:
    kind = constraint.kind
    if kind == "pattern":
        suits, asked = base == STRING, "str"
    elif kind in _LENGTHS:
        suits = base in (STRING, BYTES) or isinstance(base, (Array, Record))
        asked = "str, bytes, list or dict"
    else:
        suits, asked = base in (NUMBER, BIGINT), "float or int"
    if not suits:
        mark = constraint_notation(constraint)
        message = f"{mark} is for {asked}, not for {form(base)}"
        hint = "constrain the arm of the union that it is meant for"
        yield Fault("E219", path, message, hint if isinstance(base, Union) else "")


def _pointless(path: Path, constraint: Constraint) -> Iterator[Fault]:
    mark, value = constraint_notation(constraint), constraint.value
    if isinstance(value, str):
        try:
            re.compile(value)
        except (re.error, OverflowError, RecursionError) as error:
            message = f"{mark} is no regular expression: {error}"
            yield Fault("E221", path, message)
    elif constraint.kind in _LENGTHS:
        if not isinstance(value, int) or value < 0:
            yield Fault("E219", path, f"{mark} is not a count: 0, 1, 2, ...")
    elif not math.isfinite(value):
        yield Fault("E219", path, f"{mark} compares with a number that is not finite")


def _contradictions(
    own: list[_Placed], inner: list[_Placed], whole_numbers: bool
) -> Iterator[Fault]:
    """Pairs of which one at least is of this node; those inside were looked at there."""
    lows = [placed for placed in own + inner if placed[1].kind in _LOWER]
    highs = [placed for placed in own + inner if placed[1].kind in _UPPER]
    for low in lows:
        for high in highs:
            if low in inner and high in inner:
                continue
            if _nothing_between(low[1], high[1], whole_numbers):
                here = max((p for p in (low, high) if p in own), key=own.index)
                other = low if here is high else high
                marks = " and ".join(constraint_notation(c) for _, c in (low, high))
                related = ((other[0], "the other bound is here"),)
                message = f"no value keeps both {marks}"
                yield Fault("E220", here[0], message, "", related)


def _nothing_between(low: Constraint, high: Constraint, whole_numbers: bool) -> bool:
    if (low.kind in _LENGTHS) != (high.kind in _LENGTHS):
        return False
    least, most = low.value, high.value
    if isinstance(least, str) or isinstance(most, str):
        return False
    if whole_numbers:
        first = math.floor(least) + 1 if low.kind == "gt" else math.ceil(least)
        last = math.ceil(most) - 1 if high.kind == "lt" else math.floor(most)
        return first > last
    if low.kind == "gt" or high.kind == "lt":
        return least >= most
    return least > most
