"""What searches filter by: `status="done"`, or one of several values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Unfiltered(Enum):
    """The type of `UNFILTERED`."""

    UNFILTERED = "UNFILTERED"

    def __repr__(self) -> str:
        return "UNFILTERED"


UNFILTERED: Any = Unfiltered.UNFILTERED
"""In a search: the field may have any value. The default of every filter."""


@dataclass(frozen=True)
class AnyOf(Generic[T_co]):
    """One of several values."""

    values: tuple[T_co, ...]


def any_of(value: T, /, *others: T) -> AnyOf[T]:
    """In the filter of a vector search: the field has one of these values."""
    return AnyOf((value, *others))
