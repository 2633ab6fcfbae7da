"""Types that Convex refuses wherever they stand: keys of records, literals."""

from __future__ import annotations

import math
from collections.abc import Iterator

from codegen.diagnostics import Fault

from ..model import Schema
from ..nodes import Nodes, path_of
from ..notation import form
from ..types import Constrained, Id, Literal, Named, Scalar, Type, Union
from ..values import INT64


def check_types(schema: Schema, nodes: Nodes) -> Iterator[Fault]:
    """Keys of records, and values of literals."""
    for at, record in nodes.records:
        reason = _no_key(record.key, schema)
        if reason:
            yield Fault("E214", path_of(at, "key"), reason, "use dict[str, ...]")
    for at, literal in nodes.literals:
        reason = _no_literal(literal)
        if reason:
            yield Fault("E215", path_of(at), reason)


def _no_key(key: Type, schema: Schema) -> str:
    """Why a type can't be the key of a record: keys are strings or ids, not literals."""
    entered: set[str] = set()  # unions of names may multiply
    todo = [key]
    while todo:
        node = todo.pop()
        if isinstance(node, Named):
            if node.name not in entered:
                entered.add(node.name)
                todo.append(schema.types[node.name].type)
        elif isinstance(node, Constrained):
            todo.append(node.inner)
        elif isinstance(node, Union):
            todo += reversed(node.arms)
        elif isinstance(node, Literal) and node.kind == "string":
            return "the keys of a record can't be literals"
        elif not isinstance(node, Id) and node != Scalar("string"):
            return f"the keys of a record are strings or ids, not {form(node)}"
    return ""


def _no_literal(literal: Literal) -> str:
    value = literal.value
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value} can't be a literal: Convex takes finite numbers only"
    if literal.kind == "bigint" and isinstance(value, int) and value not in INT64:
        return f"{value} does not fit in 64 bits"
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return f"{value!a} holds half of a surrogate pair"
    return ""
