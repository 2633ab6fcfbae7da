"""A new checkout on a machine that has git, make and Python, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.working_copy import commit_working_copy

# How pip reaches its index is the machine's own business.
_KEPT = ("PIP_", "SSL_", "HTTP_", "HTTPS_", "NO_PROXY")


@dataclass(frozen=True)
class Checkout:
    root: Path
    home: Path

    def run(self, *command: str, fails: bool = False) -> str:
        """Runs a program in the bare environment; returns what it prints."""
        kept = {k: v for k, v in os.environ.items() if k.upper().startswith(_KEPT)}
        done = subprocess.run(
            command,
            cwd=self.root,
            env={
                **kept,
                "PATH": f"{sys.base_prefix}/bin:/usr/bin:/bin",
                "HOME": str(self.home),
                "PIP_CACHE_DIR": _pip_cache(),
                "GIT_CONFIG_NOSYSTEM": "1",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert bool(done.returncode) == fails, done.stdout
        return done.stdout

    def changed(self) -> list[str]:
        """The files that differ from the commit, and new ones."""
        return [line[3:] for line in self.run("git", "status", "-s").splitlines()]


def _pip_cache() -> str:
    """Where wheels are kept between runs, or a name for none."""
    question = [sys.executable, "-m", "pip", "cache", "dir"]
    return subprocess.run(question, capture_output=True, text=True).stdout.strip()


@pytest.mark.slow
def test_make_alone_generates_checks_and_mends(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "checkout", tmp_path / "home")
    checkout.home.mkdir()
    commit_working_copy(checkout.root)

    checkout.run("make", "generate")
    assert checkout.changed() == [], "the committed package is what the schema says"

    schema = checkout.root / "schema/app.yaml"
    text = schema.read_text("utf-8")
    assert "      task: str\n" in text
    schema.write_text(text.replace("      task: str\n", "      task: str | None\n"))
    said = checkout.run("make", "check", fails=True)
    assert "stale: generated/tables/workflows.py is out of date\n" in said
    assert "\n-    task: str\n+    task: str | None\n" in said
    assert "\nTo mend: codegen generate\n" in said
    assert "check] Error 1\n" in said
    assert checkout.changed() == ["schema/app.yaml"]
    guard = (".venv/bin/pre-commit", "run", "codegen-check")
    checkout.run("git", "add", "schema")
    assert "To mend: codegen generate && git add" in checkout.run(*guard, fails=True)

    checkout.run("make", "generate")
    checkout.run("make", "check")
    checkout.run("git", "add", "-A")
    checkout.run(*guard)
    assert checkout.changed() == [
        "generated/_manifest.json",
        "generated/_schema.json",
        "generated/tables/workflows.py",
        "schema/app.yaml",
    ]
