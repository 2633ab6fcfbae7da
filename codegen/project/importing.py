"""From a schema in any language to the text of a native schema file."""

from __future__ import annotations

import re
from typing import Final

from codegen.diagnostics import Diagnostic, Diagnostics, locate_fault
from codegen.importers.kinds import read
from codegen.importers.options import Options
from codegen.ir.checks import check
from codegen.language.load import load
from codegen.language.native_writer import dumps
from codegen.language.plain_unions import with_plain_unions
from codegen.language.source import Loaded, SourceFile

from .named_objects import with_named_objects

_LOSS: Final = re.compile(r"W8[0-9][0-9]")


def foreign_text(
    kind: str,
    source: str,
    options: Options,
    diagnostics: Diagnostics,
    notes: list[str],
) -> str | None:
    """A source of another kind in the native language, with what is lost said at the head.

    None after a report. `notes` are for people, besides what is lost.
    """
    loaded = read(kind, source, options, diagnostics, notes)
    if loaded is None or diagnostics.failed:
        return None
    diagnostics.extend(
        locate_fault(fault, loaded.locate) for fault in check(loaded.schema)
    )
    if diagnostics.failed:
        return None
    text = native_text(loaded, diagnostics)
    if text is None:
        return None
    # What is written in another way may nest more deeply.
    again = load([SourceFile("schema.yaml", text.encode())], Diagnostics())
    for fault in check(again.schema) if again else ():
        diagnostics.add(locate_fault(fault, loaded.locate))
    return None if diagnostics.failed else head_comment(diagnostics) + text


def head_comment(diagnostics: Diagnostics) -> str:
    """What an import has lost, as a block of comments; empty if that is nothing."""
    lost = [found for found in diagnostics if _LOSS.fullmatch(found.code)]
    if not lost:
        return ""
    count = f"{len(lost):,} thing{'s are' if len(lost) > 1 else ' is'}"
    lines = [f"# {count} not as in the source:"]
    for found in lost:
        span = found.span
        place = f"{span.file}:{span.line}:{span.column}: " if span else ""
        told = f"{place}{found.code}: {found.message}"
        lines.append("# - " + "".join(c if c.isprintable() else " " for c in told))
    return "\n".join(lines) + "\n\n"


def native_text(loaded: Loaded, diagnostics: Diagnostics) -> str | None:
    """A schema in the native language; warns of types that it writes in another way.

    None, after a report, if the language can't say it.
    """
    if not loaded.schema.tables:
        hint = "a schema of the native language has at least one"
        diagnostics.add(Diagnostic("E115", "this schema has no tables", hint=hint))
        return None
    plain, faults = with_plain_unions(loaded.schema)
    diagnostics.extend(locate_fault(fault, loaded.locate) for fault in faults)
    text = dumps(with_named_objects(plain))
    found = Diagnostics()
    again = load([SourceFile("schema.yaml", text.encode())], found)
    if again is None or dumps(again.schema) != text:
        raise AssertionError(f"the text is not read as the schema: {list(found)[:5]}")
    return text
