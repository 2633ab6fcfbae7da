"""Where the Convex app of a project is."""

from __future__ import annotations

import posixpath

from codegen.output.tree import Tree
from codegen.typescript.discovery import SCHEMA_FILES
from codegen.typescript.relaxed_json import relaxed_json


def find_convex_folder(tree: Tree) -> str | None:
    """The folder of functions that convex.json names, else `convex`; None without a schema."""
    named = relaxed_json(tree.read("convex.json")).get("functions")
    folder = posixpath.normpath(named) if isinstance(named, str) and named else "convex"
    if folder.startswith((".", "/")):
        return None  # not a folder inside of the project
    has_schema = any(tree.size(f"{folder}/{one}") is not None for one in SCHEMA_FILES)
    return folder if has_schema else None
