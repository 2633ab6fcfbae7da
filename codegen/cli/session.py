"""What every command does first: finds the project, and mends what a killed run has left."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass

from codegen.diagnostics import Diagnostic, Diagnostics
from codegen.output.errors import OutputError, Refused
from codegen.output.recover import recover
from codegen.project.project import Project, open_project

from .console import Console


@dataclass(frozen=True, slots=True)
class Session:
    project: Project
    console: Console
    diagnostics: Diagnostics


def open_session(arguments: Namespace, *, staged: bool = False) -> Session:
    """The project that the arguments name, and a console that knows its files."""
    diagnostics = Diagnostics()
    project = open_project(
        diagnostics,
        schema=getattr(arguments, "schema", None),
        output=getattr(arguments, "output", None),
        staged=staged,
    )
    console = Console(
        getattr(arguments, "format", "text"), project.root, project.tree.unrecorded.read
    )
    return Session(project, console, diagnostics)


def mend(session: Session) -> None:
    """Finishes or undoes what a killed run has left in the output folder, and says so."""
    done = recover(session.project.output_folder)
    if done:
        session.console.note(f"{session.project.config.output}: {done}")


def output_fault(error: OutputError) -> Diagnostic:
    """The diagnostic of files that can't be read or written."""
    hint = ""
    if isinstance(error, Refused):
        hint = (
            "move what you want to keep, or take it into the schema; "
            "`codegen generate --force` writes over it"
        )
    return Diagnostic(error.code, str(error), hint=hint)
