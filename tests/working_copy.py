"""A git repository with one commit: this working tree, as it would be committed now."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]


def git_environment() -> dict[str, str]:
    """The environment without what the user or a running hook tells git."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for who in ("AUTHOR", "COMMITTER"):
        environment[f"GIT_{who}_NAME"] = "A Tester"
        environment[f"GIT_{who}_EMAIL"] = "tester@example.org"
    return environment


def commit_working_copy(folder: Path) -> str:
    """Makes `folder` such a repository; returns the id of its commit."""
    listing = ["-c", "safe.directory=*", "ls-files", "-coz", "--exclude-standard"]
    for path in _git(ROOT, *listing).rstrip("\0").split("\0"):
        if os.path.lexists(ROOT / path):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, folder / path, follow_symlinks=False)
    _git(folder, "init", "-q", "-b", "main")
    _git(folder, "add", "-A")
    _git(folder, "commit", "-qm", "All of it")
    return _git(folder, "rev-parse", "HEAD").strip()


def _git(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", *words],
        cwd=folder,
        env=git_environment(),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
