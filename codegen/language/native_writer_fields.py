"""Fields and named types: a key, what it stands for, and what is said about it."""

from __future__ import annotations

from typing import Final

from codegen.ir.model import Schema
from codegen.ir.types import Field, Object

from .native_writer_defaults import default_literal, default_yaml
from .native_writer_text import WIDTH, comment, described, folded_scalar, scalar
from .native_writer_types import annotation, annotation_lines

_FEW: Final = 3
"""So many fields of an object may stand in one pair of braces."""


def object_lines(node: Object, schema: Schema, indent: int) -> list[str]:
    """The fields of an object, which has some, each from a line of its own."""
    return [
        line for field in node.fields for line in field_lines(field, schema, indent)
    ]


def field_lines(field: Field, schema: Schema, indent: int) -> list[str]:
    """A field, or what is written like one: a named type, the result of a function.

    Raises ValueError for a default that no file can hold.
    """
    text = field.description.strip()
    head = f"{' ' * indent}{scalar(field.name + '?' * field.optional)}:"
    beside = comment(text)
    # What has nothing beside it is not shorter below keys of its own, however deep it stands.
    if beside is not None and (not beside or len(head + beside) <= WIDTH):
        found = _with_comment(field, head, beside, schema, indent)
        if found is not None:
            return found
    return [head, *_with_own_keys(field, text, schema, indent + 2)]


def _with_comment(
    field: Field, head: str, beside: str, schema: Schema, indent: int
) -> list[str] | None:
    """The field with its description as a comment; None if this is not the way to write it."""
    node = field.type
    if field.renamed_from is not None:
        return None
    if isinstance(node, Object):
        if field.default is not None:
            return None
        braces = _in_braces(node)
        line = f"{head} {braces}{beside}"
        if not node.fields or (braces and len(line) <= WIDTH):
            return [line]
        return [head + beside, *object_lines(node, schema, indent + 2)]
    default = ""
    if field.default is not None:
        default = f" = {default_literal(field.default, node, schema)}"
    line = f"{head} {scalar(annotation(node) + default)}"
    if len(line + beside) <= WIDTH:
        return [line + beside]
    if beside and len(line) <= WIDTH:
        return None
    lines = annotation_lines(node, WIDTH - indent - 2)
    lines[-1] += default
    margin = " " * (indent + 2)
    return [head + beside, *(margin + one for one in folded_scalar(lines))]


def _in_braces(node: Object) -> str:
    """The fields on one line; empty if there are many, or one needs more than its type."""
    if len(node.fields) > _FEW:
        return ""
    parts: list[str] = []
    for field in node.fields:
        is_bare = field == Field(field.name, field.type, field.optional)
        if not is_bare or isinstance(field.type, Object):
            return ""
        text = annotation(field.type)
        if scalar(text, inside=True) != text:
            return ""
        key = scalar(field.name + "?" * field.optional, inside=True)
        parts.append(f"{key}: {text}")
    return "{" + ", ".join(parts) + "}"


def _with_own_keys(field: Field, text: str, schema: Schema, indent: int) -> list[str]:
    """The field by its keys that begin with `$`."""
    node, margin = field.type, " " * indent
    lines: list[str] = []
    if not isinstance(node, Object):
        typed = Field("$type", node, default=field.default)
        lines += field_lines(typed, schema, indent)
    elif field.default is not None:
        lines += field_lines(Field("$type", node), schema, indent)
        value = default_yaml(field.default, node, schema)
        lines.append(f"{margin}$default: {value}")
    elif not node.fields:
        lines.append(f"{margin}$type: {{}}")
    if text:
        lines += described("$description", text, indent)
    if field.renamed_from is not None:
        lines.append(f"{margin}$renamedFrom: {scalar(field.renamed_from)}")
    if isinstance(node, Object) and field.default is None:
        lines += object_lines(node, schema, indent)
    return lines
