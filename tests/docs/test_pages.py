"""Nothing is without a page, and no page leads nowhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from codegen.cli.main import COMMANDS as COMMAND_NAMES
from codegen.cli.main import run
from codegen.codes import TITLES
from tests.docs.pages import (
    COMMANDS,
    DIAGNOSTICS,
    PAGES,
    ROOT,
    blocks,
    headings,
    sections,
)

# What no file of a schema gives, and so no example shows; the page says when it comes.
WITHOUT_EXAMPLE = {
    *("E013", "E503", "E900"),  # faults of an installation, or our own
    *("E205", "E207", "E208", "E211", "E212", "E221"),  # found earlier, as another code
    # Running code takes an engine, the packages of npm, and time.
    *("E710", "E711", "E712", "E713", "E714", "E715"),
}


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    pages = {page.stem for page in DIAGNOSTICS.glob("*.md")} - {"README"}
    assert pages == TITLES.keys()


@pytest.mark.parametrize("code", TITLES)
def test_the_page_of_a_code(code: str) -> None:
    page = DIAGNOSTICS / f"{code}.md"
    text = page.read_text("utf-8")
    assert text.startswith(f"# {code}: {TITLES[code]}\n")
    shown = {s.title: s for s in sections(page)}
    assert "How to mend it" in shown
    if code in WITHOUT_EXAMPLE:
        assert "Example" not in shown
        return
    consoles = [b for b in shown["Example"].blocks if b.info == ("console",)]
    assert any(f"[{code}]: " in block.text for block in consoles)


@pytest.mark.parametrize(
    ("code", "accident"),
    [
        ("E013", "import yaml; yaml.__with_libyaml__ = False"),
        ("E503", "import sys; sys.modules['jinja2'] = None"),
        ("E900", "import codegen.cli.generate as command; command.run = None"),
    ],
)
def test_faults_of_an_installation(code: str, accident: str) -> None:
    start = (
        "from codegen.cli.main import run; run(['generate', '--output', '/nowhere/x'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{accident}\n{start}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    (shown,) = [b for b in blocks(DIAGNOSTICS / f"{code}.md") if b.info == ("text",)]
    assert f"[{code}]: " in shown.text
    assert shown.text in done.stderr


def test_the_list_of_codes_is_whole() -> None:
    listed = re.findall(
        r"^\| \[(\w+)\]\(\1\.md\) \| (.+) \|$",
        (DIAGNOSTICS / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert listed == [(code, TITLES[code]) for code in sorted(TITLES)]


def test_every_command_has_a_page() -> None:
    assert {page.stem for page in COMMANDS.glob("*.md")} == COMMAND_NAMES.keys()


@pytest.mark.parametrize("command", COMMAND_NAMES)
def test_the_page_of_a_command(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run([command, "--help"])
    help_ = capsys.readouterr().out
    options = set(re.findall(r"--[a-z-]+", help_)) - {"--help"}
    choices = {
        one for group in re.findall(r"{(.+?)}", help_) for one in group.split(",")
    }
    table = (COMMANDS / f"{command}.md").read_text("utf-8").partition("|---|")[2]
    assert {name for name in options | choices if f"`{name}" not in table} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        if anchor:
            assert anchor in {_anchor(title) for _, title in headings(linked)}, target


def _anchor(title: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
