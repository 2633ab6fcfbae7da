"""Comments of a schema in TypeScript: descriptions, and what Convex does not do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from codegen.ir.types import Array, Constrained, Constraint, Field, Record, Type, Union
from codegen.ir.values import Value, decode

from .text import literal, string

_CONSTRAINTS: Final = {
    "ge": ">=",
    "gt": ">",
    "le": "<=",
    "lt": "<",
    "minLength": "length >=",
    "maxLength": "length <=",
    "pattern": "matches",
}


def doc_comment(text: str) -> list[str]:
    """The lines of a JSDoc comment; none without text."""
    visible = "\n".join(_visible(line).rstrip() for line in text.splitlines()).strip()
    if not visible:
        return []
    lines = visible.split("\n")
    # A directive for the compiler works at the end of a comment only: here it is not.
    if len(lines) == 1 and not lines[0].startswith("@"):
        return [f"/** {lines[0]} */"]
    return ["/**", *(f" * {line}".rstrip() for line in lines), " */"]


def _visible(line: str) -> str:
    """A line of a comment: nothing in it ends the comment, or can't be seen."""
    visible = "".join(char if char.isprintable() else " " for char in line)
    return visible.replace("*/", "*\\/")


def field_comments(field: Field) -> Iterator[str]:
    """What is said above a field: what it means, and what Convex does not do."""
    yield from doc_comment(field.description)
    if field.default is not None:
        default = _shown(decode(field.default.value))
        yield f"// Not applied by Convex: default {default}"
    yield from constraint_comments(field.type)


def constraint_comments(node: Type, place: str = "") -> Iterator[str]:
    """The constraints in a type, but for those in objects, whose fields say them."""
    if isinstance(node, Constrained):
        said = ", ".join(map(_constraint, node.constraints))
        yield f"// Not enforced by Convex: {place}{said}"
        yield from constraint_comments(node.inner, place)
    elif isinstance(node, Union):
        for arm in node.arms:
            yield from constraint_comments(arm, place)
    elif isinstance(node, Array):
        yield from constraint_comments(node.element, _inside("element", place))
    elif isinstance(node, Record):
        yield from constraint_comments(node.key, _inside("key", place))
        yield from constraint_comments(node.value, _inside("value", place))


def _inside(part: str, place: str) -> str:
    return f"each {part} of {place}" if place else f"each {part} "


def _constraint(constraint: Constraint) -> str:
    value = constraint.value
    text = str(value) if isinstance(value, int) else literal(value)
    return f"{_CONSTRAINTS[constraint.kind]} {text}"


def _shown(value: Value) -> str:
    """A value of any type as a comment shows it, on one line."""
    if value is None:
        return "null"
    if isinstance(value, bytes):
        return f"bytes {value.hex() or '(none)'}"
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, dict):
        items = ", ".join(f"{string(k)}: {_shown(v)}" for k, v in value.items())
        return f"{{ {items} }}" if items else "{}"
    return literal(value)
