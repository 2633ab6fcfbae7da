"""Runs a program of npm's for a command: what it prints and how it ends are its own."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import Final

_TO_END_S: Final = 10.0


class CannotRun(Exception):
    """A program is not there, or took too long; `help` is the way out."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.help = help


def find_npx(folder: str, package: str) -> str:
    """The program `npx`; raises `CannotRun` without it, or without the package.

    The package is looked for as Node does, from the folder upwards: npx itself would fetch one
    that is missing.
    """
    if not _is_installed(os.path.abspath(folder), package):
        wanted = package
        try:
            with open(os.path.join(folder, "package.json"), encoding="utf-8") as file:
                wanted = "" if f'"{package}"' in file.read() else package
        except (OSError, UnicodeDecodeError):
            pass
        shown = os.path.relpath(folder)
        install = f"npm install {wanted}".rstrip()
        if shown != ".":
            install = f"cd {shlex.quote(shown)} && {install}"
        message = f"npm's `{package}` is not installed in {shown}"
        raise CannotRun(message, f"install it: `{install}`")
    npx = shutil.which("npx")
    if npx is None:
        raise CannotRun("`npx` is not there", "install Node.js, which brings it")
    return npx


def run(
    command: Sequence[str],
    folder: str,
    variables: Mapping[str, str],
    timeout_s: float,
) -> int:
    """The exit code of a program, which has our input and output; as shells say it for a signal.

    An interrupt of the terminal reaches both, and the program has some time to end. Raises
    `CannotRun` when it was ended because it took too long.
    """
    interrupted = False
    ends = time.monotonic() + timeout_s
    with subprocess.Popen(
        command, cwd=folder, env={**os.environ, **variables}
    ) as program:
        before = signal.signal(
            signal.SIGTERM, lambda number, frame: program.send_signal(number)
        )
        try:
            while True:
                try:
                    code = program.wait(max(0.0, ends - time.monotonic()))
                    break
                except KeyboardInterrupt:
                    interrupted = True
                    ends = min(ends, time.monotonic() + _TO_END_S)
                except subprocess.TimeoutExpired:
                    _end(program)
                    if interrupted:
                        raise KeyboardInterrupt from None
                    raise CannotRun(
                        f"`npx {' '.join(command[1:])}` took more than {timeout_s:,.0f} s, and"
                        " was ended",
                        "--timeout-ms gives it more time",
                    ) from None
        finally:
            signal.signal(signal.SIGTERM, before)
    return code if code >= 0 else 128 - code


def _end(program: subprocess.Popen[bytes]) -> None:
    program.terminate()
    try:
        program.wait(_TO_END_S)
    except subprocess.TimeoutExpired:
        program.kill()


def _is_installed(folder: str, package: str) -> bool:
    while True:
        if os.path.isfile(
            os.path.join(folder, "node_modules", package, "package.json")
        ):
            return True
        above = os.path.dirname(folder)
        if above == folder:
            return False
        folder = above
