"""Names: the shape that Convex and Python ask for, and those that are taken."""

from __future__ import annotations

from collections.abc import Iterator
from keyword import iskeyword

from codegen.diagnostics import Fault, Path

from ..model import Schema
from ..nodes import At, Nodes, path_of
from ..types import Object
from .identifiers import is_identifier, shown, why_not


def check_names(schema: Schema, nodes: Nodes) -> Iterator[Fault]:
    """Names of tables, fields, named types and models."""
    for name, table in schema.tables.items():
        path = ("tables", name)
        if not is_identifier(name):
            yield Fault("E201", path, f"table name {shown(name)} {why_not(name)}")
        elif name.startswith("_"):
            message = f"table name {shown(name)} starts with an underscore"
            hint = "Convex keeps such names for its own tables"
            yield Fault("E202", path, message, hint)
        if table.model is not None:
            yield from _class_name("E208", (*path, "model"), "model", table.model)
    for name in schema.types:
        yield from _class_name("E207", ("types", name), "type", name)
    good: set[str] = set()
    for at, node in nodes.objects:
        if node.name is not None:
            yield from _class_name("E208", path_of(at), "model", node.name)
        yield from _fields(at, node, good)


def _fields(at: At, node: Object, good: set[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for field in node.fields:
        name = field.name
        if name in seen:
            path = path_of(at, "field", name)
            first = ((path, "first defined here"),)
            yield Fault(
                "E205", path, f"field {shown(name)} is defined twice", "", first
            )
            continue
        seen.add(name)
        if name in good:
            continue
        if is_identifier(name):
            good.add(name)
            continue
        path = path_of(at, "field", name)
        message = f"field name {shown(name)} {why_not(name)}"
        yield Fault("E203", path, message, _field_hint(name))


def _field_hint(name: str) -> str:
    if not name.rstrip(" ?"):
        return "a field needs a name; one that may be absent is written `name?`"
    if name[-1] in " ?":
        return f"a field that may be absent is written `{name.rstrip(' ?')}?`"
    return "for keys that are data, use a record: dict[str, ...]"


def _class_name(code: str, path: Path, what: str, name: str) -> Iterator[Fault]:
    if name.isascii() and name.isidentifier() and not iskeyword(name):
        return
    message = f"{what} name {shown(name)} is not a name that a Python class can have"
    hint = "use letters, digits and underscores, and no keyword"
    yield Fault(code, path, message, hint)
