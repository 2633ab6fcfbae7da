"""From the specifier of an import to a file, as Convex's bundler finds it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

from .manifests import entry_of, package_of, workspace_parent, workspace_patterns
from .relaxed_json import relaxed_json
from .tsconfig import Aliases, read_aliases

_SUFFIXES: Final = (".tsx", ".ts", ".jsx", ".js", ".json")
_WRITTEN_AS: Final = {
    ".js": (".ts", ".tsx"),
    ".jsx": (".tsx", ".ts"),
    ".mjs": (".mts",),
    ".cjs": (".cts",),
}
_MAX_UP: Final = 6


class Files(Protocol):
    """Files by POSIX path, relative to the root of a project."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None when there is none of that name."""
        ...

    def read_package(self, path: str) -> bytes | None:
        """The bytes of a file of an installed package."""
        ...

    def folders(self, path: str) -> tuple[str, ...]:
        """The names of the folders in a folder."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A file that an import stands for."""

    path: str
    data: bytes
    is_package: bool = False


@dataclass
class Resolution:
    """Finds files, and remembers what it found."""

    files: Files
    _aliases: dict[str, Aliases | None] = field(
        default_factory=dict[str, "Aliases | None"]
    )
    _found: dict[tuple[str, str], Found | None] = field(
        default_factory=dict[tuple[str, str], "Found | None"]
    )
    _packages: dict[str, str] | None = None

    def find(self, specifier: str, importer: str) -> Found | None:
        """The file of a specifier in the file `importer`; None if there is none."""
        folder = posixpath.dirname(importer)
        key = (specifier, folder)
        if key not in self._found:
            self._found[key] = self._find(specifier, folder)
        return self._found[key]

    def _find(self, specifier: str, folder: str) -> Found | None:
        in_package = "node_modules" in folder.split("/")
        if specifier.startswith((".", "/")):
            path = posixpath.normpath(posixpath.join(folder, specifier))
            return self.file(path, is_package=in_package)
        aliases = None if in_package else self._aliases_in(folder)
        for candidate in aliases.candidates(specifier) if aliases else ():
            found = self.file(candidate)
            if found:
                return found
        return self._installed(specifier, folder) or self._workspace(specifier, folder)

    def file(self, path: str, *, is_package: bool = False) -> Found | None:
        """The file that a path, perhaps without its suffix, or a folder stands for."""
        read = self.files.read_package if is_package else self.files.read
        for candidate in _candidates(path) if _can_be(path) else ():
            data = read(candidate)
            if data is not None:
                return Found(candidate, data, is_package)
        return None

    def _aliases_in(self, folder: str) -> Aliases | None:
        """The aliases of the nearest tsconfig.json."""
        if folder not in self._aliases:
            aliases = read_aliases(self.files.read, folder)
            if (
                aliases is None
                and folder not in ("", "/")
                and not folder.endswith("..")
            ):
                aliases = self._aliases_in(posixpath.dirname(folder))
            self._aliases[folder] = aliases
        return self._aliases[folder]

    def _installed(self, specifier: str, folder: str) -> Found | None:
        """The file in the nearest `node_modules` that has the package."""
        name, inside = package_of(specifier)
        for parent in _parents(folder):
            package = posixpath.join(parent, "node_modules", name)
            data = self.files.read_package(f"{package}/package.json")
            if data is not None:
                target = entry_of(relaxed_json(data), inside)
                path = posixpath.normpath(posixpath.join(package, target or ""))
                return self.file(path, is_package=True) if target else None
        return None

    def _workspace(self, specifier: str, folder: str) -> Found | None:
        """The file in a package of the same repository that is not installed."""
        name, inside = package_of(specifier)
        if self._packages is None:
            self._packages = dict(self._workspaces(folder))
        package = self._packages.get(name)
        if package is None:
            return None
        manifest = relaxed_json(self.files.read(f"{package}/package.json"))
        target = entry_of(manifest, inside)
        path = posixpath.normpath(posixpath.join(package, target or ""))
        found = self.file(path) if target else None
        if found is None and not inside:
            # It was not built yet.
            found = self.file(f"{package}/src") or self.file(package)
        return found

    def _workspaces(self, folder: str) -> Iterator[tuple[str, str]]:
        """The packages of the repository: their names and folders."""
        for parent in _parents(folder):
            manifest = self.files.read(posixpath.join(parent, "package.json"))
            pnpm = self.files.read(posixpath.join(parent, "pnpm-workspace.yaml"))
            for pattern in workspace_patterns(manifest, pnpm):
                for package in self._matching(parent, pattern):
                    found = self.files.read(f"{package}/package.json")
                    name = relaxed_json(found).get("name")
                    if isinstance(name, str):
                        yield name, package

    def _matching(self, folder: str, pattern: str) -> Iterator[str]:
        above = workspace_parent(folder, pattern)
        if above is None:
            yield posixpath.join(folder, pattern)
        else:
            for name in self.files.folders(above) if _can_be(above) else ():
                yield posixpath.join(above, name)


def _can_be(path: str) -> bool:
    """Whether a file system may have such a path."""
    return "\0" not in path and all(len(part) < 200 for part in path.split("/"))


def _candidates(path: str) -> Iterator[str]:
    stem, suffix = posixpath.splitext(path)
    if suffix in (*_SUFFIXES, *_WRITTEN_AS, ".mts", ".cts"):
        yield path
        for other in _WRITTEN_AS.get(suffix, ()):
            yield stem + other
    for suffix in _SUFFIXES:
        yield path + suffix
    for suffix in _SUFFIXES:
        yield f"{path}/index{suffix}"


def _parents(folder: str) -> Iterator[str]:
    """A folder and those above it, also above the root of the project."""
    folder = posixpath.normpath(folder) if folder else "."
    while folder not in (".", "/", "") and not folder.endswith(".."):
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
    for up in range(1, _MAX_UP):
        yield "/".join([".."] * up)
