"""Writes JSON Schema (draft 2020-12) of documents in their encoded JSON form.

The whole describes all documents: an array for each table, under the table's name. `$defs` has
the definitions of `documents`.

A document fits the JSON Schema exactly when it fits the schema, but for what has no words in
JSON Schema: Convex's limits on sizes, and what `losses` tells of.
"""

from __future__ import annotations

import json
from dataclasses import replace

from codegen.diagnostics import Fault
from codegen.ir.model import Schema

from . import losses
from .documents import Definitions
from .forms import Json


def dumps(schema: Schema) -> str:
    """The text of `export`: two spaces, keys sorted but for the fields of objects."""
    return json.dumps(export(schema), indent=2, ensure_ascii=False) + "\n"


def warnings(schema: Schema) -> list[Fault]:
    """What the documents ask for and the JSON Schema does not say."""
    return losses.warnings(replace(schema, functions={}))


def export(schema: Schema) -> Json:
    """The JSON Schema of a schema that has passed its checks."""
    definitions = Definitions(schema)
    reference = definitions.types.reference
    return {
        "$defs": definitions.all(),
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "additionalProperties": False,
        "properties": {
            table: {"items": reference(name), "type": "array"}
            for table, name in definitions.documents.items()
        },
        "type": "object",
    }
