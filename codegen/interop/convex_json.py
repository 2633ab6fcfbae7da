"""Writes Convex JSON, as `schema.export()` of a current `convex` package would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeAlias

from codegen.diagnostics import Fault
from codegen.ir.model import Index, Schema, SearchIndex, Table, VectorIndex
from codegen.ir.nodes import collect, path_of
from codegen.ir.notation import constraint_notation
from codegen.ir.types import (
    Array,
    Constrained,
    Doc,
    Id,
    JsonValue,
    Literal,
    Named,
    Object,
    Record,
    Scalar,
    Type,
)
from codegen.ir.values import encode
from codegen.ir.whole_documents import whole_document

Json: TypeAlias = "dict[str, Any]"


def dumps(schema: Schema) -> str:
    """The text of `export`: keys sorted, two spaces, so that it compares line by line."""
    return (
        json.dumps(export(schema), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    )


def export(schema: Schema) -> Json:
    """The schema as Convex's JSON; its named types must not contain themselves.

    What Convex does not know is left out: see `warnings` for what this changes.
    """
    return {
        "schemaValidation": schema.schema_validation,
        "tables": [_table(table, schema) for table in schema.tables.values()],
    }


def warnings(schema: Schema) -> list[Fault]:
    """What the tables ask for and Convex will not do."""
    nodes = collect(replace(schema, functions={}))
    return [
        *(
            Fault(
                "W401",
                path_of(at, "constraint", i),
                f"Convex does not enforce {constraint_notation(constraint)}",
                "only the generated Python does",
            )
            for at, node in nodes.constrained
            for i, constraint in enumerate(node.constraints)
        ),
        *_unique(schema),
        *(
            Fault(
                "W403",
                path_of(at, "default"),
                "Convex does not apply a default",
                "only the generated Python does",
            )
            for at, field in nodes.marked_fields
            if field.default is not None
        ),
    ]


def _unique(schema: Schema) -> Iterator[Fault]:
    for table in schema.tables.values():
        for i, index in enumerate(table.indexes):
            if index.unique:
                message = f'Convex does not enforce that "{index.name}" is unique'
                hint = "check in the mutation that inserts"
                yield Fault("W402", ("tables", table.name, "indexes", i), message, hint)


def _table(table: Table, schema: Schema) -> Json:
    plain = [_index(i) for i in table.indexes if not i.staged]
    json_: Json = {
        "documentType": validator(table.document, schema),
        "indexes": plain,
        "searchIndexes": [_search(i) for i in table.search_indexes if not i.staged],
        "stagedDbIndexes": [_index(i) for i in table.indexes if i.staged],
    }
    if table.staged_document is not None:
        json_["stagedDocumentType"] = validator(table.staged_document, schema)
    return json_ | {
        "stagedSearchIndexes": [_search(i) for i in table.search_indexes if i.staged],
        "stagedVectorIndexes": [_vector(i) for i in table.vector_indexes if i.staged],
        "tableName": table.name,
        "vectorIndexes": [_vector(i) for i in table.vector_indexes if not i.staged],
    }


def _index(index: Index) -> Json:
    return {"fields": list(index.fields), "indexDescriptor": index.name}


def _search(index: SearchIndex) -> Json:
    return {
        "filterFields": list(index.filters),
        "indexDescriptor": index.name,
        "searchField": index.field,
    }


def _vector(index: VectorIndex) -> Json:
    return {
        "dimensions": index.dimensions,
        "filterFields": list(index.filters),
        "indexDescriptor": index.name,
        "vectorField": index.field,
    }


def validator(node: Type, schema: Schema) -> Json:
    """A type as the JSON of a validator, with names and whole documents written out."""
    if isinstance(node, Scalar):
        return {"type": node.kind}
    if isinstance(node, Literal):
        return {"type": "literal", "value": _literal(node)}
    if isinstance(node, Id):
        return {"tableName": node.table, "type": "id"}
    if isinstance(node, Array):
        return {"type": "array", "value": validator(node.element, schema)}
    if isinstance(node, Named):
        return validator(schema.types[node.name].type, schema)
    if isinstance(node, Doc):
        return validator(whole_document(node.table, schema), schema)
    if isinstance(node, Constrained):
        return validator(node.inner, schema)
    if isinstance(node, Object):
        return {
            "type": "object",
            "value": {
                field.name: {
                    "fieldType": validator(field.type, schema),
                    "optional": field.optional,
                }
                for field in node.fields
            },
        }
    if isinstance(node, Record):
        return {
            "keys": validator(node.key, schema),
            "type": "record",
            "values": {"fieldType": validator(node.value, schema), "optional": False},
        }
    return {"type": "union", "value": [validator(arm, schema) for arm in node.arms]}


def _literal(literal: Literal) -> JsonValue:
    """Convex's encoded form; a whole number is written without a fraction, as JavaScript does."""
    value = encode(literal.value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return int(value)
    return value
