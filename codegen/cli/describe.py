"""`codegen describe`: tables, fields, indexes and types at a glance."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from . import arguments
from .console import Exit


def add_arguments(parser: ArgumentParser) -> None:
    arguments.add_schema(parser)
    arguments.add_format(parser)
    parser.add_argument(
        "table", nargs="*", help="only these tables and named types (default: all)"
    )


def run(given: Namespace) -> Exit:
    from codegen.diagnostics import Diagnostic, closest, locate_fault
    from codegen.ir.canonical import dumps
    from codegen.ir.model import Schema
    from codegen.project.description import describe
    from codegen.project.pipeline import load_schema
    from codegen.python.outputs import package

    from .session import open_session

    session = open_session(given)
    console = session.console
    loaded = load_schema(session.project, session.diagnostics)
    if loaded is None:
        console.report(session.diagnostics)
        return Exit.ERROR
    schema = loaded.schema
    planned, faults = package(schema, session.project.config.models)
    for fault in faults:
        session.diagnostics.add(locate_fault(fault, loaded.locate))
    known = {*schema.tables, *schema.types}
    for name in given.table:
        if name not in known:
            message = f"there is no table and no type `{name}`"
            session.diagnostics.add(
                Diagnostic("E504", message, hint=closest(name, known))
            )
    if session.diagnostics.failed:
        console.report(session.diagnostics)
        return Exit.ERROR
    if given.table:
        schema = Schema(
            {name: t for name, t in schema.tables.items() if name in given.table},
            {name: t for name, t in schema.types.items() if name in given.table},
            schema.schema_validation,
        )
    if console.format == "json":
        console.out(dumps(schema).rstrip("\n"))
    else:
        for line in describe(schema, planned):
            console.out(line)
    console.report_aside(session.diagnostics)
    return Exit.CLEAN
