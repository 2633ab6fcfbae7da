"""Where classes and their fields stand in the user's modules."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from codegen.diagnostics import Span

from .places import Steps

MEMBER: Final = "members"
"""The step from a class to something of it that is no field: a method, its settings."""


@dataclass(frozen=True, slots=True)
class ClassSource:
    """The places of a class and of what stands in it, its bases included, by name.

    `name` is `module:Name`; `fields` are the names of fields by what documents call them.
    """

    name: str
    span: Span | None
    members: Mapping[str, Span]
    fields: Mapping[str, str]

    def member(self, name: str) -> Span | None:
        return self.members.get(self.fields.get(name, name), self.span)


@dataclass(frozen=True, slots=True)
class ClassPlaces:
    """The places of a JSON Schema whose parts at some steps were made from classes."""

    classes: Mapping[Steps, ClassSource]

    def value(self, steps: Iterable[str | int]) -> Span | None:
        source, member = self._find(tuple(steps))
        if source is None:
            return None
        return source.span if member is None else source.member(member)

    def key(self, steps: Iterable[str | int], name: str) -> Span | None:
        return self.value((*steps, name))

    def words(self, steps: Steps) -> str:
        """`module:Name.field`, for what stands in no file."""
        source, member = self._find(steps)
        if source is None:
            return ""
        return (
            source.name
            if member is None
            else f"{source.name}.{source.fields.get(member, member)}"
        )

    def _find(self, steps: Steps) -> tuple[ClassSource | None, str | None]:
        """The innermost class around, and which of its members leads on."""
        for end in range(len(steps), -1, -1):
            source = self.classes.get(steps[:end])
            if source is not None:
                rest = steps[end:]
                if rest[:1] in (("properties",), (MEMBER,)):
                    return source, "".join(str(step) for step in rest[1:2]) or None
                return source, None
        return None, None


@dataclass
class Sources:
    """Reads modules, each once. Call it while they are imported."""

    _trees: dict[str, dict[str, ast.ClassDef]] = field(
        default_factory=dict[str, dict[str, ast.ClassDef]]
    )

    def of(self, made: type) -> ClassSource:
        """The places of a class; none where there is no text of it."""
        members: dict[str, Span] = {}
        for one in reversed(made.__mro__):
            found = self._body(one)
            for node in found[1].body if found else ():
                members |= _named(found[0], node) if found else {}
        own = self._body(made)
        span = None
        if own is not None:
            path, node = own
            span = _span(path, node, len("class "), node.name)
        name = f"{made.__module__}:{made.__qualname__}"
        return ClassSource(name, span, members, _fields(made))

    def _body(self, made: type) -> tuple[str, ast.ClassDef] | None:
        module = sys.modules.get(made.__module__)
        path = getattr(module, "__file__", None)
        if not isinstance(path, str) or not path.endswith(".py"):
            return None
        if path not in self._trees:
            self._trees[path] = _parsed(path)
        node = self._trees[path].get(made.__qualname__.partition("[")[0])
        return None if node is None else (_shown(path), node)


def _parsed(path: str) -> dict[str, ast.ClassDef]:
    try:
        with open(path, "rb") as file:
            return dict(_classes(ast.parse(file.read()), ""))
    except (OSError, SyntaxError, ValueError, RecursionError):
        return {}


def _classes(around: ast.AST, before: str) -> Iterator[tuple[str, ast.ClassDef]]:
    for node in ast.iter_child_nodes(around):
        if isinstance(node, ast.ClassDef):
            yield before + node.name, node
            yield from _classes(node, f"{before}{node.name}.")
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _classes(node, f"{before}{node.name}.<locals>.")
        elif isinstance(node, ast.stmt):
            yield from _classes(node, before)


def _named(path: str, node: ast.stmt) -> dict[str, Span]:
    """What a statement of a class's body gives a name to."""
    if isinstance(node, ast.FunctionDef):
        return {node.name: _span(path, node, len("def "), node.name)}
    targets: list[ast.expr] = []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    if isinstance(node, ast.Assign):
        targets = node.targets
    return {
        one.id: _span(path, one, 0, one.id)
        for one in targets
        if isinstance(one, ast.Name)
    }


def _span(path: str, node: ast.stmt | ast.expr, before: int, name: str) -> Span:
    column = node.col_offset + before + 1
    return Span(path, node.lineno, column, node.lineno, column + len(name))


def _shown(path: str) -> str:
    """A path as people know it: from the working directory, if it is in there."""
    inside = os.path.relpath(path)
    return path if inside.startswith(os.pardir) else inside.replace(os.sep, "/")


def _fields(made: type) -> dict[str, str]:
    known: dict[str, Any] = getattr(made, "__pydantic_fields__", {})
    names: dict[str, str] = {}
    for name, info in known.items():
        alias = info.validation_alias
        choices = getattr(alias, "choices", None)
        alias = choices[0] if choices else alias
        if isinstance(alias, str):
            names[alias] = name
    return names
