"""`codegen diff`: what generate would change, in the schema's words and in the files."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from . import arguments
from .console import Exit


def add_arguments(parser: ArgumentParser) -> None:
    arguments.add_schema(parser)
    arguments.add_output(parser)
    arguments.add_format(parser)


def run(given: Namespace) -> Exit:
    from codegen.ir.canonical import loads
    from codegen.ir.delta import compare as compare_schemas
    from codegen.output.compare import compare
    from codegen.output.errors import OutputError
    from codegen.project.pipeline import build

    from .session import open_session, output_fault

    session = open_session(given)
    console, project = session.console, session.project
    tree, folder = project.tree.unrecorded, project.config.output
    try:
        built = build(project, session.diagnostics)
        if built is None:
            console.report(session.diagnostics)
            return Exit.ERROR
        drifts = compare(built.files, tree, folder, built.previous)
        recorded = tree.read(f"{folder}/_schema.json")
    except OutputError as error:
        session.diagnostics.add(output_fault(error))
        console.report(session.diagnostics)
        return Exit.ERROR
    console.report(session.diagnostics)
    try:
        before = loads(recorded.decode()) if recorded is not None else None
    except (ValueError, KeyError, TypeError):
        before = None  # damaged, as by a merge: the files below still tell
    changes = compare_schemas(before, built.schema) if before else []
    for change in changes:
        console.out(str(change))
    if changes and drifts:
        console.out()
    shown = console.shown(folder)
    for drift in drifts:
        sys.stdout.write(drift.diff(shown))
    return Exit.DRIFT if drifts else Exit.CLEAN
