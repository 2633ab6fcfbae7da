"""Functions: their paths, their arguments, and where whole documents may stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from codegen.diagnostics import Fault, closest

from ..model import Function, Schema
from ..nodes import Nodes, path_of, root_of
from ..notation import form
from ..types import ANY, Constrained, Named, Object, Type
from .identifiers import MAX_IDENTIFIER, is_identifier, shown, why_not

_is_component: Final = re.compile(r"(?=[_.]*[A-Za-z0-9])[A-Za-z0-9_.]{1,64}\Z").match
_RESERVED: Final = ("_system/", "_deps/", "actions/_deps/")


def check_functions(schema: Schema, nodes: Nodes) -> Iterator[Fault]:
    """The rules of Convex's paths and argument validators; and of `Doc`, which is ours."""
    for function in schema.functions.values():
        path = ("functions", function.path)
        reason = why_no_path(function.path)
        if reason:
            hint = "a path is `module:function`, or `folder/module:function`"
            yield Fault("E240", path, f"function {reason}", hint)
        yield from _arguments(function, schema)
    for at, document, _ in nodes.documents:
        if root_of(at)[1][0] != "functions":
            message = (
                f"a whole document of {shown(document.table)} is for functions only"
            )
            hint = f"keep its id: Id[{document.table}]"
            yield Fault("E242", path_of(at), message, hint)
        elif document.table not in schema.tables:
            message = f"the schema has no table {shown(document.table)}"
            hint = closest(document.table, schema.tables)
            yield Fault("E243", path_of(at, "table"), message, hint)


def unknown_results(schema: Schema) -> Iterator[Fault]:
    """A fault for every function of which nobody says what it returns; it may be generated."""
    for path, function in schema.functions.items():
        if function.returns is None:
            message = f"nobody says what function {shown(path)} returns"
            hint = "give it a `returns` validator, or `returns:` under `functions:` in YAML"
            yield Fault("E244", ("functions", path), message, hint)


def why_no_path(path: str) -> str:
    """Why a text is no path of a function, as the server decides, or nothing."""
    module, colon, name = path.rpartition(":")
    if not colon:
        return f"{shown(path)} has no module"
    if not is_identifier(name):
        return f"{shown(path)}: {shown(name)} {why_not(name)}"
    if module.endswith(".js"):
        return f"{shown(path)}: the module is written without `.js`"
    if f"{module}/".startswith(_RESERVED):
        return f"{shown(path)} lies in a folder that Convex keeps for itself"
    for component in module.split("/"):
        if not _is_component(component):
            return f"{shown(path)}: {shown(component)} {_no_component(component)}"
    return ""


def _no_component(component: str) -> str:
    wrong = re.search(r"[^A-Za-z0-9_.]", component)
    if wrong is not None:
        allowed = "only letters, digits, underscores and dots are allowed"
        return f"contains {wrong[0]!r}: {allowed}"
    if len(component) > MAX_IDENTIFIER:
        return f"has {len(component)} characters, {MAX_IDENTIFIER} are allowed"
    return "has no letter and no digit" if component else "is empty"


def _arguments(function: Function, schema: Schema) -> Iterator[Fault]:
    node: Type = function.args
    while isinstance(node, (Named, Constrained)):
        node = schema.types[node.name].type if isinstance(node, Named) else node.inner
    if not isinstance(node, Object) and node != ANY:
        message = f"the arguments of a function are an object, not {form(node)}"
        hint = "write `name: type` for each argument"
        yield Fault("E241", ("functions", function.path, "args"), message, hint)
