"""Writes JSON Schema (draft 2020-12) of documents in their encoded JSON form.

The whole describes all documents: an array for each table, under the table's name. For each
table `$defs` has the stored document, under the name of its model or else of the table, and
what makes a new one, under that name with `New`; beside them the named types and the forms
that all of them use.

A document fits the JSON Schema exactly when it fits the schema, but for what has no words in
JSON Schema: bounds on int64s, Convex's limits on sizes, and regular expressions that only
Python understands.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from codegen.ir.model import Schema, Table
from codegen.ir.types import NUMBER, Field, Id, Named, Object, Type, Union

from .json_forms import Json, described
from .json_types import JsonTypes, key_schema, reference

_CREATION_TIME: Final = Field(
    "_creationTime", NUMBER, description="When it was made, in milliseconds since 1970."
)
_SYSTEM_KEY: Final = "_id|_creationTime"
_OWN_KEY: Final = "[ -#%-^`-~][ -~]{0,1023}"


def dumps(schema: Schema) -> str:
    """The text of `export`: two spaces, keys sorted but for the fields of objects."""
    return json.dumps(export(schema), indent=2, ensure_ascii=False) + "\n"


def export(schema: Schema) -> Json:
    """The JSON Schema of a schema that has passed its checks."""
    tables = [table for _, table in sorted(schema.tables.items())]
    names = _Names(schema, tables)
    types = JsonTypes(schema, names.free)
    definitions: dict[str, Json] = {
        name: described(types.define(named.type, name), named.description)
        for name, named in schema.types.items()
    }
    for table in tables:
        definitions.update(_documents(table, schema, names, types))
    definitions |= types.definitions()
    return {
        "$defs": dict(sorted(definitions.items())),
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "additionalProperties": False,
        "properties": {
            table.name: {
                "items": reference(names.documents[table.name]),
                "type": "array",
            }
            for table in tables
        },
        "type": "object",
    }


class _Names:
    """Gives each definition its name: what the schema's author chose comes first."""

    def __init__(self, schema: Schema, tables: list[Table]) -> None:
        self._taken = set(schema.types)
        chosen = {t.name: self.free(t.model) for t in tables if t.model is not None}
        self.documents = {
            t.name: chosen.get(t.name) or self.free(t.name) for t in tables
        }

    def free(self, name: str) -> str:
        """The name, or else the name and the first number that makes a new one."""
        free = name
        number = 1
        while free in self._taken:
            number += 1
            free = f"{name}{number}"
        self._taken.add(free)
        return free


def _documents(
    table: Table, schema: Schema, names: _Names, types: JsonTypes
) -> Iterator[tuple[str, Json]]:
    """The definitions of a table: its documents, new ones, and each kind if there are several."""
    name = names.documents[table.name]
    new_name = names.free(f"{name}New")
    about = f"A new document of `{table.name}`."
    arms = list(_arms(table.document, schema))
    if len(arms) == 1:
        ((_, shape),) = arms
        yield name, described(_stored(table, shape, name, types), table.description)
        yield new_name, described(_new(shape, name, types), about)
        return
    stored: list[Json] = []
    new: list[Json] = []
    for number, (kind, shape) in enumerate(arms, 1):
        own = shape.name if shape else None
        arm = names.free(own or f"{name}{kind or number}")
        arm_new = names.free(f"{arm}New")
        yield arm, described(_stored(table, shape, arm, types))
        yield arm_new, described(_new(shape, arm, types), about)
        stored.append(reference(arm))
        new.append(reference(arm_new))
    yield name, described(
        {"anyOf": stored} if stored else {"not": {}}, table.description
    )
    yield new_name, described({"anyOf": new} if new else {"not": {}}, about)


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
    return {
        **types.object(system, name),
        "additionalProperties": types.any(),
        "propertyNames": key_schema(f"^({_SYSTEM_KEY}|{_OWN_KEY})?$"),
    }


def _new(shape: Object | None, name: str, types: JsonTypes) -> Json:
    """`name` is the one of the stored document, whose objects a new one shares."""
    if shape is not None:
        return types.object(shape.fields, name, new=True)
    keys = key_schema(f"^({_OWN_KEY})?$")
    return {
        "additionalProperties": types.any(),
        "propertyNames": keys,
        "type": "object",
    }
