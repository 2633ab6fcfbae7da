"""Names and descriptions for the types of a program that has run, from what its text says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from codegen.ir.model import Function, NamedType, Schema, Table
from codegen.ir.nodes import collect
from codegen.ir.types import (
    Array,
    Constrained,
    Field,
    Named,
    Object,
    Record,
    Type,
    Union,
)


def with_names(schema: Schema, written: Schema) -> Schema:
    """The schema with those of the names and descriptions of `written` that mean the same."""
    naming = _Naming(written.types)
    tables = {
        name: naming.table(table, written.tables.get(name, table))
        for name, table in schema.tables.items()
    }
    functions = {
        path: naming.function(function, written.functions.get(path, function))
        for path, function in schema.functions.items()
    }
    named = replace(schema, tables=tables, functions=functions)
    return replace(named, types=_used(named, written.types))


def _used(schema: Schema, types: Mapping[str, NamedType]) -> dict[str, NamedType]:
    """The types that a schema needs."""
    used: dict[str, NamedType] = {}
    while True:
        nodes = collect(replace(schema, types=used)).named
        names = {node.name for _, node, _ in nodes}
        found = {name: type_ for name, type_ in types.items() if name in names}
        if len(found) == len(used):
            return used
        used = found


@dataclass(frozen=True, slots=True)
class _Naming:
    types: Mapping[str, NamedType]

    def table(self, table: Table, written: Table) -> Table:
        staged = table.staged_document
        if staged is not None:
            staged = self._named(staged, written.staged_document or staged)
        return replace(
            table,
            document=self._named(table.document, written.document),
            staged_document=staged,
            description=written.description,
        )

    def function(self, function: Function, written: Function) -> Function:
        args, returns = self._named(function.args, written.args), function.returns
        if returns is not None:
            returns = self._named(returns, written.returns or returns)
        description = written.description
        return replace(function, args=args, returns=returns, description=description)

    def _named(self, node: Type, written: Type) -> Type:
        """The type with the names that are written, as far as they stand for the same."""
        if self._is_same(node, written):
            return written
        written = self._opened(written)
        if isinstance(node, Object) and isinstance(written, Object):
            fields = {part.name: part for part in written.fields}
            parts = (self._field(p, fields.get(p.name, p)) for p in node.fields)
            return replace(node, fields=tuple(parts))
        if isinstance(node, Array) and isinstance(written, Array):
            return Array(self._named(node.element, written.element))
        if isinstance(node, Record) and isinstance(written, Record):
            return Record(node.key, self._named(node.value, written.value))
        if isinstance(node, Union) and isinstance(written, Union):
            # Arms that don't correspond have nothing for each other.
            arms = (*written.arms, *node.arms[len(written.arms) :])
            return Union(tuple(map(self._named, node.arms, arms)))
        return node

    def _field(self, part: Field, written: Field) -> Field:
        node = self._named(part.type, written.type)
        return replace(part, type=node, description=written.description)

    def _is_same(self, node: Type, written: Type) -> bool:
        written = self._opened(written)
        if isinstance(node, Object) and isinstance(written, Object):
            return len(node.fields) == len(written.fields) and all(
                (one.name, one.optional) == (other.name, other.optional)
                and self._is_same(one.type, other.type)
                for one, other in zip(node.fields, written.fields, strict=True)
            )
        if isinstance(node, Array) and isinstance(written, Array):
            return self._is_same(node.element, written.element)
        if isinstance(node, Record) and isinstance(written, Record):
            keys = self._is_same(node.key, written.key)
            return keys and self._is_same(node.value, written.value)
        if isinstance(node, Union) and isinstance(written, Union):
            arms = len(node.arms) == len(written.arms)
            return arms and all(map(self._is_same, node.arms, written.arms))
        return node == written

    def _opened(self, node: Type) -> Type:
        """What names and constraints are about."""
        names: set[str] = set()
        while isinstance(node, (Named, Constrained)):
            if isinstance(node, Constrained):
                node = node.inner
            elif node.name in names or node.name not in self.types:
                return node
            else:
                names.add(node.name)
                node = self.types[node.name].type
        return node
