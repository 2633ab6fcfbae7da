"""Creation times: the clock's, and always after those before.

As on the server, a transaction begins at a time after all earlier ones, and each insert in it
takes the next float (`crates/common/src/document.rs`, `crates/database/src/database.rs`).
"""

from __future__ import annotations

import math
import time


def now_ms() -> float:
    """Milliseconds since 1970."""
    return time.time_ns() / 1e6


class Clock:
    """The creation times of one transaction."""

    _last = 0.0

    def tick(self, latest: float) -> float:
        """A time after `latest`, and after all that this clock gave."""
        last = self._last
        at = math.nextafter(last, math.inf) if last else now_ms()
        if latest >= at:
            at = math.nextafter(latest, math.inf)
        self._last = at
        return at
