"""The nearest of many vectors, exactly: by NumPy, a part of them at a time."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nlargest
from typing import Any, Final, Generic, TypeVar

# What sorts the newest first among equals: creation time and id, or the like.
K = TypeVar("K", bound=tuple[Any, ...])

NUMBER_BYTES: Final = 4
_PART_BYTES: Final = 8 << 20


def part_size(vector: bytes) -> int:
    """How many vectors of this length to look at in one go: they take 8 MiB."""
    return max(1, _PART_BYTES // len(vector))


class Ranking(Generic[K]):
    """The vectors nearest to one, of those that were added so far."""

    def __init__(self, vector: bytes, limit: int) -> None:
        """Raises a `ModuleNotFoundError` that says what to install where NumPy is not there."""
        try:
            import numpy
        except ModuleNotFoundError:
            raise ModuleNotFoundError(
                "vector queries on this database need NumPy:"
                ' pip install "tablewright[vectors]"'
            ) from None
        self._numpy = numpy
        self._vector = numpy.frombuffer(vector, "<f4")
        self._limit = limit
        self._best: list[tuple[float, K]] = []

    def add(self, keys: Sequence[K], vectors: Sequence[bytes]) -> None:
        """Vectors of length 1 and their keys."""
        if not keys:
            return
        rows = self._numpy.frombuffer(b"".join(vectors), "<f4").reshape(len(keys), -1)
        # Not a product of matrices, which gives equal vectors unequal scores by their places.
        scores: list[float] = (rows * self._vector).sum(axis=1).tolist()
        scored = [*self._best, *zip(scores, keys, strict=True)]
        self._best = nlargest(self._limit, scored)

    def best(self) -> list[tuple[float, K]]:
        """The nearest with their scores, -1 to 1, the nearest first."""
        return [(max(-1.0, min(1.0, score)), key) for score, key in self._best]
