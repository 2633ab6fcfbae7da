"""Functions as paths of Convex's HTTP API: `POST /api/run/{module}/{function}`.

https://docs.convex.dev/http-api describes it. It is called with the arguments in `args` and, for
values to come back as exactly as they are stored, with `convex_encoded_json` as the `format`.
A function that fails is answered with 200 as well, and with its message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from codegen.ir.model import Function
from codegen.ir.types import Object, Type

from ..json_schema.documents import Definitions, open_object
from ..json_schema.forms import Json

_KINDS: Final = {
    "query": "Functions that read.",
    "mutation": "Functions that write, in one transaction each.",
    "action": "Functions that call other services.",
}
_LOG_LINES: Final[Json] = {
    "description": "What the function logged; absent if nothing.",
    "items": {"type": "string"},
    "type": "array",
}
_FORMAT: Final[Json] = {
    "const": "convex_encoded_json",
    "description": "How the result is written: without loss.",
    "type": "string",
}
_REFUSED: Final[Json] = {
    "description": "The request was not understood or not allowed.",
    "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
    "required": ["code", "message"],
    "type": "object",
}


def servers() -> list[Json]:
    """Where deployments are; on one's own machine the address is another."""
    deployment = {
        "default": "happy-animal-123",
        "description": "The name of the deployment.",
    }
    return [
        {
            "url": "https://{deployment}.convex.cloud",
            "variables": {"deployment": deployment},
        }
    ]


def tags_of(functions: Iterable[Function]) -> list[Json]:
    """The kinds of the functions, as tags."""
    kinds = {function.kind for function in functions}
    return [
        {"name": kind, "description": about}
        for kind, about in _KINDS.items()
        if kind in kinds
    ]


def paths_of(functions: list[Function], definitions: Definitions) -> Json:
    """The path of each function; what goes in and out is added to the definitions."""
    if not functions:
        return {}
    failed = definitions.add("Failure", _failure(definitions))
    refused = definitions.add("Refusal", _REFUSED)
    paths: Json = {}
    for function in functions:
        post = _operation(function, definitions, failed, refused)
        paths[f"/api/run/{function.path.replace(':', '/')}"] = {"post": post}
    return paths


def _operation(
    function: Function, definitions: Definitions, failed: Json, refused: Json
) -> Json:
    name = definitions.free_name(re.sub(r"\W", "_", function.path))
    returned = definitions.add(f"{name}_success", _success(function, definitions, name))
    arguments = definitions.add(
        f"{name}_args", _arguments(function.args, definitions, name)
    )
    answer = {
        "discriminator": {
            "mapping": {"success": returned["$ref"], "error": failed["$ref"]},
            "propertyName": "status",
        },
        "oneOf": [returned, failed],
    }
    body = {
        "additionalProperties": False,
        "properties": {"args": arguments, "format": _FORMAT},
        "required": ["args", "format"],
        "type": "object",
    }
    whole: Json = {
        "operationId": name,
        "summary": f"The {function.kind} {function.path}",
    }
    if function.description:
        whole["description"] = function.description
    return {
        **whole,
        "tags": [function.kind],
        "requestBody": {"content": _json(body), "required": True},
        "responses": {
            "200": {
                "description": "What came of it: a result, or the error of the function.",
                "content": _json(answer),
            },
            "default": {
                "description": "The function was not run.",
                "content": _json(refused),
            },
        },
    }


def _json(schema: Json) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _arguments(args: Type, definitions: Definitions, name: str) -> Json:
    types = definitions.types
    if isinstance(args, Object):
        return types.object(args.fields, name)
    whole = types.of(args, name)
    return open_object(types) if whole == types.any() else whole


def _success(function: Function, definitions: Definitions, name: str) -> Json:
    types = definitions.types
    returns = function.returns
    value = types.any() if returns is None else types.of(returns, name)
    return {
        "properties": {
            "status": {"const": "success", "type": "string"},
            "value": value,
            "logLines": _LOG_LINES,
        },
        "required": ["status", "value"],
        "type": "object",
    }


def _failure(definitions: Definitions) -> Json:
    return {
        "description": "The error of a function.",
        "properties": {
            "status": {"const": "error", "type": "string"},
            "errorMessage": {"type": "string"},
            "errorData": definitions.types.any(),
            "logLines": _LOG_LINES,
        },
        "required": ["status", "errorMessage"],
        "type": "object",
    }
