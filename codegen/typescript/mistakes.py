"""What is wrong with the text of a module, as far as the parser can tell."""

from __future__ import annotations

from typing import Final, NamedTuple

from .syntax import Node, Source, text_of
from .twice import declared_twice

_NOT_KNOWN: Final = (
    "if TypeScript itself takes it, this parser does not: write it in another way, or run the "
    "code with --evaluate"
)
_CLOSED_BY: Final = {
    "{": "}",
    "(": ")",
    "[": "]",
    "${": "}",
    "`": "`",
    '"': '"',
    "'": "'",
}
_LONGEST: Final = 40
"""How many characters of what is wrong are shown."""
_MOST_PARTS: Final = 10_000
"""How many pieces of what can't be read are looked at, to find a bracket without an end."""


class Mistake(NamedTuple):
    """What is wrong, where, and what to do about it."""

    message: str
    node: Node
    hint: str = ""


def first_mistake(source: Source) -> Mistake | None:
    """The first thing that is wrong with the text; None if it is TypeScript that can run."""
    root = source.root
    if source.is_too_large:
        return Mistake("this is too large to be read", root)
    try:
        source.data.decode("utf-8")
    except UnicodeDecodeError as error:
        place = root.descendant_for_byte_range(error.start, error.start)
        return Mistake("this is not UTF-8", place or root)
    if root.has_error:
        return _explained(_first_error(root))
    twice = declared_twice(source)
    return None if twice is None else Mistake(*twice)


def _first_error(node: Node) -> Node:
    """The innermost of the first errors: those around it only follow from it."""
    while True:
        for child in node.children:
            if child.is_error or child.is_missing:
                node = child
                break
            if child.has_error:
                node = child
                break
        else:
            return node
        if node.is_missing:
            return node


def _explained(node: Node) -> Mistake:
    if node.is_missing:
        return Mistake(f"this parser expects `{node.type}` here", node, _NOT_KNOWN)
    if b"\0" in (node.text or b""):
        hint = "write it as `\\0`"
        return Mistake("this parser takes no NUL character", node, hint)
    opening = _not_closed(node)
    if opening is not None:
        what = "template" if opening.type == "`" else f"`{opening.type}`"
        message = f"this parser finds no end of this {what}"
        return Mistake(message, opening, _NOT_KNOWN)
    text = text_of(node)
    if node.is_error and text.isprintable() and 0 < len(text) <= _LONGEST:
        return Mistake(f"this parser does not expect `{text}` here", node, _NOT_KNOWN)
    return Mistake("this parser can't read this as TypeScript", node, _NOT_KNOWN)


def _not_closed(node: Node) -> Node | None:
    """The last bracket or quote among the parts of an error that nothing closes."""
    if node.child_count > _MOST_PARTS:
        return None
    open_: list[Node] = []
    for child in node.children:
        if open_ and child.type == _CLOSED_BY[open_[-1].type]:
            open_.pop()
        elif child.type in _CLOSED_BY:
            open_.append(child)
    return open_[-1] if open_ else None
