"""Reads the schema in a folder with little memory, and prints each diagnostic's code and place."""

from __future__ import annotations

import resource
import sys

from codegen.diagnostics import Diagnostics
from codegen.output.tree import DiskTree
from codegen.project.convex_app import read_convex
from tests.typescript.semantic_cases import SCHEMA

_MEMORY = 1 << 30

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    root = sys.argv[1]
    diagnostics = Diagnostics()
    read_convex(DiskTree(root), SCHEMA, diagnostics, root, evaluate=False)
    for found in diagnostics:
        place = found.span
        assert place is not None
        print(found.code, f"{place.file}:{place.line}:{place.column}")
