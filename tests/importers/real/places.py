"""Which part of a JSON or YAML text stands at a line and column: a diagnostic's place as a pointer."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

import yaml

Pointer: TypeAlias = tuple[str | int, ...]

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')


class Places:
    """The keys and values of a text by where they begin."""

    def __init__(self, text: str, found: Iterable[tuple[int, Pointer]]) -> None:
        """`found` are the keys and values by the characters before them."""
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._found = dict(found)
        self._starts = sorted(self._found)

    def at(self, line: int, column: int) -> Pointer:
        """The key or value that begins there, or the last one that begins before it."""
        offset = self._lines[line - 1] + column - 1
        return self._found[self._starts[bisect_right(self._starts, offset) - 1]]


def in_json(text: str) -> Places:
    return Places(text, _Reader(text).value(()))


def in_yaml(text: str) -> Places:
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    assert root is not None
    return Places(text, _of_node(root, ()))


_Found: TypeAlias = Iterator[tuple[int, Pointer]]


class _Reader:
    """Reads JSON by its tokens; a key and its value have the same pointer."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_TOKEN.finditer(text))
        self._next = 0

    def value(self, pointer: Pointer) -> _Found:
        yield self._tokens[self._next].start(), pointer
        match self._take():
            case "{":
                yield from self._members(pointer)
            case "[":
                yield from self._items(pointer)
            case _:
                pass

    def _take(self) -> str:
        self._next += 1
        return self._tokens[self._next - 1].group()

    def _is_at(self, token: str) -> bool:
        return self._tokens[self._next].group() == token

    def _members(self, pointer: Pointer) -> _Found:
        while not self._is_at("}"):
            start = self._tokens[self._next].start()
            member: Pointer = (*pointer, json.loads(self._take()))
            yield start, member
            self._take()  # the colon
            yield from self.value(member)
            if self._is_at(","):
                self._take()
        self._take()

    def _items(self, pointer: Pointer) -> _Found:
        count = 0
        while not self._is_at("]"):
            yield from self.value((*pointer, count))
            count += 1
            if self._is_at(","):
                self._take()
        self._take()


def _of_node(node: yaml.Node, pointer: Pointer) -> _Found:
    yield node.start_mark.index, pointer
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            member: Pointer = (*pointer, key.value)
            yield key.start_mark.index, member
            yield from _of_node(value, member)
    elif isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            yield from _of_node(item, (*pointer, position))
