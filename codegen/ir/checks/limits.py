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
MAX_COPIES: Final = 100_000
"""Ours: Convex has no names for types, so that each use is a copy."""
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
    """How deep and how large a type is once the named types in it are written out."""
    uses: defaultdict[At, list[tuple[str, int]]] = defaultdict(list)
    for at, node, level in nodes.named:
        uses[root_of(at)].append((node.name, level))
    documents: defaultdict[At, list[tuple[str, int]]] = defaultdict(list)
    for at, document, level in nodes.documents:
        if document.table in schema.tables:
            documents[root_of(at)].append((document.table, level))
    levels: dict[str, int] = {}
    copies: dict[str, int] = {}

    def measure(root: At) -> tuple[int, int]:
        deepest, count = nodes.depths.get(root, 1), 1
        for name, level in uses[root]:
            deepest = max(deepest, level - 1 + levels[name])
            count += copies[name]
        for table, level in documents[root] if root[1][0] == "functions" else ():
            inside, more = measure((None, ("tables", table, "document")))
            deepest = max(deepest, level - 1 + inside)
            count += more
        return deepest, count

    for name in _used_first(schema, uses):
        if schema.types[name].type == ANY:
            levels[name] = copies[name] = 1
        else:
            levels[name], copies[name] = measure((None, ("types", name, "type")))
    used = {node.name for _, node, _ in nodes.named}
    for root in nodes.depths:
        if root[1][0] == "types" and root[1][1] in used:
            continue  # said where it is used
        deepest, count = measure(root)
        if deepest > MAX_LEVELS:
            message = (
                f"nested too deeply: {deepest} levels as Convex's JSON, "
                f"of which it reads {MAX_LEVELS}"
            )
            yield Fault("E217", path_of(root), message)
        elif count > MAX_COPIES:
            message = (
                f"too large: {count} named types when they are written out, as Convex "
                f"needs them, but {MAX_COPIES} are the most"
            )
            hint = "the number doubles with each type that holds another one twice"
            yield Fault("E222", path_of(root), message, hint)


def _used_first(
    schema: Schema, uses: defaultdict[At, list[tuple[str, int]]]
) -> Iterator[str]:
    """The named types, each after those that it uses; a chain of them may be long."""
    entered: set[str] = set()
    done: set[str] = set()
    for start in schema.types:
        todo = [start]
        while todo:
            name = todo[-1]
            if name in done:
                todo.pop()
            elif name in entered:
                todo.pop()
                done.add(name)
                yield name
            else:
                entered.add(name)
                known = schema.types[name].type != ANY
                used = uses[None, ("types", name, "type")] if known else []
                todo += [other for other, _ in used if other not in entered]
