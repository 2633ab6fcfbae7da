"""When `make` makes the environment, and when it leaves it; the programs are stand-ins."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.working_copy import ROOT

PYTHON = """\
#!/bin/sh
test "$1" = -c && exit ${OLD:-0}
echo "python $*" >> "$LOG"
mkdir -p .venv/bin
printf '#!/bin/sh\\necho "pip" >> "$LOG"; exit ${BROKEN:-0}\\n' > .venv/bin/python
printf '#!/bin/sh\\necho "codegen $*" >> "$LOG"\\n' > .venv/bin/codegen
chmod +x .venv/bin/*
"""
VENV, PIP, GENERATE = "python -m venv --clear .venv", "pip", "codegen generate"

Make = Callable[..., list[str]]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "a checkout"
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    python = tmp_path / "python-to-use"
    python.write_text(PYTHON)
    python.chmod(0o755)
    return folder


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Runs `make generate` in a folder; returns what it ran."""

    def run(
        folder: Path, python: str = "", fails: bool = False, **told: str
    ) -> list[str]:
        log = tmp_path / "log"
        log.write_text("")
        path = f"{tmp_path}:/usr/bin:/bin"
        done = subprocess.run(
            ["make", "generate", f"PYTHON={python or 'python-to-use'}"],
            cwd=folder,
            env={"PATH": path, "LOG": str(log), **told},
            capture_output=True,
            text=True,
        )
        assert bool(done.returncode) == fails, done.stderr
        return log.read_text().splitlines() or done.stdout.splitlines()

    return run


def test_it_is_made_once(checkout: Path, make: Make) -> None:
    assert make(checkout) == [VENV, PIP, GENERATE]
    assert make(checkout) == [GENERATE]


def test_it_follows_the_dependencies(checkout: Path, make: Make) -> None:
    make(checkout)
    ready = next((checkout / ".venv").glob(".ready*")).stat().st_mtime
    os.utime(checkout / "pyproject.toml", (ready + 2, ready + 2))
    assert make(checkout, BROKEN="1", fails=True) == [PIP]
    assert make(checkout) == [PIP, GENERATE]


def test_what_was_interrupted_is_made_again(checkout: Path, make: Make) -> None:
    assert make(checkout, BROKEN="1", fails=True) == [VENV, PIP]
    assert make(checkout) == [VENV, PIP, GENERATE]


def test_it_does_not_move_with_the_checkout(checkout: Path, make: Make) -> None:
    make(checkout)
    moved = checkout.rename(checkout.parent / "elsewhere")
    assert make(moved) == [VENV, PIP, GENERATE]


def test_the_first_python_that_is_recent_is_taken(checkout: Path, make: Make) -> None:
    assert make(checkout, python="no-such-python python-to-use")[0] == VENV


def test_without_a_recent_python_it_says_so(checkout: Path, make: Make) -> None:
    said = make(checkout, OLD="1", fails=True)
    assert said == ["Python 3.11 or newer is needed: make PYTHON=…"]
    assert not (checkout / ".venv").exists()
