"""Vector queries: the documents whose vectors point the same way as another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Generic, NamedTuple, TypeVar

from .arms import Arms
from .ids import D
from .operations import Read
from .scalars import is_int

T_co = TypeVar("T_co", covariant=True)

MAX_NEIGHBOURS: Final = 256
"""How many documents a vector query finds at most, as on the server."""


class Scored(NamedTuple, Generic[T_co]):
    """A document, and how near it is: 1 is the same direction, -1 the opposite one."""

    document: T_co
    score: float


@dataclass(frozen=True)
class VectorQuery(Read[list[Scored[D]]]):
    """The `limit` documents that are nearest to a vector, the nearest first.

    `filters` are the paths of fields with the values, or the `AnyOf`, that they must have.
    """

    arms: Arms[D]
    index: str
    vector: tuple[float, ...]
    limit: int
    filters: tuple[tuple[str, object], ...] = ()


def numbers(vector: Iterable[float]) -> tuple[float, ...]:
    """The numbers of a vector; a `TypeError` where it has something else."""
    try:
        return tuple(map(float, vector))
    except (OverflowError, TypeError, ValueError) as error:
        raise TypeError(f"a vector is a list of numbers: {error}") from None


def checked_limit(limit: int) -> int:
    if not is_int(limit):
        raise TypeError(f"limit is a number of documents, not {limit!r}")
    if not 1 <= limit <= MAX_NEIGHBOURS:
        raise ValueError(f"limit is 1 to {MAX_NEIGHBOURS} documents, not {limit}")
    return limit
