"""`codegen diff`: what generate would change, in the schema's words and in the files."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from codegen.diagnostics import Diagnostic

from . import arguments, deployment
from .changes import BY_PUSHING, tell, tell_way
from .console import Exit, few, report_database_error

if TYPE_CHECKING:
    from codegen.ir.model import Schema

    from .session import Session


def add_arguments(parser: ArgumentParser) -> None:
    arguments.add_schema(parser)
    arguments.add_evaluate(parser)
    arguments.add_output(parser)
    arguments.add_format(parser)
    parser.add_argument(
        "--db",
        metavar="URL",
        help="show what changes for this database, rather than for the package",
    )
    parser.add_argument(
        "--deployed",
        action="store_true",
        help="show what changes for a deployment of Convex, rather than for the package",
    )
    arguments.add_timeout(parser)
    deployment.add_arguments(
        parser, "With --deployed, the schema of the deployment is what changes."
    )


def run(given: Namespace) -> Exit:
    from codegen.ir.delta import compare as compare_schemas
    from codegen.output.compare import compare, with_obstacles
    from codegen.project.pipeline import build

    from .session import open_session

    session = open_session(given)
    console, project = session.console, session.project
    if refused := _refused(given):
        session.diagnostics.add(refused)
        console.report(session.diagnostics)
        return Exit.ERROR
    if given.deployed:
        return _for_deployment(session, given)
    if given.db is not None:
        return _for_database(session, given.db, given.timeout_ms)
    built = build(project, session.diagnostics)
    console.report_aside(session.diagnostics)
    if built is None:
        return Exit.ERROR
    tree, folder = project.tree.unrecorded, project.config.output
    shown = console.shown(folder)
    found = with_obstacles(
        compare(built.files, tree, folder, built.previous), project.output_folder
    )
    drifts = [drift for drift in found if not drift.foreign]
    before = _recorded_schema(tree.read(f"{folder}/_schema.json"))
    changes = compare_schemas(before, built.schema) if before else []
    tell(console, changes)
    if before:
        tell_way(console, before, built.schema)
    if console.format != "text":
        for drift in drifts:
            console.drift(drift.kind.value, f"{shown}/{drift.path}", drift.reason)
        return Exit.DRIFT if drifts else Exit.CLEAN
    if changes and drifts:
        console.out()
    for drift in drifts:
        told = f"{drift.kind.value}: {shown}/{drift.path} {drift.reason}\n"
        sys.stdout.write(drift.diff(shown) or told)
    if foreign := [f"{shown}/{drift.path}" for drift in found if drift.foreign]:
        console.note(f"Not codegen's, and left alone: {few(foreign)}")
    return Exit.DRIFT if drifts else Exit.CLEAN


def _for_database(session: Session, url: str, timeout_ms: float) -> Exit:
    """The changes from the schema that a database has."""
    from codegen.engines.access import applied_schema, catalog_of
    from codegen.ir.delta import compare
    from codegen.project.loading import load_schema
    from codegen.runtime.errors import DatabaseError

    console = session.console
    loaded = load_schema(session.project, session.diagnostics)
    console.report_aside(session.diagnostics)
    if loaded is None:
        return Exit.ERROR
    try:
        with catalog_of(url, timeout_ms) as catalog, catalog.dialect.snapshot():
            applied = applied_schema(catalog).schema
    except (ValueError, DatabaseError) as error:
        return report_database_error(console, error)
    changes = [
        change
        for change in compare(applied, loaded.schema)
        if change.path[:1] != ("functions",)
    ]
    tell(console, changes)
    tell_way(console, applied, loaded.schema)
    return Exit.DRIFT if changes else Exit.CLEAN


def _for_deployment(session: Session, given: Namespace) -> Exit:
    """The changes from the schema and the functions that a deployment has."""
    from codegen.project.deployed import (
        NO_SCHEMA,
        as_deployed,
        deployed_tables,
        function_changes,
        table_changes,
    )
    from codegen.project.loading import load_schema

    console = session.console
    loaded = load_schema(session.project, session.diagnostics)
    console.report_aside(session.diagnostics)
    if loaded is None:
        return Exit.ERROR
    schema = loaded.schema
    try:
        with deployment.administered(console, given) as administrator:
            deployed = administrator.schema() or NO_SCHEMA
            changes = table_changes(deployed, schema)
            changes += function_changes(administrator.functions(), schema)
            tell(console, changes)
            before = deployed_tables(deployed)
    except deployment.Unusable:
        return Exit.ERROR
    tell_way(console, before, as_deployed(schema), BY_PUSHING)
    return Exit.DRIFT if changes else Exit.CLEAN


def _refused(given: Namespace) -> Diagnostic | None:
    """The fault of options that say two things, or that say nothing here."""
    if given.deployed and given.db is not None:
        return Diagnostic("E502", "--db and --deployed are two things to compare with")
    named = given.url or given.admin_key or given.env_file
    if named and not given.deployed:
        message = "--url, --admin-key and --env-file are for --deployed"
        return Diagnostic("E502", message)
    return None


def _recorded_schema(text: bytes | None) -> Schema | None:
    """The schema of the last run; None if there was none, or a merge has damaged it."""
    from codegen.ir.canonical import loads
    from codegen.ir.checks.constraints import check_constraints
    from codegen.ir.checks.defaults import check_defaults
    from codegen.ir.checks.functions import check_functions
    from codegen.ir.checks.references import check_named
    from codegen.ir.nodes import collect

    try:
        schema = loads(text.decode()) if text is not None else None
        if schema is None:
            return None
        # What a comparison follows and prints has to hold, first of all the names of types.
        nodes = collect(schema)
        checks = (check_named, check_constraints, check_defaults, check_functions)
        return (
            None if any(fault for c in checks for fault in c(schema, nodes)) else schema
        )
    except (ValueError, KeyError, TypeError):
        return None
