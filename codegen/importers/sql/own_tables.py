"""Some tables of a schema that a database of Tablewright keeps."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from codegen.ir.model import NamedType, Schema, Table
from codegen.ir.types import (
    STRING,
    Array,
    Constrained,
    Id,
    Named,
    Object,
    Record,
    Type,
    Union,
)

from .report import OTHER, REFERENCE, Report


def with_tables(schema: Schema, chosen: Collection[str], report: Report) -> Schema:
    """The chosen tables, and the types that they refer to; ids of other tables are texts.

    Functions are left out: they may be about any table.
    """
    choosing = _Choosing(schema, chosen, report)
    tables = {
        name: choosing.table(table)
        for name, table in schema.tables.items()
        if name in chosen
    }
    types = choosing.named_types()
    if schema.functions:
        many = f"{len(schema.functions):,} functions left out"
        report.lost(OTHER, ", ".join(tables), many)
    return replace(schema, tables=tables, types=types, functions={})


@dataclass
class _Choosing:
    schema: Schema
    chosen: Collection[str]
    report: Report
    wanted: dict[str, Type] = field(default_factory=dict[str, Type])
    """The named types that are used, as far as they are known, in their new form."""
    todo: list[str] = field(default_factory=list[str])

    def table(self, table: Table) -> Table:
        staged = table.staged_document
        if staged is not None:
            staged = self._type(staged, table.name)
        document = self._type(table.document, table.name)
        return replace(table, document=document, staged_document=staged)

    def named_types(self) -> dict[str, NamedType]:
        while self.todo:
            name = self.todo.pop()
            self.wanted[name] = self._type(self.schema.types[name].type, name)
        return {
            name: replace(named, type=self.wanted[name])
            for name, named in self.schema.types.items()
            if name in self.wanted
        }

    def _type(self, node: Type, place: str) -> Type:
        """`place` is the path of the node in words."""
        if isinstance(node, Id):
            if node.table in self.chosen:
                return node
            message = (
                f"the reference to {node.table} is left out: the table is not imported"
            )
            self.report.lost(REFERENCE, place, message)
            return STRING
        if isinstance(node, Named):
            if node.name not in self.wanted and node.name not in self.todo:
                self.todo.append(node.name)
            return node
        if isinstance(node, Object):
            fields = (
                replace(f, type=self._type(f.type, f"{place}.{f.name}"))
                for f in node.fields
            )
            return replace(node, fields=tuple(fields))
        if isinstance(node, Array):
            return Array(self._type(node.element, place))
        if isinstance(node, Record):
            return Record(self._type(node.key, place), self._type(node.value, place))
        if isinstance(node, Constrained):
            return replace(node, inner=self._type(node.inner, place))
        if isinstance(node, Union):
            return _one_of(self._type(arm, place) for arm in node.arms)
        return node


def _one_of(arms: Iterable[Type]) -> Type:
    """A union, in which ids of several tables may have become the same text."""
    different = tuple(dict.fromkeys(arms))
    return different[0] if len(different) == 1 else Union(different)
