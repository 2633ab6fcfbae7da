"""Values as the types that they are meant for: a `1` is a float where a number is wanted."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.ir.fitting import fits
from codegen.ir.model import Schema
from codegen.ir.types import (
    Array,
    Constrained,
    Literal,
    Named,
    Object,
    Record,
    Scalar,
    Type,
    Union,
)
from codegen.ir.values import Value, encode


def adapted(value: Value, node: Type, schema: Schema) -> Value:
    """The value with integers made floats wherever the type has a number.

    A value that does not fit the type is given back in some form that does not fit either.
    """
    if isinstance(node, Named):
        return adapted(value, schema.types[node.name].type, schema)
    if isinstance(node, Constrained):
        return adapted(value, node.inner, schema)
    if isinstance(node, Scalar):
        return _with_floats(value) if node.kind in ("number", "any") else value
    if isinstance(node, Literal):
        return _with_floats(value) if node.kind == "number" else value
    if isinstance(node, Union):
        return _adapted_to_arm(value, node, schema)
    if isinstance(node, Array) and isinstance(value, list):
        return [adapted(item, node.element, schema) for item in value]
    if isinstance(value, dict):
        if isinstance(node, Record):
            return {n: adapted(item, node.value, schema) for n, item in value.items()}
        if isinstance(node, Object):
            types = {field.name: field.type for field in node.fields}
            return {
                name: adapted(item, types[name], schema) if name in types else item
                for name, item in value.items()
            }
    return value


def _adapted_to_arm(value: Value, union: Union, schema: Schema) -> Value:
    """The value as the arm that takes it unchanged, else as the first that takes it."""
    fitting: list[Value] = []
    for arm in _arms(union, schema):
        candidate = adapted(value, arm, schema)
        if _fits(candidate, arm, schema):
            fitting.append(candidate)
    unchanged = [candidate for candidate in fitting if repr(candidate) == repr(value)]
    return (unchanged or fitting or [value])[0]


def _arms(union: Union, schema: Schema) -> Iterator[Type]:
    """The arms, with those of unions inside; a named one once, for unions may multiply."""
    entered: set[str] = set()
    todo: list[Type] = [union]
    while todo:
        node = todo.pop()
        if isinstance(node, Union):
            todo += reversed(node.arms)
        elif not isinstance(node, Named):
            yield node
        elif node.name not in entered:
            entered.add(node.name)
            todo.append(schema.types[node.name].type)


def _fits(value: Value, node: Type, schema: Schema) -> bool:
    try:
        return fits(encode(value), node, schema)
    except ValueError:
        return False


def _with_floats(value: Value) -> Value:
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            return value
    if isinstance(value, list):
        return [_with_floats(item) for item in value]
    if isinstance(value, dict):
        return {name: _with_floats(item) for name, item in value.items()}
    return value
