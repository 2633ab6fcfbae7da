"""Whatever a file holds, the reader ends within seconds, with little memory and without a traceback."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.typescript.hostile_code import CODE, HARMLESS
from tests.typescript.hostile_files import BYTES, FOLDERS
from tests.typescript.semantic_cases import SCHEMA

_ROOT: Final = Path(__file__).parents[2]
_SECONDS: Final = 30
"""Far more than it takes: tests run on busy machines."""


def run(folder: Path, files: Mapping[str, str | bytes]) -> str:
    """What the reader prints of files; it fails if that takes long or much memory."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        data = (
            text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
        )
        (folder / path).write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-m", "tests.typescript.hostile_reader", str(folder)],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", CODE)
def test_code(name: str, tmp_path: Path) -> None:
    refused = f" {SCHEMA}:" in run(tmp_path, {SCHEMA: CODE[name]})
    assert refused is (name not in HARMLESS)


@pytest.mark.slow
@pytest.mark.parametrize("name", BYTES)
def test_files(name: str, tmp_path: Path) -> None:
    assert f" {SCHEMA}:" in run(tmp_path, {SCHEMA: BYTES[name]})


@pytest.mark.slow
@pytest.mark.parametrize("name", FOLDERS)
def test_folders(name: str, tmp_path: Path) -> None:
    assert ".ts:" in run(tmp_path, FOLDERS[name])
