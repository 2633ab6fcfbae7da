"""Diagnostics as text for people, JSON lines for programs, annotations for GitHub."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from codegen.diagnostics import Diagnostic, Severity, Span

Read = Callable[[str], bytes | None]
"""The bytes of a source file by the path that a span names."""

_LINE_END = re.compile("\r\n|\r|\n")
_UNREADABLE = "E002"
"""The code of a file that is too large or no text: it has no line to show."""


class Lines:
    """The lines of source files as spans count them; each file is read once."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._known: dict[str, list[str]] = {}

    def of(self, file: str) -> list[str]:
        """Every line without its end; none when the file can't be read."""
        if file not in self._known:
            data = self._read(file) or b""
            lines = _LINE_END.split(data.decode("utf-8-sig", "replace"))
            if not lines[-1]:
                lines.pop()  # behind the last line end
            self._known[file] = lines
        return self._known[file]


def as_text(diagnostic: Diagnostic, lines: Lines) -> str:
    """`file:line:col: error[E102]: message`, the line with a caret under it, and the way out."""
    where = f"{_place(diagnostic.span)}: " if diagnostic.span else ""
    kind = f"{diagnostic.severity.value}[{diagnostic.code}]"
    told = [f"{where}{kind}: {diagnostic.message}"]
    if diagnostic.code != _UNREADABLE:
        told += _excerpt(diagnostic.span, lines)
    if diagnostic.hint:
        told.append(f"  help: {diagnostic.hint}")
    for note in diagnostic.notes:
        place = f"{_place(note.span)}: " if note.span else ""
        told.append(f"  note: {place}{note.message}")
        told += _excerpt(note.span, lines)
    return "\n".join(told)


def as_json(diagnostic: Diagnostic) -> str:
    """One line: code, severity, message, hint, place and notes."""
    return json.dumps(
        {
            "code": diagnostic.code,
            "severity": diagnostic.severity.value,
            "message": diagnostic.message,
            "hint": diagnostic.hint or None,
            "span": _span_json(diagnostic.span),
            "notes": [
                {"message": note.message, "span": _span_json(note.span)}
                for note in diagnostic.notes
            ],
        },
        ensure_ascii=False,
    )


def as_github(diagnostic: Diagnostic) -> str:
    """A workflow command that GitHub shows beside the line."""
    level = "error" if diagnostic.severity is Severity.ERROR else "warning"
    properties = {"title": diagnostic.code}
    if span := diagnostic.span:
        properties |= {
            "file": span.file,
            "line": str(span.line),
            "col": str(span.column),
            "endLine": str(span.end_line),
            "endColumn": str(span.end_column),
        }
    message = diagnostic.message
    if diagnostic.hint:
        message += f"\nhelp: {diagnostic.hint}"
    return workflow_command(level, properties, message)


def workflow_command(level: str, properties: Mapping[str, str], message: str) -> str:
    """A line that GitHub takes for a command, whatever its parts hold."""
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{level} {listed}::{_escaped(message)}"


def _place(span: Span | None) -> str:
    return f"{span.file}:{span.line}:{span.column}" if span else ""


def _span_json(span: Span | None) -> dict[str, Any] | None:
    if span is None:
        return None
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _excerpt(span: Span | None, lines: Lines) -> Iterator[str]:
    """The line of a span, with carets under its columns; nothing if there is none to show."""
    of_file = lines.of(span.file) if span else []
    if span is None or not 1 <= span.line <= len(of_file):
        return
    line = of_file[span.line - 1]
    end = span.end_column if span.end_line == span.line else len(line) + 1
    shown, start, end = _window(line, span.column - 1, end - 1)
    margin = f"{span.line:>4} | "
    yield margin + _printable(shown)
    blank = "".join("\t" if c == "\t" else " " * _columns(c) for c in shown[:start])
    carets = "^" * max(1, sum(map(_columns, shown[start:end])))
    yield " " * (len(margin) - 2) + "| " + blank + carets


def _window(line: str, start: int, end: int, width: int = 120) -> tuple[str, int, int]:
    """The part of a long line around a span, and the span in it."""
    end = min(max(end, start + 1), start + width)
    if len(line) <= width:
        return line, start, end
    cut = max(0, start - width // 3)
    return line[cut : cut + width], start - cut, end - cut


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\t" else "�" for c in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
