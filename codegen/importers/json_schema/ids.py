"""Ids for the fields whose names say that they refer to a table: `ownerId`, `owner_id`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from codegen.ir.model import Schema
from codegen.ir.types import (
    STRING,
    Array,
    Constrained,
    Field,
    Id,
    Object,
    Record,
    Type,
    Union,
)

from ..losses import KEYWORD, Losses
from ..places import Place


def with_ids(
    schema: Schema,
    models: Mapping[str, str],
    suffixes: Sequence[str],
    objects: ObjectPlaces,
    losses: Losses,
) -> Schema:
    """The schema with an id for each text whose field is a table's name with a suffix.

    `models` are the names of the tables' classes: their singular.
    """
    if not suffixes:
        return schema
    stems = {_plain(name): name for name in schema.tables}
    stems |= {_plain(model): name for name, model in models.items()}
    ids = _Ids(stems, [_plain(suffix) for suffix in suffixes], objects, losses)
    return replace(
        schema,
        tables={
            name: replace(table, document=ids.inside(table.document))
            for name, table in schema.tables.items()
        },
        types={
            name: replace(named, type=ids.inside(named.type))
            for name, named in schema.types.items()
        },
    )


@dataclass
class ObjectPlaces:
    """Where fields are from, by their identity; `origin` tells what a new one was made from."""

    places: Mapping[int, Place]
    origin: dict[int, int]
    kept: list[Field]


@dataclass
class _Ids:
    stems: Mapping[str, str]
    suffixes: Sequence[str]
    objects: ObjectPlaces
    losses: Losses

    def inside(self, node: Type) -> Type:
        if isinstance(node, Object):
            return replace(node, fields=tuple(map(self._field, node.fields)))
        if isinstance(node, Union):
            return Union(tuple(map(self.inside, node.arms)))
        if isinstance(node, Array):
            return Array(self.inside(node.element))
        if isinstance(node, Record):
            return replace(node, value=self.inside(node.value))
        if isinstance(node, Constrained):
            return replace(node, inner=self.inside(node.inner))
        return node

    def _field(self, field: Field) -> Field:
        name = _plain(field.name)
        node = self.inside(field.type)
        for suffix in self.suffixes:
            if name.endswith(suffix):
                table = self.stems.get(name.removesuffix(suffix))
                if table:
                    node = self._as_id(node, table, field)
            elif name.endswith(f"{suffix}s"):
                table = self.stems.get(name.removesuffix(f"{suffix}s"))
                if table:
                    node = self._as_ids(node, table, field)
        if node == field.type:
            return field
        made_field = replace(field, type=node)
        self.objects.kept.append(made_field)
        self.objects.origin[id(made_field)] = id(field)
        return made_field

    def _as_ids(self, node: Type, table: str, field: Field) -> Type:
        if isinstance(node, Array):
            return Array(self._as_id(node.element, table, field))
        if isinstance(node, Constrained):
            return replace(node, inner=self._as_ids(node.inner, table, field))
        if isinstance(node, Union):
            return Union(tuple(self._as_ids(arm, table, field) for arm in node.arms))
        return node

    def _as_id(self, node: Type, table: str, field: Field) -> Type:
        if node == STRING:
            return Id(table)
        if isinstance(node, Constrained) and node.inner == STRING:
            place = self.objects.places[id(field)]
            message = f'the bounds of "{field.name}" are not checked: it is an id'
            self.losses.lost(KEYWORD, place, message)
            return Id(table)
        if isinstance(node, Union):
            return Union(tuple(self._as_id(arm, table, field) for arm in node.arms))
        return node


def _plain(text: str) -> str:
    """A name without what the ways to write it differ in."""
    return text.replace("_", "").replace("-", "").lower()
