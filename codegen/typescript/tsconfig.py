"""`compilerOptions.paths` and `baseUrl` of a tsconfig.json."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from codegen.ir.types import JsonValue

from .relaxed_json import relaxed_json, texts

_NAME: Final = "tsconfig.json"
_MAX_EXTENDS: Final = 8


@dataclass(frozen=True, slots=True)
class Aliases:
    """Where specifiers that are no relative paths lead; `base` is `baseUrl`."""

    folder: str = ""
    targets: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])
    base: str | None = None

    def candidates(self, specifier: str) -> Iterator[str]:
        """Where the file of a specifier may be, best first."""
        for pattern in sorted(self.targets, key=_specificity):
            before, star, after = pattern.partition("*")
            fits = specifier.startswith(before) and specifier.endswith(after)
            if not fits or not (star or specifier == pattern):
                continue
            matched = specifier[len(before) : len(specifier) - len(after)]
            for target in self.targets[pattern]:
                filled = target.replace("*", matched) if star else target
                yield posixpath.normpath(posixpath.join(self.folder, filled))
            return
        if self.base is not None:
            yield posixpath.normpath(posixpath.join(self.base, specifier))


def _specificity(pattern: str) -> tuple[bool, int]:
    """Patterns without a star come first, then those with the longest beginning."""
    return "*" in pattern, -len(pattern.partition("*")[0])


Read = Callable[[str], bytes | None]


def read_aliases(read: Read, folder: str) -> Aliases | None:
    """The aliases that the configuration in a folder says; None if there is none."""
    return _read(read, posixpath.join(folder, _NAME), _MAX_EXTENDS)


def _read(read: Read, path: str, depth: int) -> Aliases | None:
    data = read(path)
    if data is None or not depth:
        return None
    config = relaxed_json(data)
    folder = posixpath.dirname(path)
    options = config.get("compilerOptions")
    options = options if isinstance(options, dict) else {}
    found = _inherited(read, folder, config.get("extends"), depth)
    base, paths = options.get("baseUrl"), options.get("paths")
    if isinstance(base, str):
        found = replace(found, base=posixpath.normpath(posixpath.join(folder, base)))
    if isinstance(paths, dict):
        targets = {pattern: texts(value) for pattern, value in paths.items()}
        root = folder if found.base is None else found.base
        found = replace(found, folder=root, targets=targets)
    return found


def _inherited(read: Read, folder: str, extended: JsonValue, depth: int) -> Aliases:
    """What other configurations say; the last of several has the last word."""
    found = Aliases()
    for parent in [extended] if isinstance(extended, str) else texts(extended):
        if not parent.startswith("."):
            continue
        parent = posixpath.normpath(posixpath.join(folder, parent))
        parent += "" if parent.endswith(".json") else ".json"
        more = _read(read, parent, depth - 1)
        if more is not None and more.base is not None:
            found = replace(found, base=more.base)
        if more is not None and more.targets:
            found = replace(found, folder=more.folder, targets=more.targets)
    return found
