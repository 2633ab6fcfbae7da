"""`python -m tests.importers.real [WORDS…]`: compares the inputs whose names have these words."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Final

from .compare import Compared, compare
from .hypothesis_documents import Effort
from .imported import NotImported
from .inputs import INPUTS, Input
from .packages import npm_modules, wheels
from .rows import table

_EFFORT: Final = Effort(largest=8000, seconds=2)
_CACHE: Final = Path(__file__).parents[3] / ".pytest_cache" / "d" / "importers"
_SHOWN: Final = 5
"""So many differences of one input are shown."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.importers.real")
    parser.add_argument("words", nargs="*", help="parts of names of inputs")
    parser.add_argument("--documents", type=int, default=1000, help="of each input")
    given = parser.parse_args()
    _CACHE.mkdir(parents=True, exist_ok=True)
    modules, unpacked = npm_modules(_CACHE), wheels(_CACHE)
    chosen = [
        one
        for one in INPUTS
        if not given.words or any(word in one.name for word in given.words)
    ]
    work = partial(_compared, modules, unpacked, given.documents)
    seen: list[Compared] = []
    # A process for each input: the classes of hundreds of packages would not fit in one.
    with multiprocessing.Pool(maxtasksperchild=1) as pool:
        for one, result in zip(chosen, pool.imap(work, chosen, 1), strict=True):
            if isinstance(result, str):
                sys.stderr.write(f"{one.name}: {result}\n")
                continue
            seen.append(result)
            sys.stderr.write(f"{result}\n")
            for difference in result.differences[:_SHOWN]:
                sys.stderr.write(f"  {difference}\n")
    sys.stdout.write(table(seen))
    return int(len(seen) < len(chosen) or any(one.differences for one in seen))


def _compared(
    modules: Path, unpacked: Path, documents: int, one: Input
) -> Compared | str:
    """What was seen of an input, or why it is not imported."""
    path = one.path(modules, unpacked)
    with tempfile.TemporaryDirectory() as folder:
        try:
            return compare(one, path, Path(folder), documents, _EFFORT)
        except NotImported as refused:
            return str(refused)


if __name__ == "__main__":
    sys.exit(main())
