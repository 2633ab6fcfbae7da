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


CLEAN = "The generated package is what the schema says."


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
    from codegen.project.pipeline import build

    from .session import open_session

    session = open_session(given, staged=given.staged)
    console, project = session.console, session.project
    built = build(project, session.diagnostics)
    console.report(session.diagnostics)
    if built is None:
        return Exit.ERROR
    drifts = compare(
        built.files, project.tree.unrecorded, project.config.output, built.previous
    )
    if not drifts:
        console.result(CLEAN)
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
    from shlex import join

    command = ["codegen", "generate"]
    if given.schema:
        command += ["--schema", given.schema]
    if given.output:
        command += ["--output", given.output]
    advice: list[str] = []
    foreign = [d for d in drifts if d.kind.value == "orphan" and not d.owned]
    ours = [d for d in drifts if d not in foreign]
    if foreign:
        names = ", ".join(f"{folder}/{drift.path}" for drift in foreign)
        advice.append(f"Move or delete what codegen did not write: {names}")
    if any(drift.edited or not drift.owned for drift in ours):
        command.append("--force")
        advice.append(
            "Take hand-made changes into the schema: they are lost with --force."
        )
    if ours:
        advice.append(f"To mend: {join(command)}")
        if given.staged:
            advice[-1] += f" && {join(('git', 'add', folder))}"
    return "\n".join(advice)
