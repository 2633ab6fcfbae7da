"""What npm's `convex` says of folders of TypeScript."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from codegen.ir.types import JsonValue
from tests.npm import NODE


@dataclass(frozen=True)
class Function:
    """A registered function; `path` is `module:name`, with `/` in the names of modules."""

    path: str
    type: Literal["query", "mutation", "action"]
    visibility: Literal["public", "internal"]
    args: JsonValue
    returns: JsonValue


@dataclass(frozen=True)
class Exported:
    """A folder of sources: its schema as `schema.export()` gives it, and its functions."""

    schema: JsonValue
    functions: tuple[Function, ...]
    failed: Mapping[str, str]
    """Why modules could not be loaded."""


def export(project: Path, *folders: Path) -> list[Exported]:
    """What the packages installed in `project` make of each of the folders.

    Raises RuntimeError if a folder can't be bundled, as after an error of syntax.
    """
    done = subprocess.run(
        [NODE, "export.mjs", *folders],
        cwd=project,
        capture_output=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise RuntimeError(f"Convex's sources could not be bundled:\n{done.stderr}")
    return [
        Exported(
            answer["schema"],
            tuple(Function(**function) for function in answer["functions"]),
            answer["failed"],
        )
        for answer in json.loads(done.stdout)
    ]
