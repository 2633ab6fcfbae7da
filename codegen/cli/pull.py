"""`codegen pull`: brings the project's schema to what a deployment has."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from codegen.diagnostics import Diagnostic

from . import arguments, deployment
from .console import Exit

if TYPE_CHECKING:
    from codegen.project.pulled_files import PulledFile

    from .session import Session


def add_arguments(parser: ArgumentParser) -> None:
    arguments.add_schema(parser)
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        dest="file",
        help="write all of it as one native schema into this file, `-` for standard output,"
        " and leave the project's schema alone",
    )
    parser.add_argument(
        "--force", action="store_true", help="write over what is there and differs"
    )
    parser.add_argument(
        "--generate",
        action="store_true",
        help="write the package, too, as generate does",
    )
    arguments.add_format(parser)
    arguments.add_timeout(parser)
    deployment.add_arguments(
        parser, "Without --url, the environment names the deployment."
    )


def run(given: Namespace) -> Exit:
    from codegen.project.deployed import NO_SCHEMA
    from codegen.project.pulled_files import native_file, own_schema, pulled_files

    from .session import open_session

    session = open_session(given)
    console = session.console
    if given.file and given.generate:
        message = "--generate has no meaning beside --output"
        session.diagnostics.add(Diagnostic("E502", message))
    project, found = session.project, session.diagnostics
    loaded = None if given.file else own_schema(project, found)
    if found.failed:
        console.report_aside(found)
        return Exit.ERROR
    try:
        with deployment.administered(console, given) as administrator:
            told = administrator.schema() or NO_SCHEMA, administrator.functions()
            files = (
                native_file(project, given.file, *told, found)
                if given.file
                else pulled_files(project, loaded, *told, found)
            )
    except deployment.Unusable:
        return Exit.ERROR
    console.report_aside(found)
    if files is None:
        return Exit.ERROR
    if given.file == "-":
        sys.stdout.write("".join((file.after or b"").decode() for file in files))
        return Exit.CLEAN
    if not _write(session, files, force=given.force):
        return Exit.DRIFT
    return _generate(given) if given.generate else Exit.CLEAN


def _write(session: Session, files: list[PulledFile], *, force: bool) -> bool:
    """Writes the files; False, after a diff, where that would lose something."""
    console = session.console
    if not force and any(file.before is not None for file in files):
        for file in files:
            shown = console.shown(file.path)
            if console.format == "text":
                console.out(file.diff(shown).rstrip("\n"))
            else:
                console.drift("stale", shown, "is not as deployed")
        console.note("Nothing is written; to take it: codegen pull --force")
        return False
    for file in files:
        file.write(session.project.root)
        verb = "wrote" if file.after is not None else "removed"
        console.note(f"{verb} {console.shown(file.path)}")
    if not files:
        console.result("The schema is as deployed")
    return True


def _generate(given: Namespace) -> Exit:
    from . import generate

    return generate.run(
        Namespace(
            schema=given.schema,
            output=None,
            evaluate=False,
            strict=False,
            format=given.format,
            force=False,
        )
    )
