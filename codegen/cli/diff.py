"""`codegen diff`: what generate would change, in the schema's words and in the files."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from . import arguments
from .console import Exit

if TYPE_CHECKING:
    from codegen.ir.model import Schema


def add_arguments(parser: ArgumentParser) -> None:
    arguments.add_schema(parser)
    arguments.add_output(parser)
    arguments.add_format(parser)


def run(given: Namespace) -> Exit:
    from codegen.ir.delta import compare as compare_schemas
    from codegen.output.compare import compare
    from codegen.project.pipeline import build

    from .session import open_session

    session = open_session(given)
    console, project = session.console, session.project
    built = build(project, session.diagnostics)
    console.report_aside(session.diagnostics)
    if built is None:
        return Exit.ERROR
    tree, folder = project.tree.unrecorded, project.config.output
    drifts = compare(built.files, tree, folder, built.previous)
    before = _recorded_schema(tree.read(f"{folder}/_schema.json"))
    changes = compare_schemas(before, built.schema) if before else []
    if console.format != "text":
        for change in changes:
            console.change(change.kind, change.text)
        for drift in drifts:
            console.drift(drift.kind.value, f"{folder}/{drift.path}", drift.reason)
        return Exit.DRIFT if drifts else Exit.CLEAN
    for change in changes:
        effects = {
            "stored documents may not fit": change.narrows,
            "older code may not read it": change.widens,
        }
        said = ", ".join(effect for effect, holds in effects.items() if holds)
        console.out(f"{change.kind}: {change.text}" + (f"  ({said})" if said else ""))
    if changes and drifts:
        console.out()
    for drift in drifts:
        sys.stdout.write(drift.diff(console.shown(folder)))
    return Exit.DRIFT if drifts else Exit.CLEAN


def _recorded_schema(text: bytes | None) -> Schema | None:
    """The schema of the last run; None if there was none, or a merge has damaged it."""
    from codegen.ir.canonical import loads

    try:
        return loads(text.decode()) if text is not None else None
    except (ValueError, KeyError, TypeError):
        return None
