"""What JSON Schema can't say of a schema."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.diagnostics import Fault, Path
from codegen.ir.model import Schema
from codegen.ir.nodes import collect, path_of
from codegen.ir.notation import constraint_notation
from codegen.ir.types import BIGINT, Constrained, Constraint, Named, Type

from .patterns import portable


def warnings(schema: Schema) -> list[Fault]:
    """The constraints that are left out; descriptions name those of int64s."""
    return [
        fault
        for at, node in collect(schema).constrained
        for i, constraint in enumerate(node.constraints)
        for fault in _left_out(path_of(at, "constraint", i), constraint, node, schema)
    ]


def _left_out(
    path: Path, constraint: Constraint, node: Constrained, schema: Schema
) -> Iterator[Fault]:
    mark = constraint_notation(constraint)
    if constraint.kind == "pattern" and portable(str(constraint.value)) is None:
        yield Fault(
            "W441",
            path,
            f"JSON Schema has no words for {mark}: it is left out",
            "write it without flags, names of groups and what else only Python knows",
        )
    elif _base(node, schema) == BIGINT:
        yield Fault(
            "W440",
            path,
            f"JSON Schema can't check {mark} of an int",
            "only the generated Python does",
        )


def _base(node: Type, schema: Schema) -> Type:
    while isinstance(node, (Named, Constrained)):
        node = schema.types[node.name].type if isinstance(node, Named) else node.inner
    return node
