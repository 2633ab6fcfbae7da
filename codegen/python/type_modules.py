"""Where each named type lives: aliases together, what holds an object in a module of its own."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.ir.model import Schema
from codegen.ir.types import (
    Array,
    Constrained,
    Named,
    Object,
    Record,
    Type,
    Union,
)

from .names import module_names


class TypeModules:
    """The modules of `types/`, and the order in which aliases can be defined."""

    def __init__(self, schema: Schema) -> None:
        holding = _Holding(schema)
        own = sorted(name for name in schema.types if holding.objects(name))
        names = module_names(own)
        self.own = names
        self.aliases = _dependencies_first(
            schema, sorted(name for name in schema.types if name not in names)
        )

    def module(self, name: str, folder: str, package: str) -> str:
        """The module of a named type, from a module in `folder`; `package` leads to the root."""
        own = self.own.get(name, "")
        return f".{own}" if folder == "types" else f"{package}types.{own}".rstrip(".")


class _Holding:
    """Whether a named type holds an object, through other names too."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._known: dict[str, bool] = {}

    def objects(self, name: str) -> bool:
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._in(self._schema.types[name].type)
        return known

    def _in(self, type_: Type) -> bool:
        match type_:
            case Object():
                return True
            case Named(name):
                return self.objects(name)
            case _:
                return any(map(self._in, parts(type_)))


def parts(type_: Type) -> Iterator[Type]:
    """The types directly inside a type that is not an object."""
    match type_:
        case Array(element):
            yield element
        case Record(key, value):
            yield key
            yield value
        case Union(arms):
            yield from arms
        case Constrained(inner):
            yield inner
        case _:
            return


def _dependencies_first(schema: Schema, names: list[str]) -> list[str]:
    ordered: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in ordered:
            return
        for reference in _references(schema.types[name].type):
            visit(reference)
        ordered.setdefault(name)

    for name in names:
        visit(name)
    return list(ordered)


def _references(type_: Type) -> Iterator[str]:
    if isinstance(type_, Named):
        yield type_.name
    for part in parts(type_):
        yield from _references(part)
