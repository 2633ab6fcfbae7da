"""The modules that a module needs: found, but not run."""

from __future__ import annotations

import posixpath
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from codegen.diagnostics import Span
from codegen.typescript.resolution import Files, Found, Resolution
from codegen.typescript.syntax import Source, parse

from .generated import generated
from .imports import Import, imports_of, is_commonjs, requires_of
from .platform import builtin

MAX_FILES: Final = 10_000
MAX_BYTES: Final = 64 * 1024 * 1024
"""How much is copied at most."""


@dataclass(eq=False)
class Code:
    """A file with code; `imports` has what each of its imports leads to."""

    source: Source
    is_commonjs: bool
    imports: list[tuple[Import, Target]] = field(
        default_factory=list["tuple[Import, Target]"]
    )
    asked: set[str] = field(default_factory=set[str])
    """The names that others import of it."""


@dataclass(eq=False)
class Data:
    """A file with JSON."""

    path: str
    data: bytes
    asked: set[str] = field(default_factory=set[str])


@dataclass(eq=False)
class Missing:
    """What an import does not find; to use it is an error, to import it is none."""

    specifier: str
    span: Span
    is_too_much: bool = False
    """Whether it is there, but is more than is copied."""
    asked: set[str] = field(default_factory=set[str])


@dataclass(frozen=True)
class Builtin:
    """A module of the engine."""

    url: str


Target: TypeAlias = Code | Data | Missing | Builtin


class Graph:
    """Modules by path, with all that they need."""

    def __init__(self, files: Files) -> None:
        self._resolution = Resolution(files)
        self._found: dict[str, Code | Data] = {}
        self._left = MAX_BYTES
        self._todo: deque[Code] = deque()

    def add(self, path: str) -> Code | Data | None:
        """The module of a file of the project, and what it needs; None if there is no such file."""
        found = self._resolution.file(path)
        if found is None:
            return None
        target = self._load(found)
        while self._todo:
            self._follow(self._todo.popleft())
        return target

    def modules(self) -> Iterator[Code | Data | Missing]:
        """All that was found, and what was not."""
        yield from self._found.values()
        for module in list(self._found.values()):
            if isinstance(module, Code):
                for _, target in module.imports:
                    if isinstance(target, Missing):
                        yield target

    def _follow(self, module: Code) -> None:
        listed = requires_of if module.is_commonjs else imports_of
        for imported in listed(module.source):
            target = self._target(imported, module.source)
            if not isinstance(target, Builtin):
                target.asked |= imported.names
            module.imports.append((imported, target))

    def _target(self, imported: Import, source: Source) -> Target:
        specifier = imported.specifier
        found = None
        if not source.is_package:
            found = generated(specifier, source.path)
        if found is None and not posixpath.isabs(specifier):
            found = self._resolution.find(specifier, source.path)
        if found is None and source.is_package:
            found = generated(specifier, source.path)
        url = builtin(specifier)
        if found is None and url is not None:
            return Builtin(url)
        span = source.span(imported.node)
        if found is None:
            return Missing(specifier, span)
        is_new = found.path not in self._found
        if is_new and (len(found.data) > self._left or len(self._found) == MAX_FILES):
            return Missing(specifier, span, is_too_much=True)
        return self._load(found)

    def _load(self, found: Found) -> Code | Data:
        known = self._found.get(found.path)
        if known is not None:
            return known
        self._left -= len(found.data)
        text = found.data.removeprefix(b"\xef\xbb\xbf")
        if found.path.endswith(".json"):
            made: Code | Data = Data(found.path, text)
        else:
            source = parse(found.path, text, is_package=found.is_package)
            made = Code(source, is_commonjs(source))
            self._todo.append(made)
        self._found[found.path] = made
        return made
