"""What package.json says: the files of a package, and the packages of a repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Final

from codegen.ir.types import JsonValue

from .relaxed_json import relaxed_json, texts

_CONDITIONS: Final = ("source", "convex", "module", "import", "node", "default")
_PNPM: Final = re.compile(r"""^\s*-\s*["']?([^"'\s#]+)["']?""", re.MULTILINE)


def package_of(specifier: str) -> tuple[str, str]:
    """The name of a package, and the path inside it."""
    parts = specifier.split("/")
    count = 2 if specifier.startswith("@") else 1
    return "/".join(parts[:count]), "/".join(parts[count:])


def entry_of(manifest: Mapping[str, JsonValue], inside: str) -> str | None:
    """The file that a path inside a package stands for, relative to the package."""
    exports = manifest.get("exports")
    if exports is not None:
        return _exported(exports, f"./{inside}" if inside else ".")
    if inside:
        return inside
    mains = (manifest.get(key) for key in ("module", "main"))
    return next((main for main in mains if isinstance(main, str)), "index")


def _exported(exports: JsonValue, wanted: str) -> str | None:
    if not isinstance(exports, dict) or not any(key[:1] == "." for key in exports):
        return _target(exports) if wanted == "." else None
    if wanted in exports:
        return _target(exports[wanted])
    for pattern in sorted(exports, key=lambda pattern: -len(pattern.partition("*")[0])):
        target = exports[pattern]
        before, star, after = pattern.partition("*")
        if star and wanted.startswith(before) and wanted.endswith(after):
            matched = wanted[len(before) : len(wanted) - len(after)]
            found = _target(target)
            return found.replace("*", matched) if found else None
    return None


def _target(target: JsonValue) -> str | None:
    """The path that counts among those for several conditions."""
    if isinstance(target, str):
        return target
    inner: list[JsonValue] = []
    if isinstance(target, list):
        inner = target
    elif isinstance(target, dict):
        inner = [value for name, value in target.items() if name in _CONDITIONS]
    return next(filter(None, map(_target, inner)), None)


def workspace_patterns(manifest: bytes | None, pnpm: bytes | None) -> Iterator[str]:
    """Where a repository says that its packages are."""
    listed = relaxed_json(manifest).get("workspaces")
    yield from texts(listed.get("packages") if isinstance(listed, dict) else listed)
    if pnpm is not None:
        yield from _PNPM.findall(pnpm.decode("utf-8", "replace"))


def workspace_parent(folder: str, pattern: str) -> str | None:
    """The folder whose folders are packages; None if the pattern names a package itself."""
    pattern = pattern.rstrip("/")
    if not pattern.endswith("*"):
        return None
    return posixpath.join(folder, pattern.rstrip("*").rstrip("/"))
