"""TypeScript's syntax trees; the only module that knows the parser."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import Any, Final

from tree_sitter import Language, Node, Parser, Query, QueryCursor

from codegen.diagnostics import Span

__all__ = [
    "TYPESCRIPT",
    "Comments",
    "Node",
    "Source",
    "captures",
    "children",
    "parse",
    "text_of",
]

_IMPORT_TYPE: Final = re.compile(rb"""\bimport\(\s*(?:"[^"\n]*"|'[^'\n]*')\s*\)""")
MAX_BYTES: Final = 1024 * 1024
"""The size of the largest module that is read."""
TYPESCRIPT: Final = (".ts", ".tsx", ".mts", ".cts")
_WITH_JSX: Final = (".tsx", ".js", ".jsx", ".mjs", ".cjs")


@cache
def _language(*, jsx: bool) -> Language:
    grammar = _grammar()
    capsule: object = grammar.language_tsx() if jsx else grammar.language_typescript()
    return Language(capsule)


@cache
def _grammar() -> Any:
    """The compiled module in `tree_sitter_typescript`.

    The package itself imports, for queries that are not used here, modules that take longer than
    reading a schema.
    """
    package = find_spec("tree_sitter_typescript")
    if package is None:
        raise ModuleNotFoundError(
            "tree_sitter_typescript is not installed", name="tree_sitter_typescript"
        )
    name = "tree_sitter_typescript._binding"
    spec = PathFinder.find_spec(name, package.submodule_search_locations)
    if spec is None or spec.loader is None:
        return import_module("tree_sitter_typescript")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def _query(text: str, *, jsx: bool) -> Query:
    return Query(_language(jsx=jsx), text)


@dataclass(frozen=True)
class Source:
    """A parsed file. Places in its tree are offsets of bytes, without a byte order mark."""

    path: str
    data: bytes
    root: Node
    is_package: bool
    """Whether it belongs to an installed package, and not to the project."""
    is_too_large: bool = False
    used_comments: set[int] = field(default_factory=set[int], compare=False)
    """Where comments begin that say what the code does not."""

    repeated_keys: dict[int, tuple[str, Node, Node]] = field(
        default_factory=dict[int, tuple[str, Node, Node]], compare=False
    )
    """The keys of objects that were read and have them twice: the name, the first, and the other."""

    @property
    def is_typescript(self) -> bool:
        """Whether the compiler of TypeScript checks it: it is the project's, and no JavaScript."""
        return not self.is_package and self.path.endswith(TYPESCRIPT)

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        for line in self.data.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        return starts

    def span(self, node: Node) -> Span:
        """The span of a node; of one over several lines, the part on the first."""
        start, end = node.start_byte, node.end_byte
        newline = self.data.find(b"\n", start, end)
        if newline >= 0:
            end = start + len(self.data[start:newline].rstrip())
        line, column = self._position(start)
        return Span(self.path, line, column, *self._position(end))

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._line_starts, offset)
        before = self.data[self._line_starts[line - 1] : offset]
        return line, len(before.decode("utf-8", "replace")) + 1

    @cached_property
    def comments(self) -> Comments:
        """The comments of the file."""
        return Comments(self)


def parse(path: str, data: bytes, *, is_package: bool = False) -> Source:
    """The tree of a file; there is always one, with an error in it where the text is wrong."""
    is_too_large = len(data) > MAX_BYTES
    data = b"" if is_too_large else data
    parser = Parser(_language(jsx=path.endswith(_WITH_JSX)))
    root = parser.parse(data).root_node
    if root.has_error and b"import(" in data:
        root = parser.parse(_IMPORT_TYPE.sub(_as_name, data)).root_node
    return Source(path, data, root, is_package, is_too_large)


def _as_name(match: re.Match[bytes]) -> bytes:
    """A name of the same length, for a form of types that the parser does not know."""
    return b"_" * len(match[0])


def captures(source: Source, query: str, name: str) -> list[Node]:
    """The nodes that a query of tree-sitter captures under a name."""
    compiled = _query(query, jsx=source.path.endswith(_WITH_JSX))
    return QueryCursor(compiled).captures(source.root).get(name, [])


def children(node: Node) -> list[Node]:
    """The named children that are not comments."""
    return [child for child in node.named_children if child.type != "comment"]


def text_of(node: Node) -> str:
    """The text of a node."""
    return (node.text or b"").decode("utf-8", "replace")


class Comments:
    """What the comments beside a node say of it."""

    def __init__(self, source: Source) -> None:
        self._data = source.data
        self._root = source.root

    def before(self, node: Node) -> str:
        """The text of the JSDoc comment directly above a node."""
        comment = next(self._above(node), None)
        text = text_of(comment) if comment else ""
        return _jsdoc(text) if text.startswith("/**") else ""

    def after(self, node: Node) -> str:
        """The text of the comment behind a node, on the line where the node ends."""
        comment = self._behind(node)
        if comment is None:
            return ""
        text = text_of(comment)
        if text.startswith("//"):
            return _plain(text.lstrip("/").strip())
        rest = self._data[comment.end_byte :].split(b"\n", 1)[0].strip()
        return _plain(" ".join(_lines(text))) if not rest else ""

    def beside(self, node: Node) -> Iterator[Node]:
        """The comments above a node, the nearest first, and the one behind it."""
        yield from self._above(node)
        comment = self._behind(node)
        if comment is not None:
            yield comment

    def _above(self, node: Node) -> Iterator[Node]:
        """The comments before a node that do not stand behind something else."""
        data = self._data
        while True:
            end = node.start_byte
            while end and data[end - 1] in b" \t\r\n":
                end -= 1
            line = data.rfind(b"\n", 0, end) + 1
            if not data.endswith(b"*/", line, end) and b"//" not in data[line:end]:
                return
            comment = self._at(end - 1)
            if comment is None:
                return
            line = data.rfind(b"\n", 0, comment.start_byte) + 1
            if data[line : comment.start_byte].strip():
                return
            yield comment
            node = comment

    def _behind(self, node: Node) -> Node | None:
        """The comment behind a node, on the line where it ends."""
        at = node.end_byte
        while self._data[at : at + 1] in (b" ", b"\t", b",", b";"):
            at += 1
        return self._at(at) if self._data[at : at + 1] == b"/" else None

    def _at(self, offset: int) -> Node | None:
        """The comment of which an offset is a part."""
        node = self._root.descendant_for_byte_range(offset, offset + 1)
        return node if node is not None and node.type == "comment" else None


def _jsdoc(text: str) -> str:
    """What a JSDoc comment says before its first tag."""
    kept: list[str] = []
    for line in _lines(text):
        if line.startswith("@"):
            break
        kept.append(line)
    return "\n".join(kept).strip()


def _lines(text: str) -> list[str]:
    body = text.removeprefix("/*").removesuffix("*/").lstrip("*")
    return [line.strip().removeprefix("*").strip() for line in body.splitlines()]


def _plain(text: str) -> str:
    """A comment as a description, but not one that speaks to a tool."""
    tools = ("eslint-", "@ts-", "prettier-", "biome-", "codegen:", "codegen?:")
    return "" if text.startswith(tools) else text
