"""What the commands print: results on standard output, faults on standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import islice

from codegen.diagnostics import Diagnostic, Diagnostics, Note, Severity, Span

from .report import Lines, as_github, as_json, as_text, workflow_command

_MOST = 200
"""So many diagnostics are printed for people."""
FEW = 5
"""So many names are listed in one line."""


class Exit(IntEnum):
    CLEAN = 0
    DRIFT = 1
    ERROR = 2


@dataclass(frozen=True, slots=True)
class Console:
    """Prints in one format; `root` is where paths of diagnostics start from."""

    format: str = "text"
    root: str = "."
    read: Callable[[str], bytes | None] = field(default=lambda path: None)

    def out(self, text: str = "") -> None:
        sys.stdout.write(f"{text}\n")

    def note(self, text: str) -> None:
        """A word beside the result, which a program that reads the output does not get."""
        if self.format == "text":
            sys.stderr.write(f"{text}\n")

    def result(self, text: str) -> None:
        """A good result; a program learns it from the exit code."""
        if self.format == "text":
            self.out(text)

    def report(self, diagnostics: Diagnostics) -> None:
        """Every diagnostic, and for people how many there are."""
        found = list(diagnostics)
        if self.format == "text":
            self._report_text(found)
            return
        for line in self._machine_lines(found):
            self.out(line)

    def report_aside(self, diagnostics: Diagnostics) -> None:
        """The same on standard error in any format, where standard output is the result."""
        if self.format == "text":
            self.report(diagnostics)
            return
        for line in self._machine_lines(diagnostics):
            sys.stderr.write(f"{line}\n")

    def change(self, kind: str, text: str) -> None:
        """A change of the schema, for programs."""
        if self.format == "json":
            self.out(json.dumps({"change": kind, "text": text}, ensure_ascii=False))
        else:
            named = {"title": "schema"}
            self.out(workflow_command("notice", named, f"{kind}: {text}"))

    def stage(self, place: str, widen: str, backfill: str) -> None:
        """What a change of the schema needs where stored documents may not fit, for programs."""
        if self.format == "json":
            line = {"stage": place, "widen": widen, "backfill": backfill}
            self.out(json.dumps(line, ensure_ascii=False))
        elif backfill:
            named = {"title": "migration"}
            self.out(workflow_command("notice", named, f"{place}: {backfill}"))

    def drift(self, kind: str, path: str, reason: str) -> None:
        """A file that is not as it should be, for programs."""
        if self.format == "json":
            line = {"drift": kind, "file": path, "reason": reason}
            self.out(json.dumps(line, ensure_ascii=False))
        else:
            named = {"file": path, "title": kind}
            self.out(workflow_command("error", named, f"{path} {reason}"))

    def _machine_lines(self, diagnostics: Iterable[Diagnostic]) -> Iterable[str]:
        write = as_json if self.format == "json" else as_github
        return (write(self._from_here(diagnostic)) for diagnostic in diagnostics)

    def _report_text(self, found: Sequence[Diagnostic]) -> None:
        lines = Lines(self._read_from_here)
        for diagnostic in islice(found, _MOST):
            text = as_text(self._from_here(diagnostic), lines)
            sys.stderr.write(f"{text}\n\n")
        if len(found) > _MOST:
            sys.stderr.write(f"… and {len(found) - _MOST:,} more\n\n")
        if found:
            errors = sum(d.severity is Severity.ERROR for d in found)
            warnings = len(found) - errors
            counts = [_count(errors, "error"), _count(warnings, "warning")]
            sys.stderr.write(f"{', '.join(filter(None, counts))}\n")

    def _from_here(self, diagnostic: Diagnostic) -> Diagnostic:
        """The diagnostic with paths as they are seen from the working directory."""
        notes = tuple(Note(n.message, self._span(n.span)) for n in diagnostic.notes)
        return replace(diagnostic, span=self._span(diagnostic.span), notes=notes)

    def _span(self, span: Span | None) -> Span | None:
        return replace(span, file=self.shown(span.file)) if span else None

    def shown(self, path: str) -> str:
        """A path of the project as it is seen from the working directory."""
        return os.path.relpath(os.path.join(self.root, path)).replace(os.sep, "/")

    def _read_from_here(self, path: str) -> bytes | None:
        return self.read(os.path.relpath(path, self.root).replace(os.sep, "/"))


def few(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - FEW:,} more" if len(names) > FEW else ""
    return ", ".join(names[:FEW]) + more


def counted(number: int, word: str, words: str = "") -> str:
    """A number of things in words."""
    return f"{number:,} {word if number == 1 else words or f'{word}s'}"


def report_database_error(console: Console, error: Exception, hint: str = "") -> Exit:
    """Why a database can't be used."""
    diagnostics = Diagnostics()
    diagnostics.add(Diagnostic("E601", str(error), hint=hint))
    console.report(diagnostics)
    return Exit.ERROR


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' if number != 1 else ''}" if number else ""
