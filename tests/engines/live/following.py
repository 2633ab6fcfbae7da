"""Follows queries until they have come to what the database has."""

from __future__ import annotations

from typing import Any

from codegen.engines.live.fingerprint import fingerprint

SOON_MS = 15_000


class Following:
    """A subscription, and its latest result."""

    def __init__(self, db: Any, query: Any, timeout_ms: float = SOON_MS) -> None:
        self.query = query
        self.live = db.subscribe(query, timeout_ms=timeout_ms)
        self.step()

    def step(self) -> None:
        self.latest = next(self.live)

    def catch_up(self, writer: Any) -> None:
        """Takes results until there is the present one; a `TimeoutError` if that never comes."""
        present = fingerprint(writer.run(self.query))
        while fingerprint(self.latest) != present:
            self.step()
