"""Writes OpenAPI 3.1: documents and named types as components, functions as Convex's HTTP API.

The components are the definitions of `json_schema`, with discriminators; values are in their
encoded JSON form, in requests and responses as well.
"""

from __future__ import annotations

import json

from codegen.diagnostics import Fault
from codegen.ir.model import Schema

from ..json_schema import losses
from ..json_schema.documents import Definitions
from ..json_schema.forms import Json
from .functions import paths_of, servers, tags_of

_SIGNED_IN: Json = {
    "description": "The token of a user, from the provider that signs users in.",
    "scheme": "bearer",
    "type": "http",
}


def dumps(schema: Schema) -> str:
    """The text of `export`: two spaces, the same bytes for the same schema."""
    return json.dumps(export(schema), indent=2, ensure_ascii=False) + "\n"


def warnings(schema: Schema) -> list[Fault]:
    """What documents and functions ask for and OpenAPI does not say."""
    return losses.warnings(schema)


def export(schema: Schema) -> Json:
    """The OpenAPI document of a schema that has passed its checks."""
    definitions = Definitions(schema, root="#/components/schemas/", discriminators=True)
    functions = [
        function
        for _, function in sorted(schema.functions.items())
        if function.visibility == "public"
    ]
    whole: Json = {
        "openapi": "3.1.0",
        "info": {"title": "Documents and functions", "version": "0.0.0"},
    }
    paths = paths_of(functions, definitions)
    components: Json = {"schemas": definitions.all()}
    if functions:
        components["securitySchemes"] = {"user": _SIGNED_IN}
        whole |= {
            "servers": servers(),
            "security": [{}, {"user": []}],
            "tags": tags_of(functions),
        }
    return {**whole, "paths": paths, "components": components}
