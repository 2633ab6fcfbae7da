"""When a transaction that others were in the way of is repeated."""

from __future__ import annotations

from random import random
from time import monotonic
from typing import Final, Protocol

from .target import Target

_SHORTEST_PAUSE_S: Final = 0.001
_LONGEST_PAUSE_S: Final = 0.1
# Those who were beaten for so long try more often than the others, until it is their turn. They
# still pause for longer than a turn takes, or two of them would be in each other's way for ever.
_PATIENCE_S: Final = 1.0
_TURNS_PAUSED: Final = 10


class Ended(Protocol):
    """A turn that failed: whether it may go better again, and whether nobody was in the way."""

    @property
    def repeatable(self) -> bool: ...

    @property
    def unusual(self) -> bool: ...


class Turns:
    """The turns of one transaction, for as long as the target waits."""

    def __init__(self, target: Target) -> None:
        self._begun = monotonic()
        self._end = self._begun + target.timeout_s
        self._longest = _SHORTEST_PAUSE_S
        self.be_patient()

    def be_patient(self) -> None:
        """Lets others go first for a while."""
        self._patient_until = monotonic() + _PATIENCE_S

    @property
    def is_patient(self) -> bool:
        """Whether others still go first."""
        return monotonic() < self._patient_until

    def pause_after(self, ended: Ended | None) -> float | None:
        """How many seconds to wait before the turn after one that failed; None if there is none."""
        if ended is None:
            return None
        return 0 if ended.unusual else self.pause(repeatable=ended.repeatable)

    def pause(self, *, repeatable: bool) -> float | None:
        """How many seconds to wait before the next turn; None where there is none."""
        now = monotonic()
        longest = min(_LONGEST_PAUSE_S, self._longest)
        if not self.is_patient:
            longest = min(longest, _TURNS_PAUSED * (now - self._begun))
        pause = random() * longest
        self._begun = now + pause
        self._longest *= 2
        return pause if repeatable and now + pause <= self._end else None
