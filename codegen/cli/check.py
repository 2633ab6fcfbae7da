"""`codegen check`: says whether the package is what the schema says. Writes nothing."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from . import arguments
from .console import FEW, Exit, few
from .entry import CLEAN

if TYPE_CHECKING:
    from codegen.output.compare import Drift
    from codegen.project.pipeline import Built

    from .console import Console
    from .session import Session


def add_arguments(parser: ArgumentParser) -> None:
    arguments.add_schema(parser)
    arguments.add_evaluate(parser)
    arguments.add_output(parser)
    arguments.add_strict(parser)
    arguments.add_format(parser)
    parser.add_argument(
        "--staged",
        action="store_true",
        help="check what git has staged, which is what a commit will hold",
    )


def run(given: Namespace) -> Exit:
    from codegen.output.compare import compare, with_obstacles
    from codegen.project.pipeline import build

    from .session import open_session

    session = open_session(given, staged=given.staged)
    console, project = session.console, session.project
    built = build(project, session.diagnostics, strict=given.strict)
    if built is None:
        console.report(session.diagnostics)
        return Exit.ERROR
    drifts = compare(
        built.files, project.tree.unrecorded, project.config.output, built.previous
    )
    if not drifts:
        # Without warnings, as when nothing was read because nothing has changed.
        console.result(CLEAN)
        return Exit.CLEAN
    console.report(session.diagnostics)
    if not given.staged:
        drifts = with_obstacles(drifts, project.output_folder)
    _report(drifts, built, session, given)
    return Exit.DRIFT


def _report(
    drifts: list[Drift], built: Built, session: Session, given: Namespace
) -> None:
    console = session.console
    folder = console.shown(session.project.config.output)
    if console.format != "text":
        for drift in drifts:
            console.drift(drift.kind.value, f"{folder}/{drift.path}", drift.reason)
        return
    _print(drifts, folder, console)
    previous = built.previous
    stale = any(drift.kind.value == "stale" for drift in drifts)
    if stale and previous.generator not in ("", built.manifest.generator):
        was = previous.version or "another version"
        now = built.manifest.version
        console.note(
            f"The package was written by codegen {was}, this is {now}."
            if was != now
            else "The generator itself has changed since the package was written."
        )
    console.note(_mend(drifts, folder, given))


def _print(drifts: list[Drift], folder: str, console: Console) -> None:
    foreign = [drift for drift in drifts if drift.foreign]
    for drift in drifts:
        if not drift.foreign:
            console.out(f"{drift.kind.value}: {folder}/{drift.path} {drift.reason}")
            sys.stdout.write(drift.diff(folder))
            console.out()
    for drift in foreign[:FEW]:
        console.out(f"{drift.kind.value}: {folder}/{drift.path} {drift.reason}")
    if len(foreign) > FEW:
        console.out(f"… and {len(foreign) - FEW:,} more that are not ours")
    if foreign:
        console.out()


def _mend(drifts: list[Drift], folder: str, given: Namespace) -> str:
    """What to do about it, in the words of a shell."""
    from shlex import join

    command = ["codegen", "generate"]
    if given.schema:
        command += ["--schema", given.schema]
    if given.output:
        command += ["--output", given.output]
    if given.evaluate:
        command.append("--evaluate")
    if given.strict:
        command.append("--strict")
    advice: list[str] = []
    foreign = [f"{folder}/{drift.path}" for drift in drifts if drift.foreign]
    ours = [drift for drift in drifts if not drift.foreign]
    obstacles = {f"{folder}/{d.obstacle}": None for d in drifts if d.obstacle}
    if foreign:
        advice.append(f"Move or delete what codegen did not write: {few(foreign)}")
    if obstacles:
        advice.append(f"Remove what is in the way: {few(list(obstacles))}")
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
