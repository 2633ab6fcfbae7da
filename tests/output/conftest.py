from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.output.toy_project import Git, ToyProject, toy_project


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ToyProject:
    """A generated toy project; the fast check takes its word for what the generator is."""
    project = toy_project(tmp_path / "project")
    monkeypatch.setattr(
        "codegen.output.fastcheck.generator_digest", lambda: project.generator
    )
    project.generate()
    return project


@pytest.fixture
def git(toy: ToyProject, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Runs git in the toy project, which is committed."""
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "toy")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "toy@example.org")

    def run(*words: str, fails: bool = False, cwd: Path = toy.root) -> str:
        done = subprocess.run(["git", *words], cwd=cwd, capture_output=True, text=True)
        assert bool(done.returncode) == fails, done.stderr
        return done.stdout + done.stderr

    run("init", "-q", "-b", "main")
    run("add", "-A")
    run("commit", "-qm", "start")
    return run
