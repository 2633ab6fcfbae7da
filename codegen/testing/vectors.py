"""Vectors in the documents that a factory makes: a vector index has those of one length only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from codegen.ir.model import Schema, Table
from codegen.ir.types import NUMBER, Array, Constrained, Constraint, Object, Type, Union

from .restrictions import Lengths, without_constraints


def with_vectors(table: Table, schema: Schema) -> Type:
    """The type of a table's documents, whose vectors are as long as their indexes want them.

    Of two indexes on one field the first has its way.
    """
    document = table.document
    for index in table.vector_indexes:
        path = index.field.strip(".").split(".")
        document = _with_vector(document, path, index.dimensions, schema)
    return document


def _with_vector(
    node: Type, path: Sequence[str], dimensions: int, schema: Schema
) -> Type:
    inner, constraints = without_constraints(node, schema)
    if isinstance(inner, Union):
        arms = [_with_vector(arm, path, dimensions, schema) for arm in inner.arms]
        return Union(tuple(arms))
    if not path and isinstance(inner, Array):
        lengths = Lengths.of(constraints)
        element, _ = without_constraints(inner.element, schema)
        if element == NUMBER and lengths.least <= dimensions <= lengths.most:
            length = [Constraint(end, dimensions) for end in ("minLength", "maxLength")]
            return Constrained(inner, (*constraints, *length))
    elif path and isinstance(inner, Object):
        name, *rest = path
        fields = [
            (
                replace(one, type=_with_vector(one.type, rest, dimensions, schema))
                if one.name == name
                else one
            )
            for one in inner.fields
        ]
        return replace(inner, fields=tuple(fields))
    return node
