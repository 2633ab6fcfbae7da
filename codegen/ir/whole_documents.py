"""Whole documents of tables: a table's fields with the `_id` and `_creationTime` beside them.

Convex has no name for such a type: validators of functions write it out. Here it is `Doc`.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Final

from .model import Function, Schema
from .types import (
    ANY,
    NUMBER,
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

_CREATION_TIME: Final = Field("_creationTime", NUMBER)


def whole_document(table: str, schema: Schema) -> Type:
    """The type of a table's documents as they are read; `any` where the table has any.

    Raises KeyError if the schema has no such table.
    """
    return _with_system_fields(schema.tables[table].document, table, schema)


def _with_system_fields(document: Type, table: str, schema: Schema) -> Type:
    while isinstance(document, Named):
        document = schema.types[document.name].type
    if isinstance(document, Union):
        arms = (_with_system_fields(arm, table, schema) for arm in document.arms)
        return Union(tuple(arms))
    if isinstance(document, Object):
        fields = (Field("_id", Id(table)), _CREATION_TIME, *document.fields)
        return replace(document, fields=fields)
    return document


def with_documents(schema: Schema) -> Schema:
    """The schema with `Doc` wherever a function's types write a whole document out.

    The schema must have passed its checks: names are followed, and documents must be finite.
    """
    if not schema.functions:
        return schema
    folding = _Folding(schema)
    functions = {path: folding.function(f) for path, f in schema.functions.items()}
    return replace(schema, functions=functions)


class _Folding:
    """Finds whole documents by shape: a number for each set of values, whatever its notation."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._numbers: dict[Hashable, int] = {}
        self._names: dict[str, int] = {}
        self._documents = {
            self._shape(whole): Doc(table)
            for table in schema.tables
            if (whole := whole_document(table, schema)) != ANY
        }

    def function(self, function: Function) -> Function:
        args, returns = function.args, function.returns
        if isinstance(args, Object):
            args = self._inside(args)
        if returns is not None:
            returns = self._folded(returns)
        if args == function.args and returns == function.returns:
            return function
        return replace(function, args=args, returns=returns)

    def _folded(self, node: Type) -> Type:
        if isinstance(node, (Object, Union)):
            document = self._documents.get(self._shape(node))
            if document is not None:
                return document
        return self._inside(node)

    def _inside(self, node: Type) -> Type:
        if isinstance(node, Object):
            fields = (replace(f, type=self._folded(f.type)) for f in node.fields)
            return replace(node, fields=tuple(fields))
        if isinstance(node, Union):
            return Union(tuple(map(self._folded, node.arms)))
        if isinstance(node, Array):
            return Array(self._folded(node.element))
        if isinstance(node, Record):
            return Record(node.key, self._folded(node.value))
        if isinstance(node, Constrained):
            return replace(node, inner=self._folded(node.inner))
        return node

    def _shape(self, node: Type) -> int:
        """Equal for types that differ only in names, order, descriptions and constraints."""
        if isinstance(node, Named):
            if node.name not in self._names:
                named = self._schema.types[node.name].type
                self._names[node.name] = self._shape(named)
            return self._names[node.name]
        if isinstance(node, Constrained):
            return self._shape(node.inner)
        if isinstance(node, Doc):
            return self._shape(whole_document(node.table, self._schema))
        return self._numbers.setdefault(self._key(node), len(self._numbers))

    def _key(
        self, node: Scalar | Literal | Id | Array | Record | Union | Object
    ) -> Hashable:
        if isinstance(node, Object):
            return Object, frozenset(
                (f.name, f.optional, self._shape(f.type)) for f in node.fields
            )
        if isinstance(node, Union):
            return Union, frozenset(map(self._shape, node.arms))
        if isinstance(node, Array):
            return Array, self._shape(node.element)
        if isinstance(node, Record):
            return Record, self._shape(node.key), self._shape(node.value)
        if isinstance(node, Literal):
            return Literal, node.kind, repr(node.value)
        return node
