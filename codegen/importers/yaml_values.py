"""YAML as JSON values with their places: anchors, aliases and merge keys are followed.

This is the YAML of other people's documents. Values are those of YAML's JSON schema: a date
stays the text that it is, `on` and `no` are texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import yaml

from codegen.diagnostics import Diagnostic, Diagnostics, Span

from .places import Document, Json

MAX_VALUES: Final = 4_000_000
"""So many values may a document have once its aliases are written out."""
MAX_LEVELS: Final = 300
_INTEGER: Final = re.compile(r"[-+]?[0-9]+")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: Final[dict[str, Json]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class YamlPositions:
    """The places of a tree of nodes."""

    def __init__(self, file: str, root: yaml.Node) -> None:
        self._file = file
        self._root = root

    def value(self, steps: Iterable[str | int]) -> Span:
        node = self._find(steps)
        if isinstance(node, yaml.ScalarNode):
            return self._span(node)
        mark = node.start_mark
        line, column = mark.line + 1, mark.column + 1
        return Span(self._file, line, column, line, column + 1)

    def key(self, steps: Iterable[str | int], name: str) -> Span:
        node = self._find(steps)
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if key.value == name:
                return self._span(key)
        return self.value(steps)

    def _find(self, steps: Iterable[str | int]) -> yaml.Node:
        node = self._root
        for step in steps:
            inner: yaml.Node | None = None
            if isinstance(node, yaml.MappingNode):
                pairs = node.value
                inner = next((v for k, v in pairs if k.value == step), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
                inner = node.value[step] if step < len(node.value) else None
            if inner is None:
                break
            node = inner
        return node

    def _span(self, node: yaml.Node) -> Span:
        start, end = node.start_mark, node.end_mark
        return Span(
            self._file, start.line + 1, start.column + 1, end.line + 1, end.column + 1
        )


def read_yaml(name: str, text: str, diagnostics: Diagnostics) -> Document | None:
    """The only document of a text; None after a report at the first fault."""
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        if root is None:
            message = "this file is empty"
            diagnostics.add(Diagnostic("E801", message, Span(name, 1, 1, 1, 1)))
            return None
        return Document(name, _Reader(name).read(root), YamlPositions(name, root))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        message = f"not YAML: {error.problem or error.context}"
        span = Span(name, line, column, line, column + 1)
    except yaml.reader.ReaderError as error:
        message = f"not YAML: {error.reason}"
        span = Span(name, 1, 1, 1, 1)
    except _Refused as refused:
        message, span = refused.args
    except RecursionError:
        message = f"nested deeper than {MAX_LEVELS} levels"
        span = Span(name, 1, 1, 1, 1)
    diagnostics.add(Diagnostic("E801", message, span))
    return None


class _Refused(Exception):
    """A message and a span."""


class _Reader:
    """Reads each node once, however many aliases lead to it."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._known: dict[int, Json] = {}
        self._sizes: dict[int, int] = {}
        self._open: set[int] = set()

    def read(self, node: yaml.Node) -> Json:
        known = id(node)
        if known in self._sizes:
            return self._known[known]
        if known in self._open:
            self._refuse(node, "an alias leads back to what it is in")
        if len(self._open) >= MAX_LEVELS:
            self._refuse(node, f"nested deeper than {MAX_LEVELS} levels")
        self._open.add(known)
        if isinstance(node, yaml.MappingNode):
            value: Json = self._mapping(node)
            parts = [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            value = [self.read(item) for item in node.value]
            parts = node.value
        else:
            value = self._scalar(node)
            parts = []
        self._open.discard(known)
        size = 1 + sum(self._sizes.get(id(part), 1) for part in parts)
        if size > MAX_VALUES:
            self._refuse(node, "aliases make this document too large")
        self._known[known], self._sizes[known] = value, size
        return value

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Json]:
        made: dict[str, Json] = {}
        merged: dict[str, Json] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(key, "a key must be a text")
            if key.value == "<<" and not key.style:
                read = self.read(value)
                for one in read if isinstance(read, list) else [read]:
                    if isinstance(one, dict):
                        merged = {**one, **merged}
                    else:
                        self._refuse(value, "`<<` merges mappings only")
                continue
            if key.value in made:
                self._refuse(key, f'key "{key.value}" is there twice')
            made[key.value] = self.read(value)
        return {**merged, **made}

    def _scalar(self, node: yaml.Node) -> Json:
        text: str = node.value
        tag = node.tag.removeprefix("tag:yaml.org,2002:")
        if getattr(node, "style", None) or tag == "str":
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text) and len(text) < 400:
            return int(text)
        return float(text) if _FLOAT.fullmatch(text) else text

    def _refuse(self, node: yaml.Node, message: str) -> None:
        mark = node.start_mark
        line, column = mark.line + 1, mark.column + 1
        raise _Refused(message, Span(self._file, line, column, line, column + 1))
