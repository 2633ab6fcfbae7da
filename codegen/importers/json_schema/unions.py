"""Unions of what the arms of a schema allow, and whether the arms exclude each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from codegen.ir.model import NamedType
from codegen.ir.types import (
    ANY,
    BIGINT,
    NEVER,
    NULL,
    NUMBER,
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


def union_of(arms: Iterable[Type]) -> Type:
    """The union as a person writes it: each type once, null last, one arm as it is."""
    kept = dict.fromkeys(_flat(arms))
    if ANY in kept:
        return ANY
    if NUMBER in kept:
        kept.pop(BIGINT, None)
    if NULL in kept:
        kept.pop(NULL)
        kept[NULL] = None
    return next(iter(kept)) if len(kept) == 1 else Union(tuple(kept))


def _flat(arms: Iterable[Type]) -> Iterator[Type]:
    for arm in arms:
        if isinstance(arm, Union):
            yield from _flat(arm.arms)
        else:
            yield arm


def are_disjoint(left: Type, right: Type, types: Mapping[str, NamedType]) -> bool:
    """Whether no value is of both types; False as well where that is not plain to see."""
    for one in _arms(left, types, set()):
        for other in _arms(right, types, set()):
            if not _exclude(one, other, types):
                return False
    return True


def may_join(left: Type, right: Type, types: Mapping[str, NamedType]) -> bool:
    """Whether something may have the fields of two objects, of which each has some alone."""
    return any(
        isinstance(one, Object)
        and isinstance(other, Object)
        and _may_join(one, other, types)
        for one in _arms(left, types, set())
        for other in _arms(right, types, set())
    )


def _may_join(one: Object, other: Object, types: Mapping[str, NamedType]) -> bool:
    left = {field.name: field for field in one.fields}
    right = {field.name: field for field in other.fields}
    if left.keys() <= right.keys() or right.keys() <= left.keys():
        return False
    return not any(
        not (left[name].optional and right[name].optional)
        and are_disjoint(left[name].type, right[name].type, types)
        for name in left.keys() & right.keys()
    )


def _arms(node: Type, types: Mapping[str, NamedType], seen: set[str]) -> Iterator[Type]:
    while isinstance(node, (Named, Constrained)):
        if isinstance(node, Constrained):
            node = node.inner
        elif node.name in seen or node.name not in types:
            yield ANY
            return
        else:
            seen.add(node.name)
            node = types[node.name].type
    if isinstance(node, Union):
        for arm in node.arms:
            yield from _arms(arm, types, seen)
    else:
        yield node


def _exclude(one: Type, other: Type, types: Mapping[str, NamedType]) -> bool:
    if isinstance(one, Object) and isinstance(other, Object):
        return _objects_exclude(one, other, types)
    if isinstance(one, Literal) and isinstance(other, Literal):
        return _literal(one) != _literal(other)
    kinds = _kind(one), _kind(other)
    return "any" not in kinds and kinds[0] != kinds[1]


def _literal(node: Literal) -> tuple[bool, object]:
    return isinstance(node.value, bool), node.value


def _objects_exclude(
    one: Object, other: Object, types: Mapping[str, NamedType]
) -> bool:
    left = {field.name: field for field in one.fields}
    right = {field.name: field for field in other.fields}
    for name, field in left.items():
        against = right.get(name)
        if against is None:
            if not field.optional:
                return True  # the other has no such field
        elif not (field.optional and against.optional) and are_disjoint(
            field.type, against.type, types
        ):
            return True
    return any(n not in left and not f.optional for n, f in right.items())


def _kind(node: Type) -> str:
    if isinstance(node, Literal):
        return "number" if node.kind == "bigint" else node.kind
    if isinstance(node, Scalar):
        return "number" if node.kind == "bigint" else node.kind
    if isinstance(node, Array):
        return "array"
    if isinstance(node, (Object, Record)):
        return "object"
    return "never" if node == NEVER else "any"
