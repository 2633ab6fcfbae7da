"""`codegen generate`: writes the package."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from . import arguments
from .console import Exit, few


def add_arguments(parser: ArgumentParser) -> None:
    arguments.add_schema(parser)
    arguments.add_evaluate(parser)
    arguments.add_output(parser)
    arguments.add_strict(parser)
    arguments.add_format(parser)
    parser.add_argument(
        "--force",
        action="store_true",
        help="write over files that were edited by hand or are not codegen's",
    )


def run(given: Namespace) -> Exit:
    from codegen.output.compare import others
    from codegen.output.write import write
    from codegen.project.pipeline import build

    from .session import open_session

    session = open_session(given)
    console, project = session.console, session.project
    built = build(project, session.diagnostics, strict=given.strict)
    console.report(session.diagnostics)
    if built is None:
        return Exit.ERROR
    written = write(
        built.files, project.output_folder, built.manifest, force=given.force
    )
    folder = console.shown(project.config.output)
    for path in written.removed:
        console.note(f"removed {folder}/{path}")
    console.note(
        f"{folder}: {len(written.changed)} written, {len(written.removed)} removed, "
        f"{len(written.unchanged)} unchanged"
    )
    listed = project.tree.unrecorded.files(project.config.output)
    if foreign := [f"{folder}/{path}" for path in others(built.files, listed)]:
        console.note(f"Not codegen's, and left alone: {few(foreign)}")
    return Exit.CLEAN
