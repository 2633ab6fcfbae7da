"""A schema as a deployment has it, and how it differs from a project's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from codegen.diagnostics import Diagnostics
from codegen.interop import convex_json, function_spec
from codegen.ir.delta import Change, compare
from codegen.ir.model import Function, Schema
from codegen.ir.types import JsonValue
from codegen.language.convex_json import load
from codegen.language.function_spec import load_functions
from codegen.language.source import SourceFile

from .server_order import function_in_order, table_in_order

NO_SCHEMA: Final = '{"tables": [], "schemaValidation": false}'
"""What a deployment does by which no schema was pushed."""


class UnreadableSchema(ValueError):
    """What a deployment says of its schema or its functions can't be read."""


def table_changes(deployed: str, schema: Schema) -> list[Change]:
    """What a push of the project's schema would change in the tables of a deployment.

    `deployed` is the JSON text that a deployment has. Raises an `UnreadableSchema`.
    """
    return compare(deployed_tables(deployed), as_deployed(schema))


def deployed_tables(text: str) -> Schema:
    """The tables of the JSON text that a deployment has; raises an `UnreadableSchema`."""
    diagnostics = Diagnostics()
    loaded = load(SourceFile("deployed.json", text.encode()), diagnostics)
    if loaded is None:
        raise UnreadableSchema(_first(diagnostics))
    tables = loaded.schema.tables.items()
    in_order = {name: table_in_order(table) for name, table in tables}
    return replace(loaded.schema, tables=in_order)


def as_deployed(schema: Schema) -> Schema:
    """The tables of a schema as a deployment has them after a push.

    They have what Convex knows: neither names of types, nor defaults, constraints and unique
    indexes.
    """
    return deployed_tables(json.dumps(convex_json.export(schema)))


def function_changes(deployed: JsonValue, schema: Schema) -> list[Change]:
    """How the project's functions differ from those of a deployment.

    Those that the project does not know do not count, nor does a result of which the
    deployment says nothing. Raises an `UnreadableSchema` for what are no functions.
    """
    theirs = deployed_functions(deployed)
    ours = deployed_functions(function_spec.export(schema)["functions"])
    known = {name: one for name, one in theirs.items() if name in ours}
    told = {name: _as_far_as_told(one, known.get(name)) for name, one in ours.items()}
    return compare(Schema(functions=known), Schema(functions=told))


def _as_far_as_told(ours: Function, theirs: Function | None) -> Function:
    is_silent = theirs is not None and theirs.returns is None
    return replace(ours, returns=None) if is_silent else ours


def deployed_functions(functions: JsonValue) -> Mapping[str, Function]:
    """The functions that a deployment tells of, by path; raises an `UnreadableSchema`."""
    diagnostics = Diagnostics()
    spec = {"functions": functions}
    file = SourceFile("deployed.json", json.dumps(spec).encode())
    found = load_functions(file, diagnostics)
    if found is None:
        raise UnreadableSchema(_first(diagnostics))
    return {path: function_in_order(one) for path, one in found.functions.items()}


def _first(diagnostics: Diagnostics) -> str:
    return next((one.message for one in diagnostics), "it can't be read")
