"""Where the parts of a JSON text stand, found in one pass when something has to be shown."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from codegen.diagnostics import Span

Steps: TypeAlias = Iterable[str | int]
"""The way into a JSON value: keys of objects and positions in arrays."""

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)


class Twin(NamedTuple):
    """A key that its object has a second time."""

    name: str
    first: Span
    second: Span


@dataclass(slots=True)
class _Node:
    """A JSON value from `start` to `end`, and the values inside by key or position."""

    start: int
    end: int
    parts: dict[str | int, _Node] = field(default_factory=dict["str | int", "_Node"])
    keys: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    key: str | None = None
    """The key that was read last, while its value is awaited."""


class JsonPositions:
    """The places of a JSON text; of equal keys of an object the first counts."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._text = text
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._tree: _Node | None = None
        self._twins: list[tuple[str, tuple[int, int], tuple[int, int]]] = []

    def value(self, steps: Steps) -> Span:
        """The value at the end of the steps, or the innermost one around it that exists.

        Of an object or an array, that may be many lines, the bracket that opens it.
        """
        node = self._find(steps)
        return self._head(node)

    def key(self, steps: Steps, name: str) -> Span:
        """The key `name` of the object at the end of the steps."""
        node = self._find(steps)
        place = node.keys.get(name)
        return self._head(node) if place is None else self.span(*place)

    def size(self, steps: Steps) -> int:
        """How many values are inside the value at the end of the steps."""
        return len(self._find(steps).parts)

    def text(self, steps: Steps) -> str:
        """The string at the end of the steps, or an empty one for any other value."""
        node = self._find(steps)
        if not self._text.startswith('"', node.start):
            return ""
        return str(json.loads(self._text[node.start : node.end]))

    def twins(self) -> Iterator[Twin]:
        """Every key that is there twice."""
        self._find(())
        for name, first, second in self._twins:
            yield Twin(name, self.span(*first), self.span(*second))

    def deeper_than(self, levels: int) -> Span:
        """The first bracket with more than so many around it; else the start of the text."""
        depth = 0
        for token in self.tokens():
            if token[0] in "{[":
                depth += 1
                if depth > levels:
                    return self.span(*token.span())
            elif token[0] in "}]":
                depth -= 1
        return self.span(0, 1)

    def tokens(self) -> Iterator[re.Match[str]]:
        """The tokens of the text: strings, punctuation, numbers and words."""
        return _TOKEN.finditer(self._text)

    def span(self, start: int, end: int) -> Span:
        """The span of a range of characters of the text."""
        return Span(self._file, *self._place(start), *self._place(end))

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def _head(self, node: _Node) -> Span:
        bracket = self._text[node.start : node.start + 1] in ("{", "[")
        return self.span(node.start, node.start + 1 if bracket else node.end)

    def _find(self, steps: Steps) -> _Node:
        if self._tree is None:
            self._tree = self._scan()
        node = self._tree
        for step in steps:
            inner = node.parts.get(step)
            if inner is None:
                break
            node = inner
        return node

    def _scan(self) -> _Node:
        """The tree of the values of a text that `json` can read."""
        text = self._text
        around = [_Node(0, len(text))]
        for token in self.tokens():
            first, (start, end) = token[0][0], token.span()
            parent = around[-1]
            if first in ":,":
                continue
            if first in "}]":
                parent.end = end
                around.pop()
            elif text[parent.start] == "{" and len(around) > 1 and parent.key is None:
                parent.key = name = str(json.loads(token[0]))
                earlier = parent.keys.setdefault(name, (start, end))
                if earlier != (start, end):
                    self._twins.append((name, earlier, (start, end)))
            else:
                node = _Node(start, end)
                step = len(parent.parts) if parent.key is None else parent.key
                parent.parts.setdefault(step, node)
                parent.key = None
                if first in "{[":
                    around.append(node)
        return around[0].parts.get(0, around[0])
