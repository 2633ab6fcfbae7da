"""Runs a program with Deno, without any permission and within limits of time and memory."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from typing import Final

MAX_SECONDS: Final = 20.0
"""How long a program may run, its loading included."""
MAX_HEAP: Final = 512
"""The memory for JavaScript's objects, in MiB."""
_MAX_DATA: Final = 2 * 1024**3
_MAX_OUTPUT: Final = 64 * 1024 * 1024
_ARGUMENTS: Final = (
    "run",
    "--quiet",
    "--no-prompt",
    "--no-config",
    "--no-lock",
    "--no-npm",
    "--no-remote",
    "--cached-only",
    "--import-map=map.json",
    f"--v8-flags=--max-old-space-size={MAX_HEAP}",
)


class NoEngine(Exception):
    """There is no Deno to run anything with."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a program wrote, and how it ended."""

    output: str
    status: int
    is_late: bool
    """Whether it was ended after `MAX_SECONDS`."""
    is_endless: bool
    """Whether it was ended for what it wrote."""


def find_deno() -> str | None:
    """Deno of this environment, as the wheel `deno` installs it, or else the one on the path."""
    return shutil.which("deno", path=sysconfig.get_path("scripts")) or shutil.which(
        "deno"
    )


def run(files: Iterable[tuple[str, bytes]], entry: str) -> Run:
    """Runs `entry`, one of the files: those are all that it can import.

    Raises NoEngine.
    """
    deno = find_deno()
    if deno is None:
        raise NoEngine
    with TemporaryDirectory(prefix="codegen-") as name:
        folder = Path(name).resolve()
        for file, data in files:
            folder.joinpath(file).write_bytes(data)
        # Deno lets a program import any file that its text names, so all others get lost.
        here = f"{folder.as_uri()}/"
        imports = {"file:///": f"{here}none/", here: here}
        folder.joinpath("map.json").write_text(json.dumps({"imports": imports}))
        return _run([deno, *_ARGUMENTS, entry], folder, entry)


def _run(command: list[str], folder: Path, entry: str) -> Run:
    environment = {
        # Below a file nothing can be written: no caches are left behind, nor anything else.
        "DENO_DIR": str(folder / entry / "none"),
        "DENO_EMIT_CACHE_MODE": "disable",  # nor is that tried again and again
        "DENO_NO_UPDATE_CHECK": "1",
        "HOME": str(folder),
        "NO_COLOR": "1",
    }
    if "SYSTEMROOT" in os.environ:  # Windows starts nothing without it.
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        _limit_memory(process.pid)
        is_late = False

        def end() -> None:
            nonlocal is_late
            is_late = True
            process.kill()

        timer = Timer(MAX_SECONDS, end)
        timer.start()
        try:
            assert process.stdout is not None
            output = process.stdout.read(_MAX_OUTPUT)
            is_endless = len(output) == _MAX_OUTPUT
            if is_endless:
                process.kill()
            process.wait()
        finally:
            timer.cancel()
            process.kill()
    text = output.decode("utf-8", "replace")
    return Run(text, process.returncode, is_late, is_endless)


def _limit_memory(process: int) -> None:
    """Bounds what is outside of JavaScript's heap too, where the system can."""
    if sys.platform == "linux":
        import resource

        with suppress(ProcessLookupError):  # It has ended already.
            _, hard = resource.prlimit(process, resource.RLIMIT_DATA)
            is_bound = hard != resource.RLIM_INFINITY
            limit = min(_MAX_DATA, hard) if is_bound else _MAX_DATA
            resource.prlimit(process, resource.RLIMIT_DATA, (limit, limit))
