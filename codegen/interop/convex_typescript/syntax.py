"""The expressions of a schema in TypeScript, and how Prettier lays them out.

What decides whether and where an expression is broken are Prettier's rules, for what a schema
has of calls, chains of calls, objects and arrays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from .layout import (
    HARD,
    SOFT,
    SPACE,
    WIDTH,
    Doc,
    Group,
    IfBroken,
    Indent,
    breaks,
    group,
    indent,
    joined,
)

_COMMA: Final = (",", SPACE)
_LAST_COMMA: Final = IfBroken(",")
_SHORT: Final = WIDTH // 4
_SHORT_KEY: Final = 5


@dataclass(frozen=True, slots=True)
class Atom:
    """A name or a literal."""

    text: str


@dataclass(frozen=True, slots=True)
class Array:
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Property:
    """A property with lines of comments above it, and maybe an empty line before those."""

    key: str
    value: Expression
    comments: tuple[str, ...] = ()
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Object:
    """An object; its properties are below each other where Prettier finds them so."""

    properties: tuple[Property, ...]
    expanded: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call, with comments above if it is a link of a chain."""

    function: str
    args: tuple[Expression, ...] = ()
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """Calls of methods, one or more, each of what the one before returns."""

    first: Call
    links: tuple[Call, ...]


Expression: TypeAlias = "Atom | Array | Object | Call | Chain"


def layout(node: Expression) -> Doc:
    """An expression, to be printed."""
    if isinstance(node, Atom):
        return node.text
    if isinstance(node, Array):
        return _enclosed("[", [layout(item) for item in node.items], "]")
    if isinstance(node, Object):
        return _object(node)
    if isinstance(node, Call):
        return node.function, _arguments(node.args)
    return _chain(node)


def assigned(left: str, value: Expression) -> Doc:
    """What a value is given to, such as `key:`, and the value, on the same line if it fits."""
    if _is_string(value) or _is_plain_call(value):
        return group(left, group(indent(SPACE, layout(value))))
    space = group(indent(SPACE))
    return group(left, space, Indent(layout(value), after=space))


def _enclosed(opening: str, items: Sequence[Doc], closing: str) -> Doc:
    if not items:
        return opening + closing
    inner = indent(SOFT, *joined(_COMMA, items))
    return group(opening, inner, _LAST_COMMA, SOFT, closing)


def _object(node: Object) -> Doc:
    if not node.properties:
        return "{}"
    parts: list[Doc] = []
    for i, part in enumerate(node.properties):
        if i:
            parts += [",", HARD] if part.apart else [","]
        parts += [SPACE, _property(part)]
    return group("{", indent(*parts), _LAST_COMMA, SPACE, "}", always=node.expanded)


def _property(part: Property) -> Doc:
    comments = [(line, HARD) for line in part.comments]
    if len(part.key) < _SHORT_KEY:
        return *comments, part.key, ": ", layout(part.value)
    return *comments, assigned(part.key + ":", part.value)


def _arguments(args: Sequence[Expression]) -> Doc:
    """Arguments; the last one, an object or an array, may begin on the line of the call."""
    if not args:
        return "()"
    docs = [layout(arg) for arg in args]
    last = args[-1]
    if not isinstance(last, (Object, Array)) or type(last) in map(type, args[-2:-1]):
        return _enclosed("(", docs, ")")
    others: Doc = tuple((doc, ", ") for doc in docs[:-1])
    return Group(
        (
            ("(", others, docs[-1], ")"),
            ("(", others, group(docs[-1], always=True), ")"),
            group(
                "(", indent(SOFT, *joined(_COMMA, docs)), ",", SOFT, ")", always=True
            ),
        )
    )


def _chain(node: Chain) -> Doc:
    first = layout(node.first)
    links: list[Doc] = [
        (*((line, HARD) for line in link.comments), ".", layout(link))
        for link in node.links
    ]
    calls = [node.first, *node.links]
    in_line = (first, *links)
    commented = any(link.comments for link in node.links)
    if len(links) == 1 and not commented:
        return group(in_line)
    below = (first, indent(HARD, *joined(HARD, links)))
    if (
        commented
        or (len(calls) > 2 and not all(_is_simple(a) for c in calls for a in c.args))
        or any(map(breaks, in_line[:-1]))
    ):
        return group(below)
    return Group((in_line, below))


def _is_string(node: Expression) -> bool:
    return isinstance(node, Atom) and node.text[0] == node.text[-1] in "\"'"


def _is_plain_call(node: Expression) -> bool:
    """Whether there is no good place to break in calls: each has one short argument at most."""
    if isinstance(node, Call):
        return len(node.args) < 2 and all(map(_is_short, node.args))
    if isinstance(node, Chain) and len(node.links) == 1:
        link = node.links[0]
        return not link.comments and _is_plain_call(link) and _is_plain_call(node.first)
    return False


def _is_short(node: Expression) -> bool:
    if not isinstance(node, Atom):
        return False
    if re.match(r"-?\d", node.text):
        return True
    return len(node.text.encode("utf-16-le")) // 2 <= _SHORT


def _is_simple(node: Expression, depth: int = 2) -> bool:
    """Whether an argument leaves its call short enough to be one of several in a line."""
    if depth == 0 or isinstance(node, Chain):
        return False
    if isinstance(node, Atom):
        return _is_string(node) or " " not in node.text
    if isinstance(node, Array):
        return all(_is_simple(item, depth - 1) for item in node.items)
    if isinstance(node, Object):
        return all(_is_simple(p.value, depth - 1) for p in node.properties)
    return len(node.args) <= depth and all(_is_simple(a, depth - 1) for a in node.args)
