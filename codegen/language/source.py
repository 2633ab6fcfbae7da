"""What a front end takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from codegen.diagnostics import Locate
from codegen.ir.model import Schema

MAX_BYTES: Final = 8 * 1024 * 1024
"""The size of the largest schema file that is read; larger ones are refused unread."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the schema: its path as the user would name it (POSIX), and its bytes."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Loaded:
    """A schema, and the way from a path of the IR back to the text that said it."""

    schema: Schema
    locate: Locate
    exported: bool = False
    """Whether Convex's own code wrote it: what only a push refuses is then a warning."""
    exported_functions: frozenset[str] = frozenset()
    """The paths of functions of which a deployment has told, whoever wrote the tables."""
