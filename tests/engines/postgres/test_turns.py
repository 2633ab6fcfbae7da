"""How long a transaction that was beaten waits before it tries again."""

from __future__ import annotations

import pytest

from codegen.engines.postgres import turns
from codegen.engines.postgres.target import Target
from codegen.engines.postgres.turns import Turns


class Clock:
    """Goes on only when it is told to."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now_s = 1_000.0
        patch.setattr(turns, "monotonic", lambda: self.now_s)
        patch.setattr(turns, "random", lambda: 1.0)


TARGET = Target.of("postgresql://nowhere", 30_000, "full", pooled=False)


def waited(clock: Clock, seconds: float, turn_s: float = 0.0) -> list[float]:
    """The pauses of a transaction that is beaten for so long, after so long each time."""
    its = Turns(TARGET)
    end, pauses = clock.now_s + seconds, list[float]()
    while clock.now_s < end:
        clock.now_s += turn_s
        pause = its.pause(repeatable=True)
        if pause is None:
            break
        pauses.append(pause)
        clock.now_s += pause
    return pauses


def test_pauses_get_longer_and_stay_short(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = waited(Clock(monkeypatch), 0.9)
    assert pauses[:4] == [0.001, 0.002, 0.004, 0.008]
    assert pauses == sorted(pauses) and pauses[-1] == 0.1


def test_who_was_beaten_for_long_tries_more_often_than_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses = waited(Clock(monkeypatch), 3, turn_s=0.001)
    assert pauses[-100:] == pytest.approx([0.01] * 100)
    assert max(pauses) == 0.1


def test_who_takes_long_leaves_room_for_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses = waited(Clock(monkeypatch), 10, turn_s=0.05)
    assert set(pauses[-50:]) == {0.1}


def test_the_timeout_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    begun = clock.now_s
    waited(clock, 60, turn_s=0.001)
    assert clock.now_s - begun == pytest.approx(30, abs=0.1)


def test_what_would_fail_again_is_not_repeated() -> None:
    its = Turns(TARGET)
    assert its.pause(repeatable=False) is None
