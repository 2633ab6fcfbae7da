"""`renamedFrom`: an earlier name, which nothing may bear any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from codegen.diagnostics import Fault, Path

from ..model import Schema
from ..nodes import At, Nodes, path_of
from .identifiers import shown


def check_renames(schema: Schema, nodes: Nodes) -> Iterator[Fault]:
    """Earlier names of tables, and of the fields of each object."""
    earlier: dict[str, Path] = {}
    for name, table in schema.tables.items():
        if table.renamed_from is None:
            continue
        path: Path = ("tables", name, "renamedFrom")
        if table.renamed_from in schema.tables:
            yield _still_there("table", path, ("tables", table.renamed_from))
        yield from _taken("table", table.renamed_from, path, earlier)
    yield from _fields(nodes)


def _fields(nodes: Nodes) -> Iterator[Fault]:
    names: dict[At, set[str]] = {}
    earlier: defaultdict[At, dict[str, Path]] = defaultdict(dict)
    renamed = [(at, field) for at, field in nodes.marked_fields if field.renamed_from]
    if renamed:
        names = {at: {f.name for f in node.fields} for at, node in nodes.objects}
    for at, field in renamed:
        parent, old = at[0], field.renamed_from
        if parent is None or old is None:
            continue
        path = path_of(at, "renamedFrom")
        if old in names[parent]:
            yield _still_there("field", path, path_of(parent, "field", old))
        yield from _taken("field", old, path, earlier[parent])


def _still_there(what: str, path: Path, present: Path) -> Fault:
    message = (
        f"{what} {shown(str(present[-1]))} still exists, so this is not its new name"
    )
    return Fault("E209", path, message, "", ((present, "it is defined here"),))


def _taken(
    what: str, old: str, path: Path, earlier: dict[str, Path]
) -> Iterator[Fault]:
    first = earlier.setdefault(old, path)
    if first != path:
        message = f"two {what}s say that they were {shown(old)}"
        yield Fault("E209", path, message, "", ((first, "the other one is here"),))
