"""Small schemas, each for one rule."""

from __future__ import annotations

from typing import Any, TypeAlias

from codegen.diagnostics import Path
from codegen.ir.model import (
    Function,
    Index,
    NamedType,
    Schema,
    SearchIndex,
    Table,
    VectorIndex,
)
from codegen.ir.types import (
    ANY,
    NUMBER,
    STRING,
    Array,
    Constrained,
    Constraint,
    Field,
    Named,
    Object,
    Type,
)

Rule: TypeAlias = tuple[str, Path, Schema, Schema]
"""The code of a fault and its path, the least schema that has it, and a good neighbour."""

DOCUMENT: Path = ("tables", "t", "document")
VECTOR = Array(NUMBER)
INDEX: Path = ("tables", "t", "indexes", 0)
FIELD_A: Path = (*DOCUMENT, "field", "a")


def of(document: Type, types: dict[str, Type] | None = None, **rest: Any) -> Schema:
    """A schema with one table `t`, or more through `more`."""
    validation = rest.pop("schema_validation", True)
    more: list[Table] = rest.pop("more", [])
    tables = [Table("t", document, **rest), *more]
    named = {name: NamedType(name, node) for name, node in (types or {}).items()}
    return Schema({table.name: table for table in tables}, named, validation)


def having(node: Type = STRING, **options: Any) -> Object:
    return Object((Field("a", node, **options),))


def called(name: str, table: Table | None = None) -> Schema:
    return Schema({name: table or Table(name, having())})


def with_function(path: str, document: Type | None = None, **rest: Any) -> Schema:
    table = Table("t", document or having())
    functions = {path: Function(path, "query", **rest)}
    return Schema({"t": table}, functions=functions)


def nested(levels: int) -> Object:
    """An object in an object, and so on: three levels of JSON each."""
    node = having(Array(STRING))
    for _ in range(levels - 1):
        node = having(node)
    return node


def with_index(*fields: str, document: Type | None = None, **options: Any) -> Schema:
    index = Index(options.pop("name", "by_a"), fields, **options)
    return of(document or abc(), indexes=(index,))


def abc(node: Type = STRING) -> Object:
    return Object(tuple(Field(name, node) for name in "abcdefghijklmnopq"))


def with_search(field: str = "a", *filters: str, **options: Any) -> Schema:
    return of(abc(), search_indexes=(SearchIndex("s", field, filters),), **options)


def with_vector(dimensions: int = 3, node: Type = VECTOR, *filters: str) -> Schema:
    index = VectorIndex("v", "a", dimensions, filters)
    return of(having(node), vector_indexes=(index,))


def constrained(node: Type, **constraints: Any) -> Object:
    return having(Constrained(node, tuple(Constraint(*c) for c in constraints.items())))


def wide(required: int) -> Object:
    return Object(tuple(Field(f"f{i}", ANY) for i in range(required)))


def deep(levels: int) -> Type:
    node: Type = STRING
    for _ in range(levels):
        node = Array(node)
    return node


def doubling(length: int) -> dict[str, Type]:
    """Types that each hold the next one twice."""
    types: dict[str, Type] = {
        f"T{n}": Object(
            (Field("a", Named(f"T{n + 1}")), Field("b", Named(f"T{n + 1}")))
        )
        for n in range(length)
    }
    return {**types, f"T{length}": Object((Field("c", STRING),))}


def chain(length: int) -> dict[str, Type]:
    """Types that each are a list of the next one."""
    types: dict[str, Type] = {f"T{n}": Array(Named(f"T{n + 1}")) for n in range(length)}
    return {**types, f"T{length}": STRING}
