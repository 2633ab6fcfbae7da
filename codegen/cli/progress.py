"""How far a long piece of work is, on standard error."""

from __future__ import annotations

import sys
from time import monotonic

# A terminal has one line that changes; a log has a line now and then.
_ON_TERMINAL_S = 0.1
_IN_LOG_S = 10


class Progress:
    """Says how far it is, but not all the time. At the end of the `with` its line is gone."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._said = monotonic()
        self._shown = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *failure: object) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")

    def say(self, what: str, done: int, total: int | None = None) -> None:
        """So much is done, of so much in total if that is known."""
        if monotonic() - self._said < (_ON_TERMINAL_S if self._terminal else _IN_LOG_S):
            return
        self._said = monotonic()
        text = f"{what}: {done:,} documents"
        if total is not None:
            share = 100 * done // max(total, 1)
            text = f"{what}: {done:,} of {total:,} documents ({share} %)"
        if self._terminal:
            self._shown = True
            sys.stderr.write(f"\r\x1b[K{text}")
        else:
            sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
