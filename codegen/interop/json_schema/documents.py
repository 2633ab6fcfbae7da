"""The definitions of a schema's documents and named types, for all that is written in JSON Schema.

For each table there are the stored document, under the name of its model or else of the table, and
what makes a new one, under that name with `New`; beside them the named types and the forms
that all of them use.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from codegen.ir.model import Schema, Table
from codegen.ir.types import NUMBER, Field, Id, Named, Object, Type, Union

from .forms import Json, described
from .types import JsonTypes, key_schema

_CREATION_TIME: Final = Field(
    "_creationTime", NUMBER, description="When it was made, in milliseconds since 1970."
)
_SYSTEM_KEY: Final = "_id|_creationTime"
_OWN_KEY: Final = "[ -#%-^`-~][ -~]{0,1023}"


class Definitions:
    """The definitions of a schema that has passed its checks, by name.

    `documents` has the name of each table's stored document.
    """

    def __init__(
        self, schema: Schema, *, root: str = "#/$defs/", discriminators: bool = False
    ) -> None:
        """`root` is where the definitions stand; `discriminators` are those of OpenAPI."""
        self._schema = schema
        self._taken = set(schema.types)
        tables = [table for _, table in sorted(schema.tables.items())]
        chosen = {
            t.name: self.free_name(t.model) for t in tables if t.model is not None
        }
        self.documents = {
            t.name: chosen.get(t.name) or self.free_name(t.name) for t in tables
        }
        self.types = JsonTypes(
            schema, self.free_name, self.documents, root, discriminators=discriminators
        )
        self._own: dict[str, Json] = {
            name: described(self.types.define(named.type, name), named.description)
            for name, named in sorted(schema.types.items())
        }
        for table in tables:
            self._own.update(self._documents(table))

    def free_name(self, name: str) -> str:
        """The name, or else the name and the first number that makes a new one."""
        free = name
        number = 1
        while free in self._taken:
            number += 1
            free = f"{name}{number}"
        self._taken.add(free)
        return free

    def add(self, name: str, definition: Json) -> Json:
        """A reference to one more definition, by that name or one with a number."""
        free = self.free_name(name)
        self._own[free] = definition
        return self.types.reference(free)

    def all(self) -> dict[str, Json]:
        """Every definition, sorted by name."""
        return dict(sorted({**self._own, **self.types.definitions()}.items()))

    def _documents(self, table: Table) -> Iterator[tuple[str, Json]]:
        """The documents of a table, new ones, and each kind if there are several."""
        types = self.types
        name = self.documents[table.name]
        new_name = self.free_name(f"{name}New")
        about = f"A new document of `{table.name}`."
        arms = list(_arms(table.document, self._schema))
        if len(arms) == 1:
            ((_, shape),) = arms
            stored = _stored(table, shape, name, types)
            yield name, described(stored, table.description)
            yield new_name, described(_new(shape, name, types), about)
            return
        kinds: list[tuple[Json, Object | None]] = []
        new_kinds: list[tuple[Json, Object | None]] = []
        for number, (kind, shape) in enumerate(arms, 1):
            own = shape.name if shape else None
            arm = self.free_name(own or f"{name}{kind or number}")
            arm_new = self.free_name(f"{arm}New")
            yield arm, described(_stored(table, shape, arm, types))
            yield arm_new, described(_new(shape, arm, types), about)
            kinds.append((types.reference(arm), shape))
            new_kinds.append((types.reference(arm_new), shape and _as_new(shape)))
        yield name, described(types.one_of(kinds), table.description)
        yield new_name, described(types.one_of(new_kinds), about)


def open_object(types: JsonTypes, key: str = _OWN_KEY) -> Json:
    """An object whose fields have any names and any values."""
    return {
        "additionalProperties": types.any(),
        "propertyNames": key_schema(f"^({key})?$"),
        "type": "object",
    }


def _arms(
    document: Type, schema: Schema, name: str = ""
) -> Iterator[tuple[str, Object | None]]:
    """The kinds of a document, each with the name of its type; None has fields of any name."""
    if isinstance(document, Union):
        for arm in document.arms:
            yield from _arms(arm, schema)
    elif isinstance(document, Named):
        named = schema.types[document.name].type
        yield from _arms(named, schema, document.name)
    else:
        yield name, document if isinstance(document, Object) else None


def _stored(table: Table, shape: Object | None, name: str, types: JsonTypes) -> Json:
    system = (Field("_id", Id(table.name)), _CREATION_TIME)
    if shape is not None:
        return types.object((*system, *shape.fields), name)
    keys = open_object(types, f"{_SYSTEM_KEY}|{_OWN_KEY}")
    return {**types.object(system, name), **keys}


def _new(shape: Object | None, name: str, types: JsonTypes) -> Json:
    """`name` is the one of the stored document, whose objects a new one shares."""
    if shape is not None:
        return types.object(shape.fields, name, new=True)
    return open_object(types)


def _as_new(shape: Object) -> Object:
    """What a new document has to have."""
    fields = (
        replace(f, optional=f.optional or f.default is not None) for f in shape.fields
    )
    return replace(shape, fields=tuple(fields))
