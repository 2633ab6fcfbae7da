"""Calls in this process: how long each takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from statistics import median


@dataclass(slots=True)
class Repeated:
    """A call that takes its turns, each of them a stretch of several calls."""

    call: Callable[[], object]
    turns: int
    stretch: int = 1
    seconds: list[float] = field(default_factory=list[float])

    @property
    def time(self) -> float:
        """The median of the turns, in seconds for one call."""
        return median(self.seconds)

    def __str__(self) -> str:
        if self.time < 1e-3:
            return f"{self.time * 1e6:.1f} µs"
        if self.time < 0.2:
            return f"{self.time * 1e3:.1f} ms"
        return f"{self.time:.2f} s"


def take_turns(*calls: Repeated) -> None:
    """Runs all, one after the other and again, so that a slow minute is everybody's.

    The order is another each time: who comes after whom decides whose code and pages are still
    in the processor's caches.
    """
    random = Random(len(calls))
    for turn in range(max(repeated.turns for repeated in calls)):
        for repeated in random.sample(calls, len(calls)):
            if turn < repeated.turns:
                _run(repeated)


def _run(repeated: Repeated) -> None:
    call, stretch = repeated.call, range(repeated.stretch)
    begun = time.perf_counter()
    for _ in stretch:
        call()
    repeated.seconds.append((time.perf_counter() - begun) / len(stretch))
