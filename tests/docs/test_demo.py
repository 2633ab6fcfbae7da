"""The demo runs, and says what it is for."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib

import pytest

from tests.docs.pages import DEMO, ROOT

SAID = """\
Two workflows run, each with its agent sessions:
  j97… write a parser: failed
  j97… write a manual: completed

Queries by index, in its order:
  failed: tester - 2 of 90 tests fail
  of the parser: planner (completed), coder (completed), tester (failed), reviewer (pending)
  completed, as new as the editor: editor (completed)
  the plan: SEARCH agentSessions USING INDEX agentSessions.by_workflow (by_workflow>? AND by_workflow<?)

Pages of four:
  1: planner (completed), coder (completed), tester (failed), reviewer (pending)
  2: writer (completed), editor (completed) and no more

A transaction undoes everything when something in it fails:
  ValidationFailed at .metadata.workflowId: 'w1' is not an id of `workflows`: an id has 31 to 37 letters and digits
  The parser is still there: True

Errors have types:
  NotFound: j97… in workflows

What is stored, as any program sees it:
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    return subprocess.run(
        [sys.executable, DEMO],
        cwd=tmp_path_factory.mktemp("elsewhere"),
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_what_it_says(output: str) -> None:
    said, _, _ = output.rpartition("  {")
    assert said == SAID


def test_the_document_that_it_shows(output: str) -> None:
    document = json.loads(output.splitlines()[-1])
    assert document.pop("_id").startswith("j97")
    assert document.pop("metadata")["createdAt"] < document.pop("_creationTime")
    assert document == {
        "task": "write a manual",
        "status": "completed",
        "artifacts": [{"kind": "log", "uri": "file:///run.log"}],
    }


def test_make_demo_runs_it() -> None:
    done = subprocess.run(
        ["make", "--dry-run", "demo"], cwd=ROOT, capture_output=True, text=True
    )
    assert str(DEMO.relative_to(ROOT)) in done.stdout


def test_lint_checks_it() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    name = DEMO.relative_to(ROOT).as_posix()
    assert name in tool["mypy"]["files"]
    assert name in tool["pyright"]["include"]
