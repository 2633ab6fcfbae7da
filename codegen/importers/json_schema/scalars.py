"""Numbers and texts with their bounds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codegen.ir.types import BYTES, NEVER, STRING, Constrained, Constraint, Type

from ..losses import KEYWORD, PATTERN, READING, Losses
from ..places import Json
from .conjunction import Part
from .keywords import PYTHON_TYPE
from .patterns import python_pattern


@dataclass
class Bounds:
    """The tightest bounds so far; a strict one wins over one of the same value."""

    least: float | int = -math.inf
    most: float | int = math.inf
    above: bool = False
    below: bool = False

    def at_least(self, value: float | int, *, strict: bool = False) -> None:
        if value > self.least or (value == self.least and strict):
            self.least, self.above = value, strict

    def at_most(self, value: float | int, *, strict: bool = False) -> None:
        if value < self.most or (value == self.most and strict):
            self.most, self.below = value, strict

    def applied(self, inner: Type, whole: bool) -> Type:
        """A type of numbers within these bounds; `whole` if they are integers."""
        if whole:
            first = (
                math.floor(self.least) + 1
                if self.above and math.isfinite(self.least)
                else self.least
            )
            last = (
                math.ceil(self.most) - 1
                if self.below and math.isfinite(self.most)
                else self.most
            )
            if _ceiling(first) > _floor(last):
                return NEVER
        elif self.least > self.most or (
            self.least == self.most and (self.above or self.below)
        ):
            return NEVER
        found: list[Constraint] = []
        if math.isfinite(self.least):
            found.append(Constraint("gt" if self.above else "ge", _plain(self.least)))
        if math.isfinite(self.most):
            found.append(Constraint("lt" if self.below else "le", _plain(self.most)))
        return constrained(inner, found)


def number_bounds(parts: Iterable[Part]) -> Bounds:
    """The bounds that all parts have together; draft 4 has its exclusive ones as flags."""
    bounds = Bounds()
    for part in parts:
        least, most = number(part, "minimum"), number(part, "maximum")
        above = part.schema.get("exclusiveMinimum")
        below = part.schema.get("exclusiveMaximum")
        if least is not None:
            bounds.at_least(least, strict=above is True)
        if most is not None:
            bounds.at_most(most, strict=below is True)
        if (over := number(part, "exclusiveMinimum")) is not None:
            bounds.at_least(over, strict=True)
        if (under := number(part, "exclusiveMaximum")) is not None:
            bounds.at_most(under, strict=True)
    return bounds


def is_whole(parts: Iterable[Part], losses: Losses) -> bool:
    """Whether a `multipleOf` asks for whole numbers; another one is reported."""
    whole = False
    for part in parts:
        step = number(part, "multipleOf")
        if step == 1:
            whole = True
        elif step is not None:
            message = f"`multipleOf: {step}` is not checked"
            losses.lost(KEYWORD, part.place, message, "multipleOf")
    return whole


def text_type(parts: Iterable[Part], losses: Losses) -> Type:
    """A text with the lengths and patterns of all parts."""
    parts = list(parts)
    found = lengths(parts, "Length")
    if found is None:
        return NEVER
    if any(part.schema.get(PYTHON_TYPE) == "bytes" for part in parts):
        return constrained(BYTES, found)
    for part in parts:
        pattern = part.schema.get("pattern")
        if not isinstance(pattern, str):
            continue
        made = python_pattern(pattern)
        if isinstance(made, str):
            message = f"the pattern is not checked: {made}"
            losses.lost(PATTERN, part.place, message, "pattern")
            continue
        if made.is_wider:
            losses.count(READING, part.place, "pattern")
        constraint = Constraint("pattern", made.text)
        if made.text and constraint not in found:
            found.append(constraint)
    return constrained(STRING, found)


def lengths(parts: Iterable[Part], what: str) -> list[Constraint] | None:
    """`what` is Length, Items or Properties; None if no length keeps all bounds."""
    least, most = 0.0, math.inf
    for part in parts:
        low, high = number(part, f"min{what}"), number(part, f"max{what}")
        least = least if low is None else max(least, low)
        most = most if high is None else min(most, high)
    if least > most:
        return None
    found: list[Constraint] = []
    if least > 0:
        found.append(Constraint("minLength", math.ceil(least)))
    if math.isfinite(most):
        found.append(Constraint("maxLength", math.floor(most)))
    return found


def number(part: Part, keyword: str) -> int | float | None:
    """The number that a keyword gives; None for any other value."""
    value: Json = part.schema.get(keyword)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    return None


def constrained(inner: Type, found: Sequence[Constraint]) -> Type:
    return Constrained(inner, tuple(found)) if found else inner


def _plain(value: float | int) -> float | int:
    """Whole numbers as people write them."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, int) and abs(value) >= 2**63:
        return float(value)
    return value


def _ceiling(value: float | int) -> float | int:
    return math.ceil(value) if math.isfinite(value) else value


def _floor(value: float | int) -> float | int:
    return math.floor(value) if math.isfinite(value) else value
