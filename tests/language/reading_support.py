"""Reads schemas that are given as text, and prints what is wrong with them on one line each."""

from __future__ import annotations

from codegen.diagnostics import Diagnostic, Diagnostics, Span
from codegen.ir.model import Schema
from codegen.language.load import load
from codegen.language.source import Loaded, SourceFile


def read(*texts: str | bytes, suffix: str = "yaml") -> tuple[Loaded | None, list[str]]:
    """What `load` gives for files called 1.yaml, 2.yaml, …, and the faults."""
    files = [
        SourceFile(
            f"{number}.{suffix}", text.encode() if isinstance(text, str) else text
        )
        for number, text in enumerate(texts, 1)
    ]
    diagnostics = Diagnostics()
    loaded = load(files, diagnostics)
    several = len(files) > 1
    return loaded, [_shown(diagnostic, several) for diagnostic in diagnostics]


def schema_of(*texts: str) -> Schema:
    """The schema of texts without faults."""
    loaded, faults = read(*texts)
    assert faults == []
    assert loaded is not None
    return loaded.schema


def _shown(diagnostic: Diagnostic, several: bool) -> str:
    lines = [
        f"{diagnostic.code} {_place(diagnostic.span, several)}{diagnostic.message}"
    ]
    lines += [
        f"{_place(note.span, several)}{note.message}" for note in diagnostic.notes
    ]
    if diagnostic.hint:
        lines.append(diagnostic.hint)
    return " / ".join(lines)


def _place(span: Span | None, several: bool) -> str:
    if span is None:
        return ""
    file = f"{span.file}:" if several else ""
    end_line = f"{span.end_line}:" if span.end_line != span.line else ""
    return f"{file}{span.line}:{span.column}-{end_line}{span.end_column} "
