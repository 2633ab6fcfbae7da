"""`codegen push`: puts the schema into a Convex app, and runs Convex's own deploy."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from typing import TYPE_CHECKING

from codegen.diagnostics import Diagnostic, Diagnostics

from . import arguments, deployment, npx
from .changes import tell
from .console import Console, Exit

if TYPE_CHECKING:
    from codegen.convex.environment import Setting
    from codegen.convex.selection import Chosen
    from codegen.ir.delta import Change
    from codegen.ir.model import Schema
    from codegen.project.convex_files import ConvexApp

_ANSWER_MS = 30_000


def add_arguments(parser: ArgumentParser) -> None:
    arguments.add_schema(parser)
    arguments.add_evaluate(parser)
    parser.add_argument(
        "--folder",
        metavar="DIR",
        help="the folder of the Convex app, with its package.json (default: that of the"
        " project)",
    )
    parser.add_argument(
        "--dev",
        action="store_true",
        help="push as for development: run Convex's `dev` once, not its `deploy`",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="show what would be written and run, and change nothing",
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="write over a schema.ts that says something else and that push did not write",
    )
    parser.add_argument(
        "--timeout-ms",
        type=arguments.milliseconds,
        default=600_000,
        metavar="MS",
        help="how long Convex's command line may take (default: 600000)",
    )
    deployment.add_arguments(
        parser, "Without --url, the environment names the deployment, as for Convex."
    )


def run(given: Namespace) -> int:
    from codegen.project.convex_files import convex_app, refuse_foreign, write
    from codegen.project.loading import load_schema

    from .session import open_session

    session = open_session(given)
    console, project = session.console, session.project
    loaded = load_schema(project, session.diagnostics)
    app = None
    if loaded is not None:
        app = convex_app(project, given.folder, loaded, session.diagnostics)
    console.report_aside(session.diagnostics)
    if loaded is None or app is None:
        return Exit.ERROR
    try:
        settings = deployment.settings_of(given, app.root)
        chosen = deployment.find(given, settings)
        push = _Push(console, chosen, *_command(given, chosen, settings))
    except (OSError, ValueError) as error:
        return deployment.report_none(console, error)
    if given.dry_run:
        changes = push.would_write(app)
        refuse_foreign(app, force=given.force)
        return push.would_change(loaded.schema, changes)
    try:
        program = npx.find_npx(app.root, "convex")
        for path in write(app, force=given.force):
            console.note(f"wrote {_shown(app, path)}")
        code = push.run(program, app, given.timeout_ms)
    except npx.CannotRun as error:
        return push.report(Diagnostic("E613", str(error), hint=error.help))
    return code or push.compare(loaded.schema)


class _Push:
    """A push to one deployment."""

    def __init__(
        self,
        console: Console,
        chosen: Chosen,
        words: tuple[str, ...],
        variables: Mapping[str, str],
    ) -> None:
        self._console = console
        self._chosen = chosen
        self._words = words
        self._variables = variables

    def would_write(self, app: ConvexApp) -> bool:
        """Shows what would be written and run; whether anything would be written."""
        for file in app.files:
            if file.differs:
                self._console.out(file.diff(_shown(app, file.path)).rstrip("\n"))
        self._console.out(f"would run {self._shown_command}")
        return any(file.differs for file in app.files)

    def would_change(self, schema: Schema, changes: bool) -> Exit:
        """Shows what changes on the deployment, if it can be asked."""
        if self._chosen.key is None:
            return Exit.DRIFT if changes else Exit.CLEAN
        try:
            found = self._changes(schema)
        except deployment.Unusable:
            return Exit.ERROR
        tell(self._console, found)
        return Exit.DRIFT if changes or found else Exit.CLEAN

    def run(self, program: str, app: ConvexApp, timeout_ms: float) -> int:
        """The exit code of Convex's command line."""
        self._console.note(f"running {self._shown_command}")
        command = (program, *self._words)
        return npx.run(command, app.root, self._variables, timeout_ms / 1000)

    def compare(self, schema: Schema) -> Exit:
        """Says whether the deployment has the schema now, if it can be asked."""
        if self._chosen.key is None:
            return Exit.CLEAN
        try:
            changes = self._changes(schema)
        except deployment.Unusable:
            return Exit.ERROR
        if not changes:
            self._console.result("The deployment has this schema now")
            return Exit.CLEAN
        self._console.out(
            "The deployment has another schema; to push again would give it"
        )
        tell(self._console, changes)
        return Exit.DRIFT

    def report(self, diagnostic: Diagnostic) -> Exit:
        diagnostics = Diagnostics()
        diagnostics.add(diagnostic)
        self._console.report_aside(diagnostics)
        return Exit.ERROR

    @property
    def _shown_command(self) -> str:
        return f"npx {' '.join(self._words)}, for {self._chosen.origin}"

    def _changes(self, schema: Schema) -> list[Change]:
        from codegen.project.deployed import NO_SCHEMA, table_changes

        opened = deployment.administering(self._console, self._chosen, _ANSWER_MS)
        with opened as administrator:
            return table_changes(administrator.schema() or NO_SCHEMA, schema)


def _command(
    given: Namespace, chosen: Chosen, settings: Mapping[str, Setting]
) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """The words behind `npx`, and the variables that name the deployment."""
    from codegen.convex.command_line import DEVELOP, pushing, told_by

    words = DEVELOP if given.dev else pushing(chosen, settings)
    return words, told_by(chosen, settings)


def _shown(app: ConvexApp, path: str) -> str:
    """A path in an app as it is seen from the working directory."""
    return os.path.relpath(os.path.join(app.root, path)).replace(os.sep, "/")
