"""Whole processes: how long each takes, and how much memory at most."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

ROOT: Final = Path(__file__).parents[2]
# Compiled modules are kept, as they are wherever programs are installed.
_ENVIRONMENT: Final = {
    **{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
    "PYTHONPATH": str(ROOT),
}


@dataclass(slots=True)
class Contender:
    """A command that takes its turns; `folder` makes a new place for each of them."""

    argv: Sequence[str]
    folder: Callable[[], Path]
    turns: int
    seconds: list[float] = field(default_factory=list[float])
    processor_seconds: list[float] = field(default_factory=list[float])
    megabytes: list[float] = field(default_factory=list[float])

    @property
    def time(self) -> float:
        """The median of the turns, in seconds of the clock."""
        return median(self.seconds)

    @property
    def work(self) -> float:
        """The median of the turns, in seconds of processors, those of its children with it."""
        return median(self.processor_seconds)

    @property
    def memory(self) -> float:
        """The median of the peaks, in megabytes."""
        return median(self.megabytes)

    def __str__(self) -> str:
        if self.time < 0.2:
            return f"{self.time * 1000:.1f} ms"
        return f"{self.time:.2f} s"


def take_turns(*contenders: Contender) -> None:
    """Runs all, one after the other and again, so that a slow minute is everybody's."""
    for turn in range(max(contender.turns for contender in contenders)):
        for contender in contenders:
            if turn < contender.turns:
                _run(contender)


def python(*words: str) -> list[str]:
    return [sys.executable, *words]


def codegen(*words: str) -> list[str]:
    return python("-m", "codegen", *words)


def _run(contender: Contender) -> None:
    folder = contender.folder()
    with (folder / ".output").open("w+b") as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            contender.argv,
            cwd=folder,
            env=_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read().decode(errors="replace")
    if process.returncode:
        raise RuntimeError(f"{' '.join(contender.argv)}\n{said}")
    contender.seconds.append(seconds)
    contender.processor_seconds.append(usage.ru_utime + usage.ru_stime)
    # Linux counts in KiB, macOS in bytes.
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    contender.megabytes.append(usage.ru_maxrss * unit / 1e6)
