"""What is printed when it can't be written, whether Python writes at once or at its end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TextIO

import pytest

from tests.cases.cases import codegen


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose package is not what its schema says, so that `diff` prints something."""
    schema = tmp_path / "schema.yaml"
    schema.write_text("tables: {users: {fields: {name: str}}}\n")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.codegen]\nschema = "schema.yaml"\noutput = "db"\n'
    )
    code, _, errors = codegen(["generate"], tmp_path)
    assert code == 0, errors
    schema.write_text("tables: {users: {fields: {name: float}}}\n")
    return tmp_path


def printed(
    project: Path, output: TextIO, buffered: str, *argv: str
) -> tuple[int, str]:
    """The exit code of a command that prints to a file, and its errors."""
    ran = subprocess.run(
        [sys.executable, "-m", "codegen", *argv],
        cwd=project,
        env={**os.environ, "PYTHONUNBUFFERED": buffered},
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stderr


@pytest.mark.parametrize("buffered", ["", "1"])
@pytest.mark.parametrize("command", ["describe", "diff", "export --to sql"])
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
def test_there_is_no_room(project: Path, command: str, buffered: str) -> None:
    with open("/dev/full", "w") as full:
        ran = printed(project, full, buffered, *command.split())
    said = "error[E550]: standard output has no room: the disk is full\n"
    assert ran == (2, said)


@pytest.mark.parametrize("buffered", ["", "1"])
def test_nobody_reads(project: Path, buffered: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as closed:
        assert printed(project, closed, buffered, "describe") == (2, "")
