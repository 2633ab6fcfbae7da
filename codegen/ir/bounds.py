"""What a bound on an index field can be: the fields that the path can lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .model import Schema
from .types import ANY, Constrained, Field, Named, Object, Type, Union


@dataclass(frozen=True, slots=True)
class Bound:
    """The fields at the end of a path; a document may have nothing there, or anything."""

    fields: tuple[Field, ...]
    absent: bool
    anything: bool


def bound(shapes: Iterable[Type | None], path: str, schema: Schema) -> Bound:
    """What `path` leads to in documents of these shapes; None is a document of any shape."""
    types: list[Type] = [ANY if shape is None else shape for shape in shapes]
    absent = False
    anything = False
    fields: list[Field] = []
    for part in path.split("."):
        fields = []
        for type_ in opened(types, schema):
            if type_ == ANY:
                anything = True
                continue
            inside = type_.fields if isinstance(type_, Object) else ()
            field = next((f for f in inside if f.name == part), None)
            if field is None:
                absent = True
            else:
                fields.append(field)
                absent = absent or field.optional
        types = [field.type for field in fields]
    return Bound(tuple(fields), absent, anything or not fields)


def opened(
    types: Iterable[Type], schema: Schema, seen: set[str] | None = None
) -> Iterator[Type]:
    """The types behind unions and names; each name is opened once."""
    names = set[str]() if seen is None else seen
    for type_ in types:
        match type_:
            case Union(arms):
                yield from opened(arms, schema, names)
            case Named(name):
                if name not in names:
                    names.add(name)
                    yield from opened((schema.types[name].type,), schema, names)
            case Constrained(inner):
                yield from opened((inner,), schema, names)
            case _:
                yield type_
