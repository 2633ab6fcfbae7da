"""A `convex` folder, or its schema.ts, as the schema of a project."""

from __future__ import annotations

import os
import posixpath

from codegen.diagnostics import Diagnostic, Diagnostics, Span
from codegen.interop import convex_helper
from codegen.language.source import Loaded
from codegen.output.tree import DiskTree, Tree
from codegen.typescript.discovery import SCHEMA_FILES

SUFFIXES = (".ts", ".mts", ".js")
_YAML = (".yaml", ".yml")


def is_convex(tree: Tree, path: str) -> bool:
    """Whether a path is a module that exports a schema, or a folder with one."""
    if tree.size(path) is not None:
        return path.endswith(SUFFIXES)
    if any(_is_file(tree, path, name) for name in SCHEMA_FILES):
        return True
    names = [name for name in tree.files(path) if "/" not in name]
    return any(map(_is_module, names)) and not any(n.endswith(_YAML) for n in names)


def _is_file(tree: Tree, folder: str, name: str) -> bool:
    return tree.size(posixpath.join(folder, name)) is not None


def _is_module(name: str) -> bool:
    return name.endswith(SUFFIXES)


def read_convex(
    tree: Tree, path: str, diagnostics: Diagnostics, root: str, *, evaluate: bool
) -> Loaded | None:
    """The schema of a module, or the schema and the functions of a folder.

    They are read, or run in a sandbox to `evaluate` them.
    """
    if evaluate:
        from codegen.typescript.sandbox.app import evaluate_app as read_app
        from codegen.typescript.sandbox.app import evaluate_schema as read_schema
    else:
        from codegen.typescript.schema import read_app, read_schema

    files = _Files(tree, root)
    if tree.size(path) is not None:
        return read_schema(files, path, diagnostics)
    schemas = [name for name in SCHEMA_FILES if _is_file(tree, path, name)]
    for name in schemas[1:]:
        message = f"{name} is not read: {schemas[0]} is the schema, to Convex, too"
        place = Span(posixpath.join(path, name), 1, 1, 1, 1)
        hint = "remove the one that is out of date"
        diagnostics.add(Diagnostic("W703", message, place, hint))
    if not schemas:
        message = "there is no schema.ts in this folder"
        hint = "it exports `defineSchema({…})` by default"
        place = Span(path, 1, 1, 1, 1)
        diagnostics.add(Diagnostic("E703", message, place, hint))
        return None
    names = [name for name in tree.files(path) if not _is_helper(tree, path, name)]
    return read_app(files, path, names, diagnostics)


def _is_helper(tree: Tree, folder: str, name: str) -> bool:
    """Whether a file is our own, whose functions are none of the app."""
    if name != convex_helper.FILE:
        return False
    return convex_helper.is_helper(tree.read(f"{folder}/{name}") or b"")


class _Files:
    """What the reader of TypeScript sees of a project.

    Installed packages are no inputs of a run: a checkout without them has to give the same.
    """

    def __init__(self, tree: Tree, root: str) -> None:
        self._tree = tree
        self._root = root
        self._packages = DiskTree(root)

    def read(self, path: str) -> bytes | None:
        return self._tree.read(path)

    def read_package(self, path: str) -> bytes | None:
        return self._packages.read(path)

    def folders(self, path: str) -> tuple[str, ...]:
        try:
            with os.scandir(os.path.join(self._root, path)) as entries:
                return tuple(sorted(entry.name for entry in entries if entry.is_dir()))
        except OSError:
            return ()
