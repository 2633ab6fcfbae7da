"""Small schemas, each about one construct, written one after the other in `semantics/*.ts`.

A case begins with a line `//// name: verdict`. What follows is `convex/schema.ts`, until a line
`//// file PATH` begins another file. The verdict says what the reader does:

  read     it gives what the real package gives
  refused  the real package gives a schema; the reader says that it can't tell it
  fails    the real package throws an error; the reader refuses
  broken   it can't be bundled, so the real package is not asked; the reader refuses

A schema without `defineSchema` gets what it needs around it: it declares `fields`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "semantics"
SCHEMA: Final = "convex/schema.ts"
VERDICTS: Final = ("read", "refused", "fails", "broken")
HEADER: Final = (
    'import { defineSchema, defineTable } from "convex/server"; '
    'import { v } from "convex/values"; '
)
_FOOTER: Final = "\nexport default defineSchema({ t: defineTable(fields) });\n"
_MARK: Final = re.compile(r"//// (?:file (\S+)|(.+): (\w+))\n")


@dataclass
class Case:
    """One schema, with the modules that it needs."""

    name: str
    verdict: str
    files: dict[str, str] = field(default_factory=dict[str, str])

    def write(self, folder: Path) -> None:
        """Writes the files into a folder."""
        for path, text in self.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8")


def cases() -> list[Case]:
    """Every case of every file."""
    return [case for file in sorted(FOLDER.glob("*.ts")) for case in _cases(file)]


def _cases(file: Path) -> Iterator[Case]:
    case: Case | None = None
    parts = _MARK.split(file.read_text("utf-8"))[1:]
    for path, name, verdict, text in zip(*[iter(parts)] * 4, strict=True):
        if path is None:
            if case is not None:
                yield case
            assert verdict in VERDICTS, (file, name)
            case = Case(f"{file.stem}: {name}", verdict, {SCHEMA: _whole(text)})
        else:
            assert case is not None, file
            case.files[path] = text
    if case is not None:
        yield case


def _whole(text: str) -> str:
    if "defineSchema" in text or not re.search(r"\bfields\b", text):
        return text
    return HEADER + text + _FOOTER
