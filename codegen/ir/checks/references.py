"""References: ids name tables, and names stand for types without circles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from codegen.diagnostics import Fault, closest

from ..model import Schema
from ..nodes import At, Nodes, path_of, root_of
from .identifiers import shown

SYSTEM_TABLES: Final = frozenset({"_storage", "_scheduled_functions"})
"""Convex's own tables whose ids documents may hold."""


def check_ids(schema: Schema, nodes: Nodes) -> Iterator[Fault]:
    """Every id is the id of a table that the schema defines, or of one of Convex's own."""
    hints: dict[str, str] = {}  # a search for each, and not for each use
    for at, node in nodes.ids:
        if node.table not in schema.tables and node.table not in SYSTEM_TABLES:
            path = path_of(at, "table")
            message = f"table {shown(node.table)} does not exist"
            if node.table not in hints:
                known = [*schema.tables, *SYSTEM_TABLES]
                hints[node.table] = closest(node.table, known)
            yield Fault("E210", path, message, hints[node.table])


def check_named(schema: Schema, nodes: Nodes) -> Iterator[Fault]:
    """Every name is the name of a type, and no type contains itself."""
    hints: dict[str, str] = {}
    for at, node, _ in nodes.named:
        if node.name not in schema.types:
            if node.name not in hints:
                hints[node.name] = closest(node.name, schema.types)
            message = f"type {shown(node.name)} does not exist"
            yield Fault("E211", path_of(at), message, hints[node.name])
    for at, circle in _circles(nodes):
        way = " -> ".join(circle)
        message = f"type {shown(circle[0])} contains itself: {way}"
        hint = "a Convex type is a finite tree; use an id, or Any, at one of the steps"
        path = ("types", circle[0])
        yield Fault("E212", path_of(at), message, hint, ((path, "defined here"),))


def broken_names(schema: Schema, nodes: Nodes) -> set[str]:
    """Names to follow no further: without a type, or at which a circle closes."""
    unknown = {node.name for _, node, _ in nodes.named} - schema.types.keys()
    return unknown | {circle[0] for _, circle in _circles(nodes)}


def _circles(nodes: Nodes) -> Iterator[tuple[At, list[str]]]:
    """Each reference that closes a circle, and the names on the way round, the first twice."""
    uses: defaultdict[str, list[tuple[str, At]]] = defaultdict(list)
    for at, node, _ in nodes.named:
        _, (kind, name, *_) = root_of(at)
        if kind == "types":
            uses[str(name)].append((node.name, at))
    done: set[str] = set()
    for start in list(uses):
        if start in done:
            continue
        way = {start: None}  # an ordered set: from the start to where the search is
        todo = [(start, iter(uses[start]))]
        while todo:
            name, rest = todo[-1]
            for used, at in rest:
                if used in way:
                    names = list(way)
                    yield at, [*names[names.index(used) :], used]
                elif used not in done and used in uses:
                    way[used] = None
                    todo.append((used, iter(uses[used])))
                    break
            else:
                done.add(name)
                del way[name]
                todo.pop()
