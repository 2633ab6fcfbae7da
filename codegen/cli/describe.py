"""`codegen describe`: tables, fields, indexes, types and functions at a glance."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from . import arguments
from .console import Exit


def add_arguments(parser: ArgumentParser) -> None:
    arguments.add_schema(parser)
    arguments.add_evaluate(parser)
    arguments.add_format(parser)
    parser.add_argument(
        "name",
        nargs="*",
        help="only these tables, named types and functions (default: all)",
    )


def run(given: Namespace) -> Exit:
    from codegen.diagnostics import Diagnostic, closest, locate_fault
    from codegen.ir.canonical import dumps
    from codegen.ir.model import Schema
    from codegen.project.description import describe
    from codegen.project.loading import load_schema
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
    known = {*schema.tables, *schema.types, *schema.functions}
    for name in given.name:
        if name not in known:
            message = f"there is no table, no type and no function `{name}`"
            session.diagnostics.add(
                Diagnostic("E504", message, hint=closest(name, known))
            )
    if session.diagnostics.failed:
        console.report(session.diagnostics)
        return Exit.ERROR
    if given.name:
        schema = Schema(
            {name: t for name, t in schema.tables.items() if name in given.name},
            {name: t for name, t in schema.types.items() if name in given.name},
            schema.schema_validation,
            {name: f for name, f in schema.functions.items() if name in given.name},
        )
    if console.format == "json":
        console.out(dumps(schema).rstrip("\n"))
    else:
        for line in describe(schema, planned):
            console.out(line)
    console.report_aside(session.diagnostics)
    return Exit.CLEAN
