"""Sources of Convex that somebody else wrote: the components of npm's packages, and two apps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parent
_NOT_A_COMPONENT: Final = "@convex-dev/auth"


def component_folders() -> tuple[str, ...]:
    """The sources of each component that the lock file installs, relative to the npm project."""
    lock_file = json.loads((PROJECT / "package-lock.json").read_text("utf-8"))
    return tuple(
        f"{folder}/src/component"
        for folder in lock_file["packages"]
        if _is_component(folder.rpartition("node_modules/")[2])
    )


def _is_component(package: str) -> bool:
    return package.startswith("@convex-dev/") and package != _NOT_A_COMPONENT


def app_folders() -> tuple[str, ...]:
    """Apps of ours with tables and functions of packages that are not components."""
    return tuple(f"apps/{folder.name}" for folder in sorted(PROJECT.glob("apps/*")))
