"""What is said between a client and a deployment, without saying how it travels.

An exchange is a generator: it yields requests, and pauses between them; it is sent what came
back. Threads and tasks perform the same ones.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias, TypeVar

from .secret import Secret

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Request:
    """A request that must be answered within `within_s` seconds; with a body it is a POST."""

    path: str
    body: bytes | None
    authorization: Secret | None
    within_s: float


class Pause(NamedTuple):
    """Nothing, for some seconds."""

    seconds: float


class Reply(NamedTuple):
    """What came back; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Lost(NamedTuple):
    """Nothing came back; `sent` says whether the request may have arrived."""

    reason: str
    timed_out: bool
    sent: bool


Exchange: TypeAlias = Generator[Request | Pause, Reply | Lost | None, R]
