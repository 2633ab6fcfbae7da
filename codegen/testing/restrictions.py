"""What the constraints of a type leave over, and an ordinary value of it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Final

from codegen.ir.fitting import holds
from codegen.ir.model import Schema
from codegen.ir.types import Constrained, Constraint, Named, Type
from codegen.ir.values import INT64, MAX_ARRAY

from .patterns import matching

_USUAL: Final = 1000
"""Numbers are from 0 to this, as counts, times and sizes are, unless their bounds say more."""
_SYLLABLES: Final = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
_FEW: Final = 3


def without_constraints(
    node: Type, schema: Schema
) -> tuple[Type, tuple[Constraint, ...]]:
    """A type behind its names and constraints, and all these constraints."""
    constraints: list[Constraint] = []
    while isinstance(node, (Constrained, Named)):
        if isinstance(node, Named):
            node = schema.types[node.name].type
        else:
            constraints += node.constraints
            node = node.inner
    return node, tuple(constraints)


@dataclass(frozen=True, slots=True)
class Lengths:
    """How many characters, bytes or items there may be."""

    least: int
    most: int

    @classmethod
    def of(cls, constraints: Iterable[Constraint], most: int = MAX_ARRAY) -> Lengths:
        least = 0
        for constraint in constraints:
            if constraint.kind == "minLength":
                least = max(least, int(constraint.value))
            elif constraint.kind == "maxLength":
                most = min(most, int(constraint.value))
        return cls(least, most)

    def draw(self, random: Random, usual: range = range(_FEW + 1)) -> int:
        """A length: a `usual` one where that is allowed."""
        least = max(self.least, min(usual.start, self.most))
        return random.randint(least, max(least, min(self.most, usual.stop - 1)))


def text(constraints: tuple[Constraint, ...], random: Random) -> str | None:
    """A text: words, or what the patterns ask for; None if no text is found for them."""
    lengths = Lengths.of(constraints, most=1 << 19)
    patterns = [str(c.value) for c in constraints if c.kind == "pattern"]
    if patterns:
        return matching(patterns, random, lengths.least, lengths.most)
    made = _word(random)
    while len(made) < lengths.least or (random.random() < 0.4 and len(made) < 30):
        made += " " + _word(random)
    if len(made) > lengths.most:
        made = made[: lengths.most]
    # A cut must not end in the space between two words, which nobody sees.
    return made[:-1] + "a" if made.endswith(" ") else made


def _word(random: Random) -> str:
    return "".join(random.choices(_SYLLABLES, k=random.randint(2, 4)))


def word(random: Random) -> str:
    """A name for what has none, such as a key."""
    return _word(random)


def number(constraints: Iterable[Constraint], random: Random) -> float:
    """A float64 within its bounds, with few digits where it can have few."""
    low, high = -math.inf, math.inf
    for constraint in constraints:
        bound = float(constraint.value)
        end = math.inf if constraint.kind in ("ge", "gt") else -math.inf
        # The next number, too, where a whole number has more digits than a float.
        while not holds(constraint, bound):
            bound = math.nextafter(bound, end)
        if end > 0:
            low = max(low, bound)
        else:
            high = min(high, bound)
    low, high = _usual(low, high)
    made = min(max(random.uniform(low, high), low), high)
    short = round(made, 2)
    return short if low <= short <= high else made


def integer(constraints: Iterable[Constraint], random: Random) -> int:
    """An int64 within its bounds."""
    low, high = INT64.start, INT64.stop - 1
    for constraint in constraints:
        bound = constraint.value
        assert not isinstance(bound, str)
        if constraint.kind == "ge":
            low = max(low, math.ceil(bound))
        elif constraint.kind == "gt":
            low = max(low, math.floor(bound) + 1)
        elif constraint.kind == "le":
            high = min(high, math.floor(bound))
        else:
            high = min(high, math.ceil(bound) - 1)
    if high < 0:
        return random.randint(max(low, high - _USUAL), high)
    low = max(low, 0)
    return random.randint(low, min(high, low + _USUAL))


def _usual(low: float, high: float) -> tuple[float, float]:
    """The bounds, closer together where they are far apart."""
    if high < 0:
        return max(low, high - _USUAL), high
    low = max(low, 0.0)
    return low, min(high, low + _USUAL)
