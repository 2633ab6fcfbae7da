"""What a benchmark found: ratios, each with its budget, as lines of a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One ratio; without a budget it is there to be known, and without a ratio to say why not."""

    what: str
    ratio: float | None
    seen: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def verdict(self) -> str:
        if self.ratio is None:
            return "not run"
        if self.at_least is None and self.at_most is None:
            return ""
        low = self.at_least is not None and self.ratio < self.at_least
        high = self.at_most is not None and self.ratio > self.at_most
        return "over budget" if low or high else "ok"

    @property
    def budget(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:g}×"
        return f"≤ {self.at_most:g}×" if self.at_most is not None else ""

    def cells(self) -> tuple[str, ...]:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}×"
        return self.what, ratio, self.budget, self.verdict, self.seen


def table(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table, in columns."""
    titles = ("what", "ratio", "budget", "", "seen")
    lines = [titles, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        f"| {' | '.join(map(str.ljust, line, widths))} |" for line in lines
    )
