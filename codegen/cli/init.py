"""`codegen init`: a first schema, its package and its configuration, in an existing folder."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser, Namespace
from importlib import resources

from codegen.diagnostics import Diagnostic, Diagnostics
from codegen.output.disk import read
from codegen.output.errors import OutputError
from codegen.output.tree import DiskTree
from codegen.project.config import PYPROJECT, Config, configures, read_config
from codegen.project.convex_folder import find_convex_folder

from . import generate
from .console import Console, Exit


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "folder", nargs="?", default=".", help="the project (default: .)"
    )


def run(given: Namespace) -> Exit:
    try:
        os.makedirs(given.folder, exist_ok=True)
        os.chdir(given.folder)
    except OSError as error:
        raise OutputError(given.folder, _refused(error)) from error
    diagnostics = Diagnostics()
    console = Console(read=_read)
    before = _read(PYPROJECT)
    app = (
        None if os.path.lexists(Config().schema) else find_convex_folder(DiskTree("."))
    )
    text = _configured(before, app, diagnostics)
    config = read_config(text, PYPROJECT, diagnostics)
    if diagnostics.failed:
        console.report(diagnostics)
        return Exit.ERROR
    schema = _first_file(config.schema)
    files = _starters(schema, config)
    for path in (*files, PYPROJECT):
        _demand_writable(path)
    if app is not None and app == config.schema and text != before:
        console.note(f"found   {schema}, an app of Convex: it is the schema")
    elif os.path.lexists(config.schema) and schema not in files:
        console.note(f"kept    {schema}")
    for path, content in files.items():
        _write_new(console, path, content)
    _configure(console, before, text)
    plain = Namespace(
        schema=None,
        output=None,
        evaluate=False,
        strict=False,
        format="text",
        force=False,
    )
    done = generate.run(plain)
    if done is Exit.CLEAN:
        console.note(
            f"Next: edit {schema}, run `codegen generate`, "
            f"and commit it with {config.output}/."
        )
    return done


def _first_file(schema: str) -> str:
    """What there is to edit: the schema that is there, or the file to write."""
    if os.path.isdir(schema):
        return f"{schema}/" if os.listdir(schema) else f"{schema}/app.yaml"
    is_file = os.path.lexists(schema) or os.path.splitext(schema)[1]
    return schema if is_file else f"{schema}/app.yaml"


def _starters(schema: str, config: Config) -> dict[str, str]:
    """The files to write where there are none, and their texts."""
    files: dict[str, str] = {}
    if not os.path.lexists(schema) and schema.lower().endswith((".yaml", ".yml")):
        files[schema] = _starter("app.yaml")
    files[".pre-commit-config.yaml"] = _starter("pre-commit-config.yaml")
    pattern = f"{config.output}/**"
    pattern = f'"{pattern}"' if " " in pattern else pattern
    attributes = _starter("gitattributes").replace("generated/**", pattern)
    files[".gitattributes"] = attributes
    return files


def _starter(name: str) -> str:
    return (resources.files("codegen.project") / "starter" / name).read_text("utf-8")


def _configured(
    before: bytes | None, app: str | None, diagnostics: Diagnostics
) -> bytes:
    """The pyproject.toml that says where things are: as it is, if it does already.

    `app` is a folder of Convex that is there to be the schema.
    """
    starter = _starter(PYPROJECT)
    section = starter.replace('"schema"', json.dumps(app or Config().schema)).encode()
    if not before:
        return section
    if configures(before):
        return before
    gap = b"\n" if before.endswith(b"\n") else b"\n\n"
    text = before + gap + section
    found = Diagnostics()
    read_config(text, PYPROJECT, found)
    if found.failed:
        message = f"[tool.codegen] can't be added to {PYPROJECT}"
        hint = "it is not TOML, or has a `tool` that is no table: mend it first"
        diagnostics.add(Diagnostic("E501", message, hint=hint))
        return before
    return text


def _configure(console: Console, before: bytes | None, text: bytes) -> None:
    if before == text:
        console.note(f"kept    {PYPROJECT}")
        return
    try:
        with open(PYPROJECT, "ab") as file:
            file.write(text[len(before or b"") :])
    except OSError as error:
        raise OutputError(PYPROJECT, _refused(error)) from error
    if before is None:
        console.note(f"wrote   {PYPROJECT}")
    else:
        console.note(f"added   [tool.codegen] to {PYPROJECT}")


def _read(path: str) -> bytes | None:
    try:
        return read(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutputError(path, f"cannot be read: {error.strerror or error}") from error


def _demand_writable(path: str) -> None:
    """Refuses a path that could not be written, before anything is."""
    there = path
    while not os.path.lexists(there):
        there = os.path.dirname(there) or "."
    if there != path and not os.path.isdir(there):
        raise OutputError(there, "is in the way: a folder is needed there")
    if not os.access(there, os.W_OK) and (there != path or path == PYPROJECT):
        raise OutputError(there, "cannot be written: Permission denied")


def _write_new(console: Console, path: str, text: str) -> None:
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        console.note(f"wrote   {path}")
    except FileExistsError:
        console.note(f"kept    {path}")
    except OSError as error:
        raise OutputError(path, _refused(error)) from error


def _refused(error: OSError) -> str:
    return f"cannot be written: {error.strerror or error}"
