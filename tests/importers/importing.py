"""Imports a text as users do, and what they are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from codegen.diagnostics import Diagnostic, Diagnostics
from codegen.importers.kinds import kind_of
from codegen.importers.options import Options
from codegen.project.importing import foreign_text

HEAD = {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def imported(path: Path, **options: Any) -> tuple[str | None, list[Diagnostic]]:
    """The text of a file's import, without the comments at its head; and what is said."""
    found = Diagnostics()
    kind = kind_of(str(path))
    assert kind is not None
    text = foreign_text(kind, str(path), Options(**options), found, [])
    if text is not None:
        text = text.split("\n\n", 1)[1] if text.startswith("#") else text
    return text, list(found)


def of_text(
    folder: Path, name: str, text: str, **options: Any
) -> tuple[str | None, list[Diagnostic]]:
    path = folder / name
    path.write_text(text, "utf-8")
    return imported(path, **options)


def of_json(
    folder: Path, document: dict[str, Any], **options: Any
) -> tuple[str | None, list[Diagnostic]]:
    """The import of a schema, which is of draft 2020-12 if it does not say otherwise."""
    text = json.dumps(HEAD | document, indent=1)
    return of_text(folder, "thing.json", text, **options)


def of_field(
    folder: Path, schema: Any, *, draft: str = HEAD["$schema"], **more: Any
) -> tuple[str, list[str]]:
    """What a required field `a` of a closed object becomes: its lines, and the codes."""
    document: dict[str, Any] = {
        "$schema": draft,
        "type": "object",
        "properties": {"a": schema},
        "required": ["a"],
        "additionalProperties": False,
        **more,
    }
    text, found = of_json(folder, document)
    codes = [diagnostic.code for diagnostic in found]
    if text is None:
        return "", codes
    start = "  things:\n    fields:\n      "
    types = text.split("tables:")[0].removeprefix("types:\n").rstrip()
    field = text.split(start, 1)[1].rstrip() if start in text else "(none)"
    return (f"{types}\n{field}" if types else field), codes


def told(found: list[Diagnostic]) -> list[str]:
    """`line:column code message` of each."""
    return [
        (
            f"{d.span.line}:{d.span.column} {d.code} {d.message}"
            if d.span
            else f"{d.code} {d.message}"
        )
        for d in found
    ]
