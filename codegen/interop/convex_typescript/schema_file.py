"""Writes `convex/schema.ts`, as an author with Prettier would.

Named types become constants, descriptions JSDoc. What Convex does not do, and `warnings` of
`convex_json` tells, becomes a comment at its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from codegen.ir.model import NamedType, Schema, Table
from codegen.ir.types import (
    Array,
    Constrained,
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

from . import syntax as ts
from .comments import (
    constraint_comments,
    doc_comment,
    field_comments,
)
from .indexes import index_calls
from .layout import HARD, rendered
from .layout import Doc as Layout
from .text import identifiers, key, literal, string

_BUILDERS: Final = {"bigint": "int64"}


def dumps(schema: Schema) -> str:
    """The text of the module; its `export()` is what `convex_json` writes of the schema.

    The schema must have passed its checks.
    """
    return _imports(schema) + "".join(_Module(schema).statements())


def _imports(schema: Schema) -> str:
    """What the module uses of Convex; without fields and types, there are no validators."""
    tables = schema.tables.values()
    names = "defineSchema, defineTable" if tables else "defineSchema"
    text = f'import {{ {names} }} from "convex/server";\n'
    if schema.types or not all(_has_no_validators(table) for table in tables):
        text += 'import { v } from "convex/values";\n'
    return text


def _has_no_validators(table: Table) -> bool:
    empty = isinstance(table.document, Object) and not table.document.fields
    return empty and table.staged_document is None


class _Module:
    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._names = identifiers(schema.types)

    def statements(self) -> Iterator[str]:
        """The text below the imports."""
        for name in _in_order_of_use(self._schema):
            yield "\n" + rendered((self._constant(self._schema.types[name]), ";", HARD))
        tables = tuple(
            self._table(table, apart=i > 0)
            for i, table in enumerate(self._schema.tables.values())
        )
        args: list[ts.Expression] = [ts.Object(tables, expanded=True)]
        if not self._schema.schema_validation:
            off = ts.Property("schemaValidation", ts.Atom("false"))
            args.append(ts.Object((off,)))
        call = ts.Call("defineSchema", tuple(args))
        yield "\n" + rendered(("export default ", ts.layout(call), ";", HARD))

    def _constant(self, named: NamedType) -> Layout:
        comments = [*doc_comment(named.description), *constraint_comments(named.type)]
        value = self._type(named.type, expanded=True)
        left = f"export const {self._names[named.name]} ="
        return *((line, HARD) for line in comments), ts.assigned(left, value)

    def _table(self, table: Table, *, apart: bool) -> ts.Property:
        document = table.document
        if isinstance(document, Object):
            argument: ts.Expression = self._fields(document, expanded=True)
        else:
            argument = self._type(document)
        call = ts.Call("defineTable", (argument,))
        links = tuple(self._links(table))
        value = ts.Chain(call, links) if links else call
        comments = tuple(doc_comment(table.description))
        return ts.Property(table.name, value, comments, apart)

    def _links(self, table: Table) -> Iterator[ts.Call]:
        """The methods that are called on a table: its staged document, and its indexes."""
        if table.staged_document is not None:
            yield ts.Call("staged", (self._type(table.staged_document),))
        yield from index_calls(table, self._schema)

    def _fields(self, node: Object, *, expanded: bool = False) -> ts.Object:
        properties = tuple(
            ts.Property(
                key(field.name),
                self._field_type(field),
                tuple(field_comments(field)),
            )
            for field in node.fields
        )
        return ts.Object(properties, expanded)

    def _field_type(self, field: Field) -> ts.Expression:
        type_ = self._type(field.type)
        return _call("optional", type_) if field.optional else type_

    def _type(self, node: Type, *, expanded: bool = False) -> ts.Expression:
        """A validator; of an object, `expanded` puts each field on a line of its own."""
        if isinstance(node, Scalar):
            return _call(_BUILDERS.get(node.kind, node.kind))
        if isinstance(node, Literal):
            return _call("literal", ts.Atom(literal(node.value)))
        if isinstance(node, Id):
            return _call("id", ts.Atom(string(node.table)))
        if isinstance(node, Array):
            return _call("array", self._type(node.element))
        if isinstance(node, Named):
            return ts.Atom(self._names[node.name])
        if isinstance(node, Constrained):
            return self._type(node.inner)
        if isinstance(node, Object):
            return _call("object", self._fields(node, expanded=expanded))
        if isinstance(node, Record):
            return _call("record", self._type(node.key), self._type(node.value))
        if isinstance(node, Union):
            return _call("union", *map(self._type, node.arms))
        raise TypeError(f"{type(node).__name__} is a type of functions only")


def _call(builder: str, *args: ts.Expression) -> ts.Call:
    return ts.Call(f"v.{builder}", args)


def _in_order_of_use(schema: Schema) -> list[str]:
    """The names of the types as they are declared, but each after those that it uses."""
    found: dict[str, None] = {}

    def add(name: str) -> None:
        if name not in found:
            for used in _names(schema.types[name].type):
                add(used)
            found[name] = None

    for name in schema.types:
        add(name)
    return [*found]


def _names(node: Type) -> Iterator[str]:
    if isinstance(node, Named):
        yield node.name
    for part in _parts(node):
        yield from _names(part)


def _parts(node: Type) -> tuple[Type, ...]:
    """The types that a type is made of."""
    if isinstance(node, Object):
        return tuple(field.type for field in node.fields)
    if isinstance(node, Union):
        return node.arms
    if isinstance(node, Array):
        return (node.element,)
    if isinstance(node, Record):
        return node.key, node.value
    if isinstance(node, Constrained):
        return (node.inner,)
    return ()
