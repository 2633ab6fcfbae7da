"""`python -m tests.benchmarks [--tables N] [NAMES…]`: all but the longest, or those that are named."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from . import BENCHMARKS
from .projects import Scale, Workshop
from .rows import Row, table

LONGEST = ("scaling",)
FULL = 1000


def main(names: list[str], tables: int) -> int:
    scale = Scale(tables=tables, turns=7, slow_turns=3)
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
            rows += BENCHMARKS[name](scale, workshop)
    sys.stdout.write(f"{table(rows)}\n")
    return 0


parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
parser.add_argument("names", nargs="*", metavar="NAME")
parser.add_argument(
    "--tables",
    type=int,
    default=FULL,
    help=f"how large all is: of the storage, a hundred documents for each. Default: {FULL}",
)
given = parser.parse_args()
sys.exit(main(given.names, given.tables))
