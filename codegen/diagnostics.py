"""What is wrong, where, and what to do about it.

A front end that knows the text reports a `Diagnostic` at a `Span`. A check of the IR knows no
text: it reports a `Fault` at a `Path`, and the front end that made the IR turns the path into
a span.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

Path = tuple[str | int, ...]
"""The address of a node of the IR, as `codegen.ir.model` describes it."""


class Severity(Enum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a source file; lines and columns count from 1, columns in characters.

    The end is exclusive: a caret line covers `end_column - column` characters when the span
    stays on one line.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Note:
    """A second place that belongs to a diagnostic, such as the first of two definitions."""

    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault of the user's input: its code, its place and the way out."""

    code: str
    message: str
    span: Span | None = None
    hint: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def severity(self) -> Severity:
        return Severity.WARNING if self.code.startswith("W") else Severity.ERROR


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the IR, addressed by the path of the node; `related` names further nodes."""

    code: str
    path: Path
    message: str
    hint: str = ""
    related: tuple[tuple[Path, str], ...] = ()


Locate = Callable[[Path], Span | None]


def locate_fault(fault: Fault, locate: Locate) -> Diagnostic:
    """The diagnostic of a fault, in the words and at the places of its source text."""
    notes = tuple(Note(message, locate(path)) for path, message in fault.related)
    return Diagnostic(fault.code, fault.message, locate(fault.path), fault.hint, notes)


class Diagnostics:
    """Collects every fault of a run, so that all are printed and not only the first."""

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []

    def add(self, diagnostic: Diagnostic) -> None:
        self._found.append(diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        self._found.extend(diagnostics)

    def __iter__(self) -> Iterator[Diagnostic]:
        """Every distinct diagnostic, by file, line and column; those without a place first."""
        return iter(sorted(dict.fromkeys(self._found), key=_place))

    def __len__(self) -> int:
        return len(self._found)

    @property
    def failed(self) -> bool:
        return any(d.severity is Severity.ERROR for d in self._found)


def _place(diagnostic: Diagnostic) -> tuple[object, ...]:
    span = diagnostic.span
    place = (span.file, span.line, span.column) if span else ("", 0, 0)
    return (*place, diagnostic.code, diagnostic.message)


def closest(name: str, candidates: Iterable[str]) -> str:
    """A "did you mean" hint for a misspelt name, or an empty text when nothing is near."""
    from difflib import get_close_matches

    by_folded = {candidate.lower(): candidate for candidate in candidates}
    near = get_close_matches(name.lower(), by_folded, n=1, cutoff=0.6)
    return f"did you mean `{by_folded[near[0]]}`?" if near else ""
