"""Packages that a test generates from a schema of its own."""

from __future__ import annotations

import sys
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType

from tests.cases.cases import codegen


def package(folder: Path, schema_yaml: str, name: str) -> ModuleType:
    """Generates a package in a folder and imports it, with its module `server`.

    A package that an earlier test imported by this name is forgotten.
    """
    schema = folder / f"{name}.yaml"
    schema.write_text(schema_yaml, encoding="utf-8")
    argv = ["generate", "--schema", schema.name, "--output", name]
    code, _, errors = codegen(argv, folder)
    assert code == 0, errors
    for module in [m for m in sys.modules if m.partition(".")[0] == name]:
        del sys.modules[module]
    return imported(folder, name)


def imported(folder: Path, name: str) -> ModuleType:
    """A package that was generated in a folder, as in another process."""
    invalidate_caches()
    # What the package imports later is found beside its own file.
    sys.path.insert(0, str(folder))
    try:
        made = import_module(name)
        import_module(f"{name}.server")
    finally:
        sys.path.remove(str(folder))
    return made
