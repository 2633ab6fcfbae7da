"""mypy and pyright, both strict, run once over many files; each gives its errors by place."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[2]

Errors = dict[tuple[str, int], list[str]]
"""Messages by file (resolved path) and line (from 1)."""


def mypy_errors(paths: Iterable[Path], *, root: Path = ROOT) -> Errors:
    """The errors of `mypy --strict`; packages are found in `root` and in this repository."""
    result = _run(
        ["mypy", "--strict", "--explicit-package-bases", "--config-file="],
        ["--show-absolute-path", "--no-error-summary", "--no-pretty"],
        map(str, paths),
        cwd=root,
        MYPYPATH=os.pathsep.join({str(root): "", str(ROOT): ""}),
    )
    if result.returncode not in (0, 1):
        raise RuntimeError(result.stdout + result.stderr)
    errors: Errors = {}
    for file, line, message in re.findall(
        r"^(.+?):(\d+): error: (.*)$", result.stdout, re.MULTILINE
    ):
        errors.setdefault((str(Path(file).resolve()), int(line)), []).append(message)
    return errors


def pyright_errors(paths: Iterable[Path], *, root: Path = ROOT) -> Errors:
    """The errors of pyright in strict mode; see `mypy_errors`."""
    settings: dict[str, object] = {
        "extraPaths": [str(root), str(ROOT)],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
    }
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "pyrightconfig.json")
        settings["include"] = [os.path.relpath(path, folder) for path in paths]
        config.write_text(json.dumps(settings))
        result = _run(
            ["pyright", "--outputjson", "--project", str(config)],
            ["--pythonpath", sys.executable],
            cwd=root,
            PYRIGHT_PYTHON_IGNORE_WARNINGS="1",
        )
    if result.returncode not in (0, 1):
        raise RuntimeError(result.stdout + result.stderr)
    errors: Errors = {}
    for found in json.loads(result.stdout)["generalDiagnostics"]:
        if found["severity"] == "error":
            line = found["range"]["start"]["line"] + 1
            place = (str(Path(found["file"]).resolve()), line)
            errors.setdefault(place, []).append(found["message"])
    return errors


def marked_lines(paths: Iterable[Path]) -> set[tuple[str, int]]:
    """The places that end in `# E:`, where a checker must find an error."""
    return {
        (str(path.resolve()), number)
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if line.rstrip().endswith("# E:")
    }


def _run(
    *arguments: Iterable[str], cwd: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *chain.from_iterable(arguments)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
