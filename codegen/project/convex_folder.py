"""Where the Convex app of a project is."""

from __future__ import annotations

import posixpath

from codegen.output.tree import Tree
from codegen.typescript.discovery import SCHEMA_FILES
from codegen.typescript.relaxed_json import relaxed_json


def find_convex_folder(tree: Tree) -> str | None:
    """The folder of functions that has a schema; None where none does."""
    folder = functions_folder(tree)
    if folder is None:
        return None
    has_schema = any(tree.size(f"{folder}/{one}") is not None for one in SCHEMA_FILES)
    return folder if has_schema else None


def functions_folder(tree: Tree) -> str | None:
    """The folder that convex.json names, else `convex`; None for one outside of the project."""
    named = relaxed_json(tree.read("convex.json")).get("functions")
    folder = posixpath.normpath(named) if isinstance(named, str) and named else "convex"
    return None if folder.startswith((".", "/")) else folder
