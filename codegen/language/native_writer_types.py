"""Types as annotations, on one line or on several."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from codegen.ir.notation import constraint_notation, notation
from codegen.ir.types import (
    Array,
    Constrained,
    Literal,
    Record,
    Type,
    Union,
)


def annotation(node: Type) -> str:
    """The type as one line; it holds no object, no union inside of another, none of one arm."""
    return printable(notation(node))


def annotation_lines(node: Type, room: int) -> list[str]:
    """The type on lines of at most `room` characters where that is possible, as Black would."""
    text = annotation(node)
    if len(text) <= room:
        return [text]
    if isinstance(node, Union):
        return _union(node, room)
    if isinstance(node, Array):
        return ["list[", *_indented(annotation_lines(node.element, room - 2)), "]"]
    if isinstance(node, Record):
        return ["dict[", *_parts([node.key, node.value], [], room), "]"]
    if isinstance(node, Constrained):
        constraints = [printable(constraint_notation(c)) for c in node.constraints]
        return ["Annotated[", *_parts([node.inner], constraints, room), "]"]
    return [text]


def printable(python: str) -> str:
    """Python's text with escapes for characters that can't be seen; only literals have some."""
    return python if python.isprintable() else "".join(map(_escaped, python))


def _union(union: Union, room: int) -> list[str]:
    arms = list(_arms(union))
    if len(arms) == 1:
        return ["Literal[", *(f"  {_value(arm)}," for arm in union.arms), "]"]
    lines: list[str] = []
    for arm in arms:
        first, *rest = annotation_lines(arm, room - 2)
        lines.append(f"| {first}" if lines else first)
        lines += rest
    return lines


def _arms(union: Union) -> Iterator[Type]:
    """The arms, with neighbouring literals as one."""
    for is_literal, group in groupby(union.arms, lambda arm: isinstance(arm, Literal)):
        arms = tuple(group)
        if is_literal and len(arms) > 1:
            yield Union(arms)
        else:
            yield from arms


def _value(literal: Type) -> str:
    return annotation(literal).removeprefix("Literal[").removesuffix("]")


def _parts(nodes: list[Type], others: list[str], room: int) -> list[str]:
    parts = [annotation_lines(node, room - 3) for node in nodes]
    parts += [[text] for text in others]
    lines: list[str] = []
    for part in parts:
        if lines:
            lines[-1] += ","
        lines += part
    return _indented(lines)


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"
