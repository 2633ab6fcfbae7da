"""`python -m tests.benchmarks [NAMES…]`: all benchmarks but the longest, or those that are named."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from . import BENCHMARKS
from .projects import Scale, Workshop
from .rows import Row, table

LONGEST = ("scaling",)
FULL = Scale(tables=1000, turns=7, slow_turns=3)


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        known = ", ".join(BENCHMARKS)
        sys.stderr.write(f"no such benchmark: {', '.join(unknown)}; one of {known}\n")
        return 2
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder))
        for name in names or [name for name in BENCHMARKS if name not in LONGEST]:
            sys.stderr.write(f"{name}…\n")
            rows += BENCHMARKS[name](FULL, workshop)
    sys.stdout.write(f"{table(rows)}\n")
    return 0


sys.exit(main(sys.argv[1:]))
