"""Unions as an annotation can write them: of several types, and not inside of each other."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from codegen.diagnostics import Fault, Path
from codegen.ir.model import Function, NamedType, Schema, Table
from codegen.ir.types import (
    NEVER,
    Array,
    Constrained,
    Named,
    Object,
    Record,
    Type,
    Union,
)


def with_plain_unions(schema: Schema) -> tuple[Schema, list[Fault]]:
    """The schema with the same values in fewer unions, and a fault for each that is gone.

    A document is written out, whatever it is named. The schema must have passed its checks.
    """
    plain = _Plain(schema)
    done = replace(
        schema,
        tables={table.name: plain.table(table) for table in schema.tables.values()},
        types={named.name: plain.named(named) for named in schema.types.values()},
        functions={f.path: plain.function(f) for f in schema.functions.values()},
    )
    return done, plain.faults


@dataclass
class _Plain:
    schema: Schema
    faults: list[Fault] = field(default_factory=list[Fault])

    def table(self, table: Table) -> Table:
        path, staged = ("tables", table.name), table.staged_document
        document = self._document(table.document, (*path, "document"))
        if staged is not None:
            staged = self._document(staged, (*path, "stagedDocument"))
        return replace(table, document=document, staged_document=staged)

    def named(self, named: NamedType) -> NamedType:
        return replace(
            named, type=self._type(named.type, ("types", named.name, "type"))
        )

    def function(self, function: Function) -> Function:
        path, returns = ("functions", function.path), function.returns
        args = self._type(function.args, (*path, "args"))
        if returns is not None:
            returns = self._type(returns, (*path, "returns"))
        return replace(function, args=args, returns=returns)

    def _document(self, node: Type, path: Path) -> Type:
        while isinstance(node, Named):
            path, node = ("types", node.name, "type"), self.schema.types[node.name].type
        if not isinstance(node, Union):
            return self._type(node, path)
        arms: list[Type] = []
        for i, arm in enumerate(node.arms):
            place = (*path, "arm", i)
            if arm in arms:
                self._tell(place, "a type that is there twice is written once")
            else:
                arms.append(self._type(arm, place))
        return Union(tuple(arms))

    def _type(self, node: Type, path: Path) -> Type:
        if isinstance(node, Object):
            fields = (
                replace(f, type=self._type(f.type, (*path, "field", f.name)))
                for f in node.fields
            )
            return replace(node, fields=tuple(fields))
        if isinstance(node, Array):
            return Array(self._type(node.element, (*path, "element")))
        if isinstance(node, Record):
            key = self._type(node.key, (*path, "key"))
            return Record(key, self._type(node.value, (*path, "value")))
        if isinstance(node, Constrained):
            return replace(node, inner=self._type(node.inner, (*path, "inner")))
        if isinstance(node, Union) and node != NEVER:
            return self._union(node, path)
        return node

    def _union(self, node: Union, path: Path) -> Type:
        arms: list[Type] = []
        for i, arm in enumerate(node.arms):
            place = (*path, "arm", i)
            made = self._type(arm, place)
            if isinstance(made, Union):
                self._tell(place, "a union in a union is written as one union")
                arms += made.arms
            else:
                arms.append(made)
        if len(arms) == 1:
            self._tell(path, "a union of one type is written as that type")
            return arms[0]
        return Union(tuple(arms))

    def _tell(self, path: Path, message: str) -> None:
        hint = "the same values fit; only Convex's validator is spelt otherwise"
        self.faults.append(Fault("W404", path, message, hint))
