"""Names for the objects that an annotation can't write out: those in lists, dicts and unions.

The native language writes an object out as the type of a field, as a named type, and as a kind
of document. Elsewhere it takes a name, and here gets the one that its class would have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from codegen.ir.discriminator import tags
from codegen.ir.model import Function, NamedType, Schema, Table
from codegen.ir.types import (
    ANY,
    Array,
    Constrained,
    Doc,
    Named,
    Object,
    Record,
    Type,
    Union,
)
from codegen.ir.whole_documents import whole_document
from codegen.language.native_types import may_be_class
from codegen.python.classes import class_names
from codegen.python.names import pascal_case
from codegen.python.singular import singular_class


def with_named_objects(schema: Schema) -> Schema:
    """The schema with more named types; one whose name the language needs gets another.

    The schema must have passed its checks, and `with_plain_unions`.
    """
    naming = _Naming(schema)
    for named in schema.types.values():
        naming.add(named)
    for table in schema.tables.values():
        naming.tables[table.name] = naming.table(table)
    return replace(
        schema,
        tables=naming.tables,
        types=naming.types,
        functions={f.path: naming.function(f) for f in schema.functions.values()},
    )


@dataclass
class _Naming:
    """`types` and `tables` are those that are made so far."""

    schema: Schema
    types: dict[str, NamedType] = field(default_factory=dict[str, NamedType])
    tables: dict[str, Table] = field(default_factory=dict[str, Table])
    _is_named: bool = False
    """Whether it is in a type with a name of its own, which can't hold a `Doc`."""
    _known: dict[tuple[str, Object], str] = field(
        default_factory=dict[tuple[str, Object], str]
    )

    def __post_init__(self) -> None:
        classes, _ = class_names(self.schema, {})
        self._classes = classes.tables
        self._taken = {*classes.taken}
        self._renamed = {
            name: name if may_be_class(name) else self._free(f"{pascal_case(name)}Type")
            for name in self.schema.types
        }

    def add(self, named: NamedType) -> None:
        name = self._renamed[named.name]
        self.types[name] = named  # before the types that it uses
        made = self._outer(named.type, name)
        self.types[name] = NamedType(name, made, named.description)

    def table(self, table: Table) -> Table:
        names = self._classes[table.name]
        arms = [arm.document for arm in names.arms]
        staged = table.staged_document
        if staged is not None:
            staged = self._document(staged, names.document, [])
        document = self._document(table.document, names.document, arms)
        return replace(table, document=document, staged_document=staged)

    def function(self, function: Function) -> Function:
        name = pascal_case(function.path.rpartition(":")[2])
        args, returns = self._outer(function.args, name), function.returns
        if returns is not None:
            returns = self._outer(returns, f"{name}Result")
        return replace(function, args=args, returns=returns)

    def _document(self, node: Type, owner: str, known: Sequence[str]) -> Type:
        """`known` are the classes of a union's arms, if it has some."""
        if not isinstance(node, Union):
            return self._outer(node, owner)
        names = known or self._arm_names(node.arms, owner)
        kinds = [arm for arm in node.arms if isinstance(arm, Object)]
        if len(kinds) < len(node.arms):
            # The types have these names instead of classes.
            self._taken.difference_update({*known} - {owner})
            return Union(tuple(map(self._inner, node.arms, names)))
        return Union(tuple(map(self._kind, kinds, names)))

    def _kind(self, node: Object, name: str) -> Object:
        """One of several kinds of documents, all of which are written out."""
        own = name if may_be_class(name) else self._free(name)
        return replace(self._fields(node, name), name=node.name or own)

    def _outer(self, node: Type, name: str) -> Type:
        """A type where an object may be written out."""
        if isinstance(node, Object):
            return self._fields(node, name)
        return self._inner(node, name)

    def _fields(self, node: Object, owner: str) -> Object:
        fields = (
            replace(f, type=self._outer(f.type, owner + pascal_case(f.name)))
            for f in node.fields
        )
        return Object(tuple(fields))

    def _inner(self, node: Type, name: str) -> Type:
        """A type as an annotation has it; `name` is for the object that it may be."""
        if isinstance(node, Object):
            return Named(self._name(node, name))
        if isinstance(node, Named):
            return Named(self._renamed.get(node.name, node.name))
        if isinstance(node, Doc) and self._is_named:
            return self._whole_document(node.table)
        if isinstance(node, Array):
            return Array(self._inner(node.element, singular_class(name)))
        if isinstance(node, Record):
            key = self._inner(node.key, name)
            return Record(key, self._inner(node.value, singular_class(name)))
        if isinstance(node, Constrained):
            return replace(node, inner=self._inner(node.inner, name))
        if isinstance(node, Union):
            names = self._arm_names(node.arms, name)
            return Union(tuple(map(self._inner, node.arms, names)))
        return node

    def _arm_names(self, arms: Sequence[Type], name: str) -> list[str]:
        """A name for each arm; with several objects, after what tells them apart."""
        shapes = [self._shape(arm) for arm in arms]
        objects = [shape for shape in shapes if shape is not None]
        if len(objects) < 2:
            return [name] * len(arms)
        found = tags(objects, self.schema)
        numbers = [str(i) for i, _ in enumerate(objects, 1)]
        words = [pascal_case(values[0]) for values in found[1]] if found else numbers
        distinct = all(words) and len({*words}) == len(words)
        suffixes = iter(words if distinct else numbers)
        return [
            name + next(suffixes) if shape is not None else name for shape in shapes
        ]

    def _shape(self, node: Type) -> Object | None:
        while isinstance(node, Named):
            node = self.schema.types[node.name].type
        return node if isinstance(node, Object) else None

    def _whole_document(self, table: str) -> Type:
        """A type for the documents of a table, as they are read."""
        made = Schema(self.tables, self.types)
        whole = whole_document(table, made)
        name = f"{self._classes[table].document}Document"
        if isinstance(whole, Object):
            return Named(self._name(whole, name))
        return self._inner(whole, name)

    def _name(self, node: Object, name: str) -> str:
        """The name of a type for an object: a new type, or the same for the same."""
        own = self._known.get((name, node))
        if own is None:
            own = self._known[name, node] = self._free(name)
            self.types[own] = NamedType(own, ANY)  # before the types that it uses
            outer, self._is_named = self._is_named, True
            self.types[own] = NamedType(own, self._fields(node, own))
            self._is_named = outer
        return own

    def _free(self, name: str) -> str:
        free, number = name, 1
        while free in self._taken or not may_be_class(free):
            number += 1
            free = f"{name}{number}"
        self._taken.add(free)
        return free
