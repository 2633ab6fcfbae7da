"""What the pages show is what happens."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.cases.cases import codegen
from tests.docs.pages import (
    DEMO,
    DIAGNOSTICS,
    PAGES,
    ROOT,
    Section,
    accept,
    blocks,
    play,
    python_of,
    run_python,
    sections,
)
from tests.typing.checkers import Errors, mypy_errors, pyright_errors

Check = Callable[[Iterable[Path]], Errors]

SESSIONS = [
    pytest.param(
        section, id=section.name, marks=[pytest.mark.slow] if section.is_slow else []
    )
    for page in PAGES
    for section in sections(page)
    if section.is_session
]
WITH_PYTHON = [page for page in PAGES if python_of(page)]
START_EMPTY = "schema-language.md"


def _project(section: Section, folder: Path) -> None:
    """What a reader has: this repository's schema and package, or nothing where it is written."""
    if section.page.parent == DIAGNOSTICS or section.page.name == START_EMPTY:
        return
    shutil.copytree(ROOT / "schema", folder / "schema")
    settings = '[tool.codegen]\nschema = "schema"\noutput = "generated"\n'
    (folder / "pyproject.toml").write_text(settings)
    assert codegen(["generate"], folder)[0] == 0


@pytest.mark.parametrize("section", SESSIONS)
def test_session(
    section: Section, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    _project(section, tmp_path)
    differing = play(section, tmp_path)
    if request.config.getoption("--accept"):
        accept(section.page, differing)
        return
    for block, real in differing.items():
        assert block.text == real


@pytest.mark.parametrize(
    "page", [p for p in PAGES if any(b.info[0].startswith("py") for b in blocks(p))]
)
def test_python(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run_python(page)


@pytest.mark.slow
@pytest.mark.parametrize("check", [mypy_errors, pyright_errors])
def test_python_is_typed(check: Check, tmp_path: Path) -> None:
    files = [DEMO]
    for page in WITH_PYTHON:
        files.append(tmp_path / f"{page.stem.lower().replace('-', '_')}_page.py")
        files[-1].write_text(python_of(page), "utf-8")
    assert check(files) == {}
