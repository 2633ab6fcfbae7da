"""Types and tables in the order that a deployment gives them back in, whoever wrote them.

It sorts fields and filters by name, and keeps the arms of unions as they were pushed.
"""

from __future__ import annotations

from dataclasses import replace

from codegen.ir.model import Function, Table
from codegen.ir.types import Array, Field, Object, Record, Type, Union


def table_in_order(table: Table) -> Table:
    """A table whose types name no others."""
    staged = table.staged_document
    return replace(
        table,
        document=type_in_order(table.document),
        staged_document=None if staged is None else type_in_order(staged),
        search_indexes=tuple(
            replace(index, filters=tuple(sorted(index.filters)))
            for index in table.search_indexes
        ),
        vector_indexes=tuple(
            replace(index, filters=tuple(sorted(index.filters)))
            for index in table.vector_indexes
        ),
    )


def function_in_order(function: Function) -> Function:
    """A function whose types name no others."""
    returns = function.returns
    return replace(
        function,
        args=type_in_order(function.args),
        returns=None if returns is None else type_in_order(returns),
    )


def type_in_order(node: Type) -> Type:
    """A type that names no others."""
    if isinstance(node, Object):
        fields = sorted(map(_field, node.fields), key=lambda field: field.name)
        return replace(node, fields=tuple(fields))
    if isinstance(node, Array):
        return replace(node, element=type_in_order(node.element))
    if isinstance(node, Record):
        return replace(node, value=type_in_order(node.value))
    if isinstance(node, Union):
        return replace(node, arms=tuple(map(type_in_order, node.arms)))
    return node


def _field(field: Field) -> Field:
    return replace(field, type=type_in_order(field.type))
