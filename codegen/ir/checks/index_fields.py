"""The dotted paths that indexes of every kind refer to."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.diagnostics import Fault, Path, closest

from .identifiers import is_identifier, shown, why_not
from .reach import Reach


def split(field: str) -> list[str]:
    """The names of a dotted path; the server ignores dots at its ends."""
    return field.strip(".").split(".")


def check_field(
    path: Path, field: str, reach: Reach | None, missing: str = "E312"
) -> Iterator[Fault]:
    """The path is well formed and, where documents are checked, leads to a field."""
    names = split(field)
    for name in names:
        if not is_identifier(name):
            message = f"index field {shown(field)}: {shown(name)} {why_not(name)}"
            yield Fault("E313", path, message)
            return
    if reach is not None and not reach.can_contain(names):
        message = f"field {shown(field)} does not exist in the documents of this table"
        yield Fault(missing, path, message, closest(field, reach.field_names()))
