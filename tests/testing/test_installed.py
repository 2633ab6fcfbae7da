"""The plugin of an installed Tablewright, found by pytest without being named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.typing.checkers import ROOT
from tests.working_copy import commit_working_copy

TESTS = """
import sys
from generated import WorkflowNew, workflows

def test_one(db, make):
    make.insert(db, WorkflowNew)
    assert len(db.run(workflows.full_scan())) == 1
    assert "jinja2" not in sys.modules and "yaml" not in sys.modules

def test_two(db):
    assert db.run(workflows.full_scan()) == []
"""


@pytest.mark.slow
def test_in_an_environment_of_its_own(tmp_path: Path) -> None:
    """Without the generator's libraries, as a program in production has it."""

    def run(*command: str | Path) -> str:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
        kept.pop("PYTHONPATH", None)
        done = subprocess.run(
            command, cwd=project, env=kept, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    source, project = tmp_path / "source", tmp_path / "project"
    commit_working_copy(source)
    project.mkdir()
    (source / "generated").rename(project / "generated")
    (project / "test_all.py").write_text(TESTS, "utf-8")
    programs = tmp_path / "environment" / "bin"
    run(sys.executable, "-m", "venv", programs.parent)
    run(programs / "python", "-m", "pip", "install", "--quiet", source, "pytest")
    said = run(programs / "pytest", "-v")
    assert "tablewright-0.1.0" in said
    assert "2 passed" in said
    assert "tablewright_package (string)" in run(programs / "pytest", "--help")
    assert ROOT.name not in said
