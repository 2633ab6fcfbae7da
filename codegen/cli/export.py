"""`codegen export`: prints the schema in another language."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from . import arguments
from .console import Exit

FORMATS = (
    *("convex", "convex-helper", "convex-json", "function-spec"),
    *("json-schema", "mermaid", "openapi", "sql"),
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--to",
        required=True,
        choices=FORMATS,
        help="convex: convex/schema.ts; convex-helper: convex/tablewright.ts, through which "
        "Python reads and writes a deployment; convex-json: what schema.export() of Convex gives; "
        "function-spec: the functions, as `npx convex function-spec` prints them; "
        "json-schema: the documents of each table as JSON; "
        "mermaid: a diagram of the tables; "
        "openapi: documents as components, functions as paths; "
        "sql: the tables of a relational database",
    )
    parser.add_argument(
        "--dialect",
        choices=("sqlite", "postgresql"),
        help="of which database the SQL is (default: sqlite)",
    )
    arguments.add_schema(parser)
    arguments.add_evaluate(parser)
    arguments.add_format(parser)


def run(given: Namespace) -> Exit:
    from codegen.diagnostics import Diagnostic, locate_fault
    from codegen.project.loading import load_schema

    from .session import open_session

    session = open_session(given)
    if given.dialect and given.to != "sql":
        message = f"--dialect has no meaning for --to {given.to}"
        session.diagnostics.add(Diagnostic("E502", message, hint="it is for --to sql"))
        session.console.report(session.diagnostics)
        return Exit.ERROR
    if given.to == "convex-helper":
        from codegen.interop import convex_helper

        sys.stdout.write(convex_helper.dumps())
        return Exit.CLEAN
    loaded = load_schema(session.project, session.diagnostics)
    if loaded is None:
        session.console.report(session.diagnostics)
        return Exit.ERROR
    if given.to in ("convex", "convex-json"):
        from codegen.interop import convex_json

        if given.to == "convex":
            from codegen.interop import convex_typescript

            text = convex_typescript.dumps(loaded.schema)
        else:
            text = convex_json.dumps(loaded.schema)
        for fault in convex_json.warnings(loaded.schema):
            session.diagnostics.add(locate_fault(fault, loaded.locate))
    elif given.to == "function-spec":
        from codegen.interop import function_spec

        text = function_spec.dumps(loaded.schema)
        for fault in function_spec.warnings(loaded.schema):
            session.diagnostics.add(locate_fault(fault, loaded.locate))
    elif given.to == "sql":
        from codegen.interop import sql

        text, faults = sql.dumps(loaded.schema, given.dialect or "sqlite")
        for fault in faults:
            session.diagnostics.add(locate_fault(fault, loaded.locate))
    elif given.to == "mermaid":
        from codegen.interop import mermaid

        text = mermaid.dumps(loaded.schema)
        for fault in mermaid.warnings(loaded.schema):
            session.diagnostics.add(locate_fault(fault, loaded.locate))
    else:
        from codegen.interop import json_schema, openapi
        from codegen.python.outputs import package

        # Its definitions have the names of the classes.
        _, faults = package(loaded.schema, session.project.config.models)
        for fault in faults:
            session.diagnostics.add(locate_fault(fault, loaded.locate))
        if session.diagnostics.failed:
            session.console.report(session.diagnostics)
            return Exit.ERROR
        writer = openapi if given.to == "openapi" else json_schema
        text = writer.dumps(loaded.schema)
        for fault in writer.warnings(loaded.schema):
            session.diagnostics.add(locate_fault(fault, loaded.locate))
    sys.stdout.write(text)
    session.console.report_aside(session.diagnostics)
    return Exit.CLEAN
