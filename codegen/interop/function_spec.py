"""Writes functions as `npx convex function-spec` prints them."""

from __future__ import annotations

import json
from dataclasses import replace

from codegen.diagnostics import Fault
from codegen.ir.model import Function, Schema
from codegen.ir.nodes import collect, path_of
from codegen.ir.notation import constraint_notation

from .convex_json import Json, validator


def dumps(schema: Schema) -> str:
    """The text of `export`: keys sorted, two spaces, so that it compares line by line."""
    json_ = export(schema)
    return json.dumps(json_, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def export(schema: Schema) -> Json:
    """The functions, sorted by path; without a `url`, for they may be on any deployment."""
    functions = sorted(schema.functions.values(), key=lambda function: function.path)
    return {"functions": [_function(function, schema) for function in functions]}


def warnings(schema: Schema) -> list[Fault]:
    """What the types of functions ask for and Convex will not do."""
    nodes = collect(replace(schema, tables={}, types={}))
    return [
        Fault(
            "W401",
            path_of(at, "constraint", i),
            f"Convex does not enforce {constraint_notation(constraint)}",
            "only the generated Python does",
        )
        for at, node in nodes.constrained
        for i, constraint in enumerate(node.constraints)
    ]


def _function(function: Function, schema: Schema) -> Json:
    module, _, name = function.path.rpartition(":")
    returns = function.returns
    return {
        "args": validator(function.args, schema),
        "functionType": function.kind.capitalize(),
        "identifier": f"{module}.js:{name}",
        "returns": None if returns is None else validator(returns, schema),
        "visibility": {"kind": function.visibility},
    }
