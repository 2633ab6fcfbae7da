"""`codegen init`: a first schema, its package and its configuration, in an existing folder."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from importlib import resources

from . import generate
from .console import Console, Exit

_STARTER = {
    "schema/app.yaml": "app.yaml",
    ".pre-commit-config.yaml": "pre-commit-config.yaml",
    ".gitattributes": "gitattributes",
}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "folder", nargs="?", default=".", help="the project (default: .)"
    )


def run(given: Namespace) -> Exit:
    console = Console()
    starter = resources.files("codegen.project") / "starter"
    os.makedirs(given.folder, exist_ok=True)
    os.chdir(given.folder)
    if os.path.isdir("schema") and os.listdir("schema"):
        console.note("kept    schema/")
        files = {path: name for path, name in _STARTER.items() if path[:6] != "schema"}
    else:
        files = _STARTER
    for path, name in files.items():
        _write_new(console, path, (starter / name).read_text("utf-8"))
    _configure(console, (starter / "pyproject.toml").read_text("utf-8"))
    plain = Namespace(schema=None, output=None, format="text", force=False)
    done = generate.run(plain)
    if done is Exit.CLEAN:
        console.note(
            "Next: edit schema/app.yaml, run `codegen generate`, and commit both folders."
        )
    return done


def _configure(console: Console, section: str) -> None:
    """Says in pyproject.toml where things are, unless it does already."""
    path = "pyproject.toml"
    if not os.path.exists(path):
        _write_new(console, path, section)
        return
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if "[tool.codegen" in text:
        console.note(f"kept    {path}")
        return
    gap = "" if text.endswith("\n") else "\n"
    with open(path, "a", encoding="utf-8", newline="\n") as file:
        file.write(f"{gap}\n{section}")
    console.note(f"added   [tool.codegen] to {path}")


def _write_new(console: Console, path: str, text: str) -> None:
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        console.note(f"wrote   {path}")
    except FileExistsError:
        console.note(f"kept    {path}")
