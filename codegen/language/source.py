"""What a front end takes and gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from codegen.diagnostics import Diagnostic, Locate, Path
from codegen.ir.model import Schema

MAX_BYTES: Final = 8 * 1024 * 1024
"""The size of the largest schema file that is read; larger ones are refused unread."""
_SHOWN_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the schema: its path as the user would name it (POSIX), and its bytes."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be read of functions: `path` is that of a function, or of its arguments or
    result; `("modules", m)` is a module of which not all functions are known.

    `what` and the message of `why` make up a warning, unless somebody else tells of it.
    """

    path: Path
    what: str
    why: Diagnostic


def warnings(unread: Iterable[Unread]) -> Iterator[Diagnostic]:
    """One warning for each module, and for each place that functions can't be read for."""
    by_reason: dict[object, tuple[Diagnostic, list[str]]] = {}
    for one in unread:
        module = one.path if one.path[0] == "modules" else None
        # Each function may lead there by another way.
        reason = module, replace(one.why, notes=())
        by_reason.setdefault(reason, (one.why, []))[1].append(one.what)
    for why, parts in by_reason.values():
        shown = ", ".join(parts[:_SHOWN_PARTS])
        if len(parts) > _SHOWN_PARTS:
            shown += f" and {len(parts) - _SHOWN_PARTS:,} more"
        yield replace(why, message=f"{shown}: {why.message}")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A schema, and the way from a path of the IR back to the text that said it."""

    schema: Schema
    locate: Locate
    exported: bool = False
    """Whether Convex's own code wrote it: what only a push refuses is then a warning."""
    exported_functions: frozenset[str] | None = None
    """The paths of the functions of which an app or a deployment has told, whoever wrote the
    tables; None where neither was asked."""
    unread: tuple[Unread, ...] = ()
    said: frozenset[Path] = frozenset()
    """The types, the functions and the parts of functions that native files add to an app."""
