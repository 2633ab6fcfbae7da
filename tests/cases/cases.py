"""The case folders: a schema, and what `codegen generate` makes of it or says against it.

<name>/schema/… or <name>/schema.json    the schema
<name>/convex/…                          or an app in TypeScript, with its functions
<name>/expected/**                       the package, if the schema is good
<name>/stderr.txt                        what is printed otherwise, or warnings
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from codegen.cli.main import run

FOLDER = Path(__file__).parent
NAMES = sorted(p.name for p in FOLDER.iterdir() if p.is_dir() and p.name[0] not in "._")
ACCEPTED = [name for name in NAMES if (FOLDER / name / "expected").is_dir()]


@dataclass(frozen=True)
class Result:
    code: int
    stdout: str
    stderr: str
    files: dict[str, bytes]


def generate(name: str, folder: Path) -> Result:
    """Generates a case in an empty folder, as a user in that folder would."""
    for part in (*(FOLDER / name).glob("schema*"), *(FOLDER / name).glob("convex")):
        if part.is_dir():
            shutil.copytree(part, folder / part.name)
        else:
            shutil.copy(part, folder)
    argv = ["generate"]
    if (folder / "schema.json").exists():
        argv += ["--schema", "schema.json"]
    if (folder / "convex").exists():
        argv += ["--schema", "convex"]
    code, stdout, stderr = codegen(argv, folder)
    return Result(code, stdout, stderr, files_below(folder / "generated"))


def codegen(argv: list[str], folder: Path) -> tuple[int, str, str]:
    """Runs the command line in this process, in a folder: exit code, output, errors."""
    out, err = io.StringIO(), io.StringIO()
    before = os.getcwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(argv)
    finally:
        os.chdir(before)
    return code, out.getvalue(), err.getvalue()


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
