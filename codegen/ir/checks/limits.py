"""How much there may be: tables, fields, levels of nesting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from codegen.diagnostics import Fault

from ..model import Schema
from ..nodes import At, Nodes, path_of, root_of
from ..types import ANY
from ..values import MAX_FIELDS

MAX_TABLES: Final = 10_000
MAX_LEVELS: Final = 124
"""The levels of JSON that Convex reads are 127; a table's document begins below three."""
SYSTEM_FIELDS: Final = 2


def check_limits(schema: Schema, nodes: Nodes) -> Iterator[Fault]:
    """Convex's limits on the size of a schema and of its types."""
    if len(schema.tables) > MAX_TABLES:
        last = [*schema.tables][MAX_TABLES]
        message = f"{len(schema.tables)} tables, but {MAX_TABLES} are allowed"
        yield Fault("E206", ("tables", last), message)
    for at, node in nodes.objects:
        if len(node.fields) > MAX_FIELDS - SYSTEM_FIELDS:
            required = sum(not field.optional for field in node.fields)
            if required > MAX_FIELDS - SYSTEM_FIELDS * _is_document(at):
                message = (
                    f"{required} fields are required, but an object has {MAX_FIELDS} "
                    "at most, a document's `_id` and `_creationTime` included"
                )
                yield Fault("E216", path_of(at), message)
    yield from _levels(schema, nodes)


def _is_document(at: At) -> bool:
    """Whether this is a whole document, or an arm of a union of documents."""
    parent = at[0]
    whole = at if parent is None else parent
    return (
        whole[0] is None
        and whole[1][0] == "tables"
        and (parent is None or at[1][0] == "arm")
    )


def _levels(schema: Schema, nodes: Nodes) -> Iterator[Fault]:
    uses: defaultdict[At, list[tuple[str, int]]] = defaultdict(list)
    for at, node, level in nodes.named:
        uses[root_of(at)].append((node.name, level))
    heights: dict[str, int] = {}

    def height(root: At) -> int:
        """The levels below a root when the names below it are written out."""
        deepest = nodes.depths.get(root, 1)
        for name, level in uses[root]:
            if name not in heights:
                known = schema.types[name].type != ANY
                heights[name] = height((None, ("types", name, "type"))) if known else 1
            deepest = max(deepest, level - 1 + heights[name])
        return deepest

    for root in nodes.depths:
        if root[1][0] == "tables" and (levels := height(root)) > MAX_LEVELS:
            message = (
                f"nested too deeply: {levels} levels as Convex's JSON, "
                f"of which it reads {MAX_LEVELS}"
            )
            yield Fault("E217", path_of(root), message)
