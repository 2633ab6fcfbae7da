"""Every node of a schema that a rule may look at, by kind, found in one walk.

An address is a path as a linked list, so that a node costs one small tuple and only the nodes
that are reported pay for a real path.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from codegen.diagnostics import Path

from .model import Schema
from .types import (
    Array,
    Constrained,
    Doc,
    Field,
    Id,
    Literal,
    Named,
    Object,
    Record,
    Scalar,
    Type,
    Union,
)

At: TypeAlias = "tuple[At | None, Path]"
"""The address of the parent (None for a root), and the last steps of the path."""


def path_of(at: At, *steps: str | int) -> Path:
    """The path of an address, and of what lies the given steps further."""
    links: list[Path] = [steps]
    rest: At | None = at
    while rest is not None:
        links.append(rest[1])
        rest = rest[0]
    return tuple(step for link in reversed(links) for step in link)


def root_of(at: At) -> At:
    """The address of the outermost type, such as a table's document or a named type."""
    while at[0] is not None:
        at = at[0]
    return at


@dataclass(slots=True)
class Nodes:
    """The nodes of a schema with their addresses.

    `documents`, `named` and `depths` count levels of nesting as Convex's JSON of the type has them.
    """

    objects: list[tuple[At, Object]] = field(default_factory=list[Any])
    marked_fields: list[tuple[At, Field]] = field(default_factory=list[Any])
    """The fields with a default or an earlier name."""
    ids: list[tuple[At, Id]] = field(default_factory=list[Any])
    documents: list[tuple[At, Doc, int]] = field(default_factory=list[Any])
    records: list[tuple[At, Record]] = field(default_factory=list[Any])
    literals: list[tuple[At, Literal]] = field(default_factory=list[Any])
    constrained: list[tuple[At, Constrained]] = field(default_factory=list[Any])
    named: list[tuple[At, Named, int]] = field(default_factory=list[Any])
    """Each with the level at which the named type begins."""
    depths: dict[At, int] = field(default_factory=dict[Any, Any])
    """The deepest level below each root, without what its named types add."""


def collect(schema: Schema) -> Nodes:
    """The nodes of all documents, named types and functions."""
    nodes = Nodes()
    for table in schema.tables.values():
        _walk((None, ("tables", table.name, "document")), table.document, nodes)
        if table.staged_document is not None:
            at: At = (None, ("tables", table.name, "stagedDocument"))
            _walk(at, table.staged_document, nodes)
    for named in schema.types.values():
        _walk((None, ("types", named.name, "type")), named.type, nodes)
    for function in schema.functions.values():
        _walk((None, ("functions", function.path, "args")), function.args, nodes)
        if function.returns is not None:
            at = (None, ("functions", function.path, "returns"))
            _walk(at, function.returns, nodes)
    return nodes


def tables_of_ids(schema: Schema) -> set[str]:
    """The tables whose ids documents and functions use; quicker than all nodes."""
    tables: set[str] = set()
    todo: list[Type] = [table.document for table in schema.tables.values()]
    todo += [
        table.staged_document
        for table in schema.tables.values()
        if table.staged_document is not None
    ]
    todo += [named.type for named in schema.types.values()]
    for function in schema.functions.values():
        todo.append(function.args)
        if function.returns is not None:
            todo.append(function.returns)
    while todo:
        node = todo.pop()
        if isinstance(node, Object):
            todo += [f.type for f in node.fields if type(f.type) is not Scalar]
        elif isinstance(node, Id):
            tables.add(node.table)
        elif isinstance(node, Union):
            todo += [arm for arm in node.arms if type(arm) is not Literal]
        elif isinstance(node, Array):
            todo.append(node.element)
        elif isinstance(node, Record):
            todo += (node.key, node.value)
        elif isinstance(node, Constrained):
            todo.append(node.inner)
    return tables


def _walk(root: At, whole: Type, nodes: Nodes) -> None:
    deepest = 1
    todo: list[tuple[At, Type, int]] = [(root, whole, 1)]
    while todo:
        at, node, depth = todo.pop()
        if depth > deepest:
            deepest = depth
        if isinstance(node, Object):
            nodes.objects.append((at, node))
            inner = depth + 3
            if node.fields and inner > deepest:
                deepest = inner
            for part in node.fields:
                if part.default is not None or part.renamed_from is not None:
                    nodes.marked_fields.append(((at, ("field", part.name)), part))
                if type(part.type) is not Scalar:
                    todo.append(((at, ("field", part.name)), part.type, inner))
        elif isinstance(node, Literal):
            nodes.literals.append((at, node))
        elif isinstance(node, Union):
            for i, arm in enumerate(node.arms):
                todo.append(((at, ("arm", i)), arm, depth + 2))
        elif isinstance(node, Id):
            nodes.ids.append((at, node))
        elif isinstance(node, Doc):
            nodes.documents.append((at, node, depth))
        elif isinstance(node, Array):
            todo.append(((at, ("element",)), node.element, depth + 1))
        elif isinstance(node, Named):
            nodes.named.append((at, node, depth))
        elif isinstance(node, Record):
            nodes.records.append((at, node))
            todo.append(((at, ("key",)), node.key, depth + 1))
            todo.append(((at, ("value",)), node.value, depth + 2))
        elif isinstance(node, Constrained):
            nodes.constrained.append((at, node))
            todo.append(((at, ("inner",)), node.inner, depth))
    nodes.depths[root] = deepest
