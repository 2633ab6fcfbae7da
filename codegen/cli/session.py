"""What every command does first: finds the project, and mends what a killed run has left."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass

from codegen.diagnostics import Diagnostics
from codegen.output.recover import recover
from codegen.project.project import Project, open_project

from .console import Console


@dataclass(frozen=True, slots=True)
class Session:
    project: Project
    console: Console
    diagnostics: Diagnostics


def open_session(arguments: Namespace, *, staged: bool = False) -> Session:
    """The project that the arguments name, and a console that knows its files.

    Finishes or undoes what a killed run has left in the output folder, and says so.

    Raises:
        OutputError: that could not be done, or what git has staged can't be read.
    """
    diagnostics = Diagnostics()
    project = open_project(
        diagnostics,
        schema=getattr(arguments, "schema", None),
        output=getattr(arguments, "output", None),
        evaluate=getattr(arguments, "evaluate", False),
        staged=staged,
    )
    console = Console(
        getattr(arguments, "format", "text"), project.root, project.tree.unrecorded.read
    )
    done = None if staged else recover(project.output_folder)
    if done:
        console.note(f"{console.shown(project.config.output)}: {done}")
    return Session(project, console, diagnostics)
