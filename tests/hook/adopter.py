"""A repository whose commits the hook guards, and the machine it is on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.working_copy import commit_working_copy, git_environment

SCHEMA = {
    "schema/users.yaml": """\
tables:
  users:
    fields:
      email: str
      name?: str
    indexes:
      by_email: [email]
""",
    "schema/notes.yaml": """\
tables:
  notes:
    fields:
      text: str
""",
}
PYPROJECT = '[tool.codegen]\nschema = "schema"\noutput = "generated"\n'
CONFIG = """\
default_install_hook_types: [pre-commit, pre-merge-commit]
repos:
  - repo: {source}
    rev: {rev}
    hooks:
      - id: codegen-check
"""


@dataclass(frozen=True)
class Machine:
    """What is installed: git, pre-commit with its environments, and nothing of codegen."""

    folder: Path

    @property
    def template(self) -> Path:
        return self.folder / "project"

    @property
    def environment(self) -> dict[str, str]:
        environment = git_environment()
        for name in ("PYTHONPATH", "VIRTUAL_ENV"):
            environment.pop(name, None)
        git = shutil.which("git")
        assert git, "git is needed"
        path = os.pathsep.join([os.path.dirname(git), "/usr/bin", "/bin"])
        assert not shutil.which("codegen", path=path)
        return environment | {
            "PATH": path,
            "PRE_COMMIT_HOME": str(self.folder / "pre-commit"),
        }

    @property
    def codegen(self) -> str:
        """The program that pre-commit installed for its hook."""
        (found,) = self.folder.glob("pre-commit/repo*/py_env*/bin/codegen")
        return str(found)

    def install(self) -> None:
        """Lets pre-commit install the hook, in a project whose first commit passes it."""
        source = self.folder / "tablewright"
        rev = commit_working_copy(source)
        project = Adopter(self, self.template)
        for path, text in {**SCHEMA, "pyproject.toml": PYPROJECT}.items():
            project.put(path, text)
        project.put(".pre-commit-config.yaml", CONFIG.format(source=source, rev=rev))
        project.git("init", "-q", "-b", "main")
        project.pre_commit("install", "--install-hooks")
        project.generate()
        project.git("add", "-A")
        project.git("commit", "-qm", "start")


@dataclass(frozen=True)
class Adopter:
    """A project in a git repository."""

    machine: Machine
    root: Path

    def put(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())

    def text(self, path: str) -> str:
        return (self.root / path).read_text("utf-8")

    def replace(self, path: str, old: str, new: str) -> None:
        """Edits a file, as a person does in an editor."""
        text = self.text(path)
        assert old in text
        self.put(path, text.replace(old, new))

    def stage(self, path: str, text: str) -> None:
        """Stages a content that is not on disk, as `git add --patch` does."""
        blob = self.git("hash-object", "-w", "--stdin", given=text).strip()
        self.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")

    def git(self, *words: str, given: str = "", fails: bool = False) -> str:
        """Runs git; returns what it and its hooks print."""
        return self._run(["git", *words], given=given, fails=fails)

    def pre_commit(self, *words: str, fails: bool = False) -> str:
        return self._run([sys.executable, "-m", "pre_commit", *words], fails=fails)

    def generate(self, *words: str) -> None:
        self._run([self.machine.codegen, "generate", *words])

    def mend(self, said: str) -> None:
        """Runs the command that the hook says will mend it."""
        (line,) = [line for line in said.splitlines() if "To mend: " in line]
        folder = os.path.dirname(self.machine.codegen)
        command = f"PATH={folder}:$PATH; {line.partition('To mend: ')[2]}"
        self._run(["sh", "-c", command])

    def _run(self, command: list[str], *, given: str = "", fails: bool = False) -> str:
        done = subprocess.run(
            command,
            cwd=self.root,
            env=self.machine.environment,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert bool(done.returncode) == fails, done.stdout
        return done.stdout
