"""What was seen of each input, as tables of the documentation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from .compare import Compared

_HEAD: Final = (
    "| file | kind | tables | types | reported | documents | taken | differences |\n"
    "|---|---|---:|---:|---|---:|---:|---:|\n"
)


def table(seen: Sequence[Compared]) -> str:
    """The inputs of each package, and the sum of all."""
    lines: list[str] = []
    package = ""
    for one in seen:
        if one.input.package != package:
            package = one.input.package
            lines.append(f"\nOf `{package}`:\n\n{_HEAD}")
        file = f"`{_short(one)}`"
        losses = ", ".join(_reported(one.losses)) or "nothing"
        lines.append(f"| {file} | {one.kind} | {one.tables} | {one.types} | {losses} |")
        lines.append(_counts([one]))
    tables, types = sum(one.tables for one in seen), sum(one.types for one in seen)
    lines.append(f"\nTogether:\n\n{_HEAD}")
    lines.append(f"| {len(seen)} files | | {tables:,} | {types:,} | |{_counts(seen)}")
    drawn = sum(one.drawn for one in seen)
    lines.append(f"\nhypothesis-jsonschema drew {drawn:,} of the documents.\n")
    return "".join(lines)


def _short(one: Compared) -> str:
    """The name of the file, with its folder where that is a version."""
    path = Path(one.input.file)
    versions = [part for part in path.parts[:-1] if part[-1:].isdigit()]
    return "/".join((*versions, path.name))


def _counts(seen: Sequence[Compared]) -> str:
    documents = sum(one.documents for one in seen)
    taken = sum(one.accepted for one in seen)
    differences = sum(len(one.differences) for one in seen)
    return f" {documents:,} | {taken:,} | {differences} |\n"


def _reported(losses: Counter[str]) -> list[str]:
    return [
        f"[{code}](diagnostics/{code}.md)" + (f" ×{count}" if count > 1 else "")
        for code, count in sorted(losses.items())
    ]
