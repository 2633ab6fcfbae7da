"""`codegen diff`: what generate would change, in the schema's words and in the files."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from . import arguments
from .console import Exit, few

if TYPE_CHECKING:
    from codegen.ir.model import Schema


def add_arguments(parser: ArgumentParser) -> None:
    arguments.add_schema(parser)
    arguments.add_evaluate(parser)
    arguments.add_output(parser)
    arguments.add_format(parser)


def run(given: Namespace) -> Exit:
    from codegen.ir.delta import compare as compare_schemas
    from codegen.output.compare import compare, with_obstacles
    from codegen.project.pipeline import build

    from .session import open_session

    session = open_session(given)
    console, project = session.console, session.project
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
    if console.format != "text":
        for change in changes:
            console.change(change.kind, change.text)
        for drift in drifts:
            console.drift(drift.kind.value, f"{shown}/{drift.path}", drift.reason)
        return Exit.DRIFT if drifts else Exit.CLEAN
    for change in changes:
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
    if changes and drifts:
        console.out()
    for drift in drifts:
        told = f"{drift.kind.value}: {shown}/{drift.path} {drift.reason}\n"
        sys.stdout.write(drift.diff(shown) or told)
    if foreign := [f"{shown}/{drift.path}" for drift in found if drift.foreign]:
        console.note(f"Not codegen's, and left alone: {few(foreign)}")
    return Exit.DRIFT if drifts else Exit.CLEAN


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
