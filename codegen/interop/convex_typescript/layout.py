"""Breaks code into lines as Prettier does by default: 80 columns, indented by 2 spaces.

A document is text with the places where it may be broken. The algorithm is Prettier's
(`printDocToString`), for the commands that a schema needs.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

WIDTH: Final = 80
INDENT: Final = 2


@dataclass(frozen=True, slots=True)
class Line:
    """Where a line may end; in a group on one line, `flat` stands there."""

    flat: str = ""
    hard: bool = False


@dataclass(frozen=True, slots=True)
class IfBroken:
    """Text that is only there where the group around it is broken."""

    text: str


@dataclass(frozen=True, slots=True)
class Indent:
    """Contents whose further lines are indented, if at all only when `after` is broken."""

    contents: Doc
    after: Group | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Contents on one line if they fit; else each of its own lines ends.

    Of several states, the first one that fits is taken, or the last one.
    """

    states: tuple[Doc, ...]
    breaks: bool = field(init=False)
    """Whether it can't be on one line, and so not what is around it."""
    always: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "breaks", self.always or breaks(self.states[0]))

    @property
    def is_broken(self) -> bool:
        """Whether its own lines end in any case; several states decide by themselves."""
        return self.breaks and len(self.states) == 1


Doc: TypeAlias = "str | Line | IfBroken | Indent | Group | tuple[Doc, ...]"

SOFT: Final = Line()
SPACE: Final = Line(" ")
HARD: Final = Line(hard=True)

_Command: TypeAlias = "tuple[int, bool, Doc]"
"""How far it is indented, whether it is on one line, and what."""


def group(*contents: Doc, always: bool = False) -> Group:
    return Group((contents,), always)


def indent(*contents: Doc) -> Indent:
    return Indent(contents)


def joined(separator: Doc, parts: Iterable[Doc]) -> Iterator[Doc]:
    """The parts with a separator between any two."""
    for i, part in enumerate(parts):
        if i:
            yield separator
        yield part


def breaks(doc: Doc) -> bool:
    """Whether a line ends in it in any case."""
    if isinstance(doc, tuple):
        return any(map(breaks, doc))
    if isinstance(doc, Group):
        return doc.breaks
    if isinstance(doc, Indent):
        return breaks(doc.contents)
    return isinstance(doc, Line) and doc.hard


def rendered(doc: Doc) -> str:
    """The text of a document, without spaces at the ends of lines."""
    printer = _Printer()
    printer.render(doc)
    lines = "".join(printer.out).split("\n")
    return "\n".join(line.rstrip(" ") for line in lines)


class _Printer:
    def __init__(self) -> None:
        self.out: list[str] = []
        self._column = 0
        self._todo: list[_Command] = []
        self._broken: dict[Group, bool] = {}

    def render(self, doc: Doc) -> None:
        self._todo.append((0, False, doc))
        while self._todo:
            at, flat, part = self._todo.pop()
            if isinstance(part, str):
                self._write(part)
            elif isinstance(part, tuple):
                self._todo += ((at, flat, inner) for inner in reversed(part))
            elif isinstance(part, Line):
                self._line(at, flat, part)
            elif isinstance(part, IfBroken):
                self._write("" if flat else part.text)
            elif isinstance(part, Indent):
                here = part.after is None or self._broken[part.after]
                self._todo.append((at + INDENT * here, flat, part.contents))
            else:
                chosen = self._chosen(at, flat, part)
                self._broken[part] = not chosen[1]
                self._todo.append(chosen)

    def _write(self, text: str) -> None:
        self.out.append(text)
        self._column += _width(text)

    def _line(self, at: int, flat: bool, line: Line) -> None:
        if flat and not line.hard:
            self._write(line.flat)
            return
        self.out.append("\n" + " " * at)
        self._column = at

    def _chosen(self, at: int, flat: bool, group: Group) -> _Command:
        first = group.states[0]
        if flat:
            return at, not group.is_broken, first
        if not group.is_broken:
            for state in group.states[:-1] or (first,):
                if self._fits((at, True, state)):
                    return at, True, state
        return at, False, group.states[-1]

    def _fits(self, command: _Command) -> bool:
        """Whether all up to the next end of a line fits into what is left of this one."""
        room = WIDTH - self._column
        rest = len(self._todo)
        todo = [command]
        while room >= 0:
            if not todo:
                if not rest:
                    return True
                rest -= 1
                todo.append(self._todo[rest])
            at, flat, part = todo.pop()
            if isinstance(part, str):
                room -= _width(part)
            elif isinstance(part, tuple):
                todo += ((at, flat, inner) for inner in reversed(part))
            elif isinstance(part, Line):
                if part.hard or not flat:
                    return True
                room -= len(part.flat)
            elif isinstance(part, IfBroken):
                room -= 0 if flat else len(part.text)
            elif isinstance(part, Indent):
                todo.append((at, flat, part.contents))
            else:
                flat = flat and not part.is_broken
                todo.append((at, flat, part.states[0 if flat else -1]))
        return False


def _width(text: str) -> int:
    """The columns of a text: East Asian wide characters have two, marks above others none."""
    if text.isascii():
        return len(text)
    return sum(map(_width_of, text))


def _width_of(char: str) -> int:
    if unicodedata.east_asian_width(char) in "WF":
        return 2
    return 0 if unicodedata.category(char) in ("Mn", "Me") else 1
