"""What `codegen doctor` says of a deployment."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Finding(NamedTuple):
    """What was looked at, what was seen, and what to do about it."""

    check: str
    verdict: Literal["fine", "note", "fault"]
    text: str
    help: str | None = None
