"""The pages, and the sessions that they show.

Each section of a page is a session in a folder of its own; its fenced blocks run in order:

```yaml schema/app.yaml         the file is written
```yaml from schema/app.yaml    the file holds these lines
```console                      commands after `$ `, each with what it prints; a line `…` stands
                                for any lines

Python runs page by page, in an empty folder and with this repository's package: `python` as it
stands, `pycon` with what it prints, where `...` stands for any text.
Other blocks are only read.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from codegen.cli.main import run

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DIAGNOSTICS = DOCS / "diagnostics"
COMMANDS = DOCS / "commands"
DEMO = DOCS / "demo.py"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]

# The plugin as it is here, whether or not the environment knows its entry point.
_PLUGIN = "-p no:tablewright -p codegen.testing.plugin"
_FENCED = re.compile(
    r"^(?P<indent> *)```(?P<info>[^\n`]+)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block; `start` and `end` are where its text is in the page."""

    info: tuple[str, ...]
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Section:
    page: Path
    title: str
    blocks: tuple[Block, ...]

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}#{self.title}"

    @property
    def commands(self) -> list[str]:
        consoles = [block for block in self.blocks if block.info == ("console",)]
        return [command for block in consoles for command, _ in _steps(block.text)]

    @property
    def is_session(self) -> bool:
        return any(_is_file(b) or b.info == ("console",) for b in self.blocks)

    @property
    def is_slow(self) -> bool:
        return any(c.split()[0] in ("mypy", "pyright") for c in self.commands)


def blocks(page: Path) -> list[Block]:
    return [
        Block(tuple(m["info"].split()), m["text"], m.start("text"), m.end("text"))
        for m in _FENCED.finditer(page.read_text("utf-8"))
    ]


def headings(page: Path) -> list[tuple[int, str]]:
    """Where each heading is, and its text; what is fenced has none."""
    text = page.read_text("utf-8")
    fenced = [range(b.start, b.end) for b in blocks(page)]
    return [
        (found.start(), found[1])
        for found in _HEADING.finditer(text)
        if not any(found.start() in one for one in fenced)
    ]


def sections(page: Path) -> Iterator[Section]:
    marks = headings(page)
    ends = [*(start for start, _ in marks), len(page.read_text("utf-8"))][1:]
    for (start, title), end in zip(marks, ends, strict=True):
        inside = tuple(b for b in blocks(page) if start <= b.start < end)
        yield Section(page, title, inside)


def play(section: Section, folder: Path) -> dict[Block, str]:
    """Runs a section; what each console block should say, where it says something else.

    A schema that no command follows is generated, and must be without fault.
    """
    differing: dict[Block, str] = {}
    actors = [b for b in section.blocks if _is_file(b) or b.info[0] == "console"]
    for block, after in zip(actors, [*actors[1:], None], strict=True):
        if block.info[0] == "console":
            real = _perform(block.text, folder)
            if real is not None:
                differing[block] = real
        elif block.info[1] == "from":
            assert block.text in (folder / block.info[2]).read_text("utf-8")
        else:
            path = folder / block.info[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")
            is_schema = block.info[1].startswith("schema")
            if is_schema and (after is None or after.info[0] != "console"):
                schema = "schema" if (folder / "schema").exists() else block.info[1]
                said = _command(f"codegen generate --schema {schema}", folder)
                assert "error[" not in said and "warning[" not in said, said
    return differing


def accept(page: Path, texts: dict[Block, str]) -> None:
    """Rewrites console blocks."""
    page_text = page.read_text("utf-8")
    for block, real in texts.items():
        page_text = page_text.replace(block.text, real)
    page.write_text(page_text, "utf-8")


def run_python(page: Path) -> None:
    """Runs the Python of a page, which shares its names; what `pycon` shows is compared."""
    names: dict[str, object] = {"__name__": "page"}
    checker = doctest.DocTestRunner(
        verbose=False, optionflags=doctest.IGNORE_EXCEPTION_DETAIL | doctest.ELLIPSIS
    )
    for block in blocks(page):
        if block.info == ("python",):
            exec(compile(block.text, str(page), "exec"), names)
        elif block.info == ("pycon",):
            example = doctest.DocTestParser().get_doctest(
                block.text, names, page.name, str(page), 0
            )
            said = io.StringIO()
            checker.run(example, out=said.write, clear_globs=False)
            names.update(example.globs)
            assert not said.getvalue(), said.getvalue()


def python_of(page: Path) -> str:
    """The Python of a page as one module, without what `pycon` shows."""
    return "\n".join(b.text for b in blocks(page) if b.info == ("python",))


def _is_file(block: Block) -> bool:
    return len(block.info) > 1


def _steps(console: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with its output."""
    parts = re.split(r"^\$ (.*)\n", console, flags=re.MULTILINE)
    assert not parts[0], "a console block begins with `$ `"
    return list(zip(parts[1::2], parts[2::2], strict=True))


def _perform(console: str, folder: Path) -> str | None:
    """Runs the commands; the block as it should be if it says something else."""
    real: list[str] = []
    same = True
    for command, expected in _steps(console):
        said = _command(command, folder)
        pattern = "(?:.*\n)*?".join(map(re.escape, expected.split("…\n")))
        if re.fullmatch(pattern, said):
            said = expected
        else:
            same = False
        real.append(f"$ {command}\n{said}")
    return None if same else "".join(real)


def _command(command: str, folder: Path) -> str:
    """What a command prints on both of its outputs, in a folder that has a name of its own."""
    said = _printed(command, folder)
    return said.replace(str(folder), "/home/you/project")


def _printed(command: str, folder: Path) -> str:
    if command.startswith("codegen ") and not re.search(r"[;&|<>$]", command):
        said = io.StringIO()
        with (
            contextlib.chdir(folder),
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
        ):
            run(shlex.split(command)[1:])
        return said.getvalue()
    programs = os.path.dirname(sys.executable)
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={
            **os.environ,
            "PATH": os.pathsep.join((programs, os.environ["PATH"])),
            "PYTEST_ADDOPTS": _PLUGIN,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    ).stdout
