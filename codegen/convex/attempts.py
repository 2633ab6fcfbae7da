"""When a request is sent again: only where that can't do anything twice, and not for ever."""

from __future__ import annotations

import random
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import monotonic, time
from typing import Final, NamedTuple

from .errors import (
    DeploymentError,
    RateLimited,
    ServerFailed,
    TimedOut,
    Unreachable,
)
from .exchange import Exchange, Lost, Pause, Reply, Request
from .options import Options
from .refusals import refusal

_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 2.0
# Codes of a deployment that comes to say no before a function has run, or has undone all of it
# (convex-backend: `ErrorMetadata::rejected_before_execution`, and conflicts of transactions).
_NOTHING_DONE: Final = {
    *("ExpiredInQueue", "ExecuteFullError", "InitialPermitTimeoutError"),
    *("IsolateNotClean", "OptimisticConcurrencyControlFailure", "WorkerOverloaded"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is sent, and whether it can be sent twice without doing anything twice."""

    path: str
    body: bytes | None
    repeatable: bool


class _Trouble(NamedTuple):
    error: DeploymentError
    again: bool
    wait_s: float | None = None


def reply_to(asked: Asked, origin: str, options: Options) -> Exchange[Reply]:
    """The deployment's answer, after as many attempts as are allowed and make sense."""
    ends = monotonic() + options.timeout_ms / 1000
    pause_s = _FIRST_PAUSE_S
    left = options.retries
    while True:
        request = Request(
            asked.path, asked.body, options.authorization(), ends - monotonic()
        )
        outcome = yield request
        assert outcome is not None
        trouble = _trouble(outcome, asked, origin)
        if trouble is None:
            assert isinstance(outcome, Reply)
            return outcome
        jittered = pause_s * random.uniform(0.5, 1)
        wait_s = jittered if trouble.wait_s is None else trouble.wait_s + jittered
        if not left or not trouble.again or monotonic() + wait_s >= ends:
            raise trouble.error
        yield Pause(wait_s)
        left -= 1
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


def _trouble(outcome: Reply | Lost, asked: Asked, origin: str) -> _Trouble | None:
    """What is in the way of an answer."""
    if isinstance(outcome, Lost):
        kind = TimedOut if outcome.timed_out else Unreachable
        uncertain = outcome.sent and not asked.repeatable
        doubt = "; it may have run all the same" if uncertain else ""
        error = kind(f"{origin} does not answer: {outcome.reason}{doubt}")
        error.may_have_run = uncertain
        return _Trouble(error, again=not uncertain)
    if outcome.status == 429:
        limited = refusal(RateLimited, origin, outcome)
        limited.retry_after_s = wait_s = _retry_after_s(outcome)
        return _Trouble(limited, again=True, wait_s=wait_s)
    # 560 is how earlier servers said that a function has thrown.
    if outcome.status >= 500 and outcome.status != 560:
        failed = refusal(ServerFailed, origin, outcome)
        again = asked.repeatable or failed.code in _NOTHING_DONE
        failed.may_have_run = not again
        return _Trouble(failed, again, _retry_after_s(outcome))
    return None


def _retry_after_s(reply: Reply) -> float | None:
    """The seconds of a `Retry-After`, which has a number or a date."""
    text = reply.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time())
    except ValueError:
        return None
