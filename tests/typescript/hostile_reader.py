"""Reads the schema in a folder with little memory, and prints each diagnostic's code and place."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from codegen.diagnostics import Diagnostics
from codegen.typescript.schema import read_schema
from tests.typescript.semantic_cases import SCHEMA
from tests.typescript.sources import Sources

_MEMORY = 1 << 30

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    diagnostics = Diagnostics()
    read_schema(Sources(Path(sys.argv[1])), SCHEMA, diagnostics)
    for found in diagnostics:
        place = found.span
        assert place is not None
        print(found.code, f"{place.file}:{place.line}:{place.column}")
