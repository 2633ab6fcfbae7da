"""`codegen check`: says whether the package is what the schema says. Writes nothing."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from . import arguments
from .console import Exit

if TYPE_CHECKING:
    from codegen.output.compare import Drift
    from codegen.project.pipeline import Built

    from .session import Session


def add_arguments(parser: ArgumentParser) -> None:
    arguments.add_schema(parser)
    arguments.add_output(parser)
    arguments.add_format(parser)
    parser.add_argument(
        "--staged",
        action="store_true",
        help="check what git has staged, which is what a commit will hold",
    )


def run(given: Namespace) -> Exit:
    from codegen.output.compare import compare
    from codegen.output.errors import OutputError
    from codegen.project.pipeline import build

    from .session import open_session, output_fault

    session = open_session(given, staged=given.staged)
    try:
        built = build(session.project, session.diagnostics)
        if built is None:
            session.console.report(session.diagnostics)
            return Exit.ERROR
        folder = session.project.config.output
        drifts = compare(
            built.files, session.project.tree.unrecorded, folder, built.previous
        )
    except OutputError as error:
        session.diagnostics.add(output_fault(error))
        session.console.report(session.diagnostics)
        return Exit.ERROR
    session.console.report(session.diagnostics)
    if not drifts:
        session.console.out("The generated package is what the schema says.")
        return Exit.CLEAN
    _report(drifts, built, session, given)
    return Exit.DRIFT


def _report(
    drifts: list[Drift], built: Built, session: Session, given: Namespace
) -> None:
    console = session.console
    folder = console.shown(session.project.config.output)
    if console.format == "json":
        for drift in drifts:
            console.drift(drift.kind.value, f"{folder}/{drift.path}", drift.reason)
        return
    for drift in drifts:
        path = f"{folder}/{drift.path}"
        if console.format == "github":
            console.drift(drift.kind.value, path, drift.reason)
            continue
        console.out(f"{drift.kind.value}: {path} {drift.reason}")
        if drift.expected is not None or drift.actual is not None:
            sys.stdout.write(drift.diff(folder))
        console.out()
    previous = built.previous
    if previous.generator and previous.generator != built.manifest.generator:
        was = previous.version or "another version"
        now = built.manifest.version
        console.note(
            f"The package was written by codegen {was}, this is {now}."
            if was != now
            else "The generator itself has changed since the package was written."
        )
    console.note(_mend(drifts, folder, given))


def _mend(drifts: list[Drift], folder: str, given: Namespace) -> str:
    """What to do about it, in the words of a shell."""
    command = "codegen generate"
    if given.schema:
        command += f" --schema {given.schema}"
    if given.output:
        command += f" --output {given.output}"
    advice: list[str] = []
    foreign = [d for d in drifts if d.kind.value == "orphan" and not d.owned]
    if foreign:
        names = ", ".join(f"{folder}/{drift.path}" for drift in foreign)
        advice.append(f"Move or delete what codegen did not write: {names}")
    if any(drift.edited for drift in drifts):
        command += " --force"
        advice.append(
            "Take hand-made changes into the schema: they are lost with --force."
        )
    if len(foreign) < len(drifts):
        advice.append(f"To mend: {command}")
        if given.staged:
            advice[-1] += f" && git add {folder}"
    return "\n".join(advice)
