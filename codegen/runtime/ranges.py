"""Bounds on one field of an index: `gt(5)`, `gte(a) & lt(b)`, `between(a, b)`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Bound(Generic[T_co]):
    """One end of a range, and whether `value` itself is in."""

    value: T_co
    inclusive: bool


@dataclass(frozen=True)
class Range(Generic[T_co]):
    """Values from `lower` to `upper` in Convex's order; an end that is None is open."""

    lower: Bound[T_co] | None = None
    upper: Bound[T_co] | None = None

    def __and__(self, other: Range[T]) -> Range[T_co | T]:
        """Both, where one has the lower end and the other the upper; else a `ValueError`."""
        if (self.lower and other.lower) or (self.upper and other.upper):
            raise ValueError("both ranges have an end on the same side")
        return Range(self.lower or other.lower, self.upper or other.upper)


def gt(value: T, /) -> Range[T]:
    """Values after `value`."""
    return Range(lower=Bound(value, inclusive=False))


def gte(value: T, /) -> Range[T]:
    """`value`, and values after it."""
    return Range(lower=Bound(value, inclusive=True))


def lt(value: T, /) -> Range[T]:
    """Values before `value`: null and absent are before everything else."""
    return Range(upper=Bound(value, inclusive=False))


def lte(value: T, /) -> Range[T]:
    """`value`, and values before it: null and absent are before everything else."""
    return Range(upper=Bound(value, inclusive=True))


def between(low: T, high: T, /) -> Range[T]:
    """Values from `low` to `high`, both included."""
    return Range(Bound(low, inclusive=True), Bound(high, inclusive=True))
