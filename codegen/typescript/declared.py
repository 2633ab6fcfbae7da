"""Types that a comment declares, for code that can't be read: `// codegen: list[str] | None`.

They are written as in a native schema; `// codegen?: str` declares an optional field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from codegen.ir.types import Type

from .syntax import Node, Source, captures, text_of
from .validators import Validator
from .values import HostObject, Origin, Refused, Unreadable, Value

_DIRECTIVE: Final = re.compile(
    r"(?://|/\*)\s*codegen(\??):\s*(.*?)\s*(?:\*/)?\s*", re.DOTALL
)


class DeclaredType(HostObject):
    """A type of the IR inside a validator."""

    __slots__ = ("type",)

    def __init__(self, type: Type) -> None:
        self.type = type

    def get(self, name: str, origin: Origin) -> Value:
        raise Unreadable("a part of a type that a comment declares", origin)


def declared(origin: Origin) -> Validator | None:
    """The validator that a comment above or behind a node declares."""
    for comment in origin.source.comments.beside(origin.node):
        match = _DIRECTIVE.fullmatch(text_of(comment))
        if match is not None:
            origin.source.used_comments.add(comment.start_byte)
            place = Origin(origin.source, comment)
            type = DeclaredType(_type(match[2], place))
            return Validator("declared", place, (type,), bool(match[1]))
    return None


def unneeded(source: Source) -> Iterator[Node]:
    """The comments that declare a type where none was asked for, once the module has been read."""
    if b"codegen" not in source.data:
        return
    for comment in captures(source, "(comment) @comment", "comment"):
        match = _DIRECTIVE.fullmatch(text_of(comment))
        if match is not None and comment.start_byte not in source.used_comments:
            from codegen.language.annotations import parse_annotation

            # Another text may begin with the same word.
            if not parse_annotation(match[2]).problems:
                yield comment


def _type(text: str, origin: Origin) -> Type:
    # Most schemas need no comments: Python's parser need not be there for them.
    from codegen.language.annotations import parse_annotation

    annotation = parse_annotation(text)
    if annotation.problems:
        problem = annotation.problems[0]
        raise Refused(f"not a type: {problem.message}", origin, problem.hint)
    if annotation.names:
        message = f"`{annotation.names[0].id}` is not a type that a comment can use"
        hint = "named types are those of a native schema"
        raise Refused(message, origin, hint)
    return annotation.type
