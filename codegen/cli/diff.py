"""`codegen diff`: what generate would change, in the schema's words and in the files."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from . import arguments
from .console import Console, Exit, few, report_database_error

if TYPE_CHECKING:
    from codegen.ir.delta import Change
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
    arguments.add_timeout(parser)


def run(given: Namespace) -> Exit:
    from codegen.ir.delta import compare as compare_schemas
    from codegen.output.compare import compare, with_obstacles
    from codegen.project.pipeline import build

    from .session import open_session

    session = open_session(given)
    console, project = session.console, session.project
    if given.db:
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
    _tell(console, changes)
    if before:
        _tell_way(console, before, built.schema)
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
    _tell(console, changes)
    _tell_way(console, applied, loaded.schema)
    return Exit.DRIFT if changes else Exit.CLEAN


def _tell(console: Console, changes: list[Change]) -> None:
    for change in changes:
        if console.format != "text":
            console.change(change.kind, change.text)
            continue
        is_call = (
            change.path[:1] == ("functions",) and "returns" not in change.path[2:3]
        )
        effects = {
            "stored documents may not fit": change.narrows,
            "calls of older code may be refused": change.widens and is_call,
            "older code may not read it": change.widens and not is_call,
        }
        said = ", ".join(effect for effect, holds in effects.items() if holds)
        console.out(f"{change.kind}: {change.text}" + (f"  ({said})" if said else ""))


def _tell_way(console: Console, old: Schema, new: Schema) -> None:
    """How to get there where stored documents may not fit."""
    from codegen.ir.transition import transition

    stages = transition(old, new)
    if console.format != "text":
        for place, widen, backfill in stages:
            console.stage(place, widen, backfill)
    elif stages:
        wider = [f"   {stage.widen}" for stage in stages if stage.widen]
        console.out()
        console.out("Where stored documents do not fit, change them in three steps:")
        if wider:
            console.out(
                "1. widen: apply a schema that takes old documents and new ones"
            )
        else:
            console.out("1. widen: nothing to do, the schema of before takes both")
        for line in wider:
            console.out(line)
        console.out("2. backfill: change documents with codegen migrate")
        for stage in stages:
            console.out(f"   {stage.place}: {stage.backfill}")
        console.out("3. narrow: apply this schema")


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
