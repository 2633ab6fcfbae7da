"""`codegen import`: a schema of another language as a native schema file."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace

from codegen.output.errors import OutputError

from . import arguments
from .console import Exit

_ERRORS_OF_NATIVE_SCHEMAS = {"W202", "W210", "W311"}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "schema",
        metavar="SOURCE",
        help="what to read: a convex folder, its schema.ts, a Convex .json export, or a native schema",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        dest="file",
        help="the file to write (default: standard output)",
    )
    parser.add_argument(
        "--force", action="store_true", help="write over a file that is there already"
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="write nothing if there is a warning",
    )
    arguments.add_evaluate(parser)
    arguments.add_format(parser)


def run(given: Namespace) -> Exit:
    from codegen.diagnostics import Diagnostic
    from codegen.project.importing import native_text
    from codegen.project.loading import load_schema

    from .session import open_session

    session = open_session(given)
    console, project, found = session.console, session.project, session.diagnostics
    if given.file and not given.force and os.path.lexists(given.file):
        message = f"{os.path.relpath(given.file)} is there already"
        found.add(Diagnostic("E551", message, hint="--force writes over it"))
    text = None
    if not found.failed:
        loaded = load_schema(project, found)
        text = native_text(loaded, found) if loaded else None
    if text is None or (given.strict and len(found)):
        console.report_aside(found)
        if not found.failed:
            console.note("nothing is written: --strict takes warnings for errors")
        return Exit.ERROR
    if given.file is None:
        sys.stdout.write(text)
    else:
        _write(given.file, text, "w" if given.force else "x")
        console.note(f"wrote {given.file}")
    console.report_aside(found)
    if mended := sorted(_ERRORS_OF_NATIVE_SCHEMAS.intersection(d.code for d in found)):
        console.note(f"to mend: {', '.join(mended)} is an error in a native schema")
    return Exit.CLEAN


def _write(path: str, text: str, mode: str) -> None:
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, mode, encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        reason = f"cannot be written: {error.strerror or error}"
        raise OutputError(path, reason) from error
