"""The reader tells without running it what npm's `convex` says of a schema after running it."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.diagnostics import Diagnostics
from codegen.interop import convex_json
from codegen.ir.types import JsonValue
from codegen.typescript.schema import read_app, read_schema
from tests.typescript.compared import lines
from tests.typescript.conftest import Export
from tests.typescript.real.packages import PROJECT, app_folders, component_folders
from tests.typescript.sources import Sources

FOLDERS = [*component_folders(), *app_folders()]


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS)
def test_schemas(installed: Path, exported: Export, folder: str) -> None:
    assert ours(folder, installed) == theirs(exported(place(folder, installed)).schema)


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS)
def test_functions(installed: Path, exported: Export, folder: str) -> None:
    diagnostics = Diagnostics()
    files = Sources(installed, PROJECT)
    loaded = read_app(files, folder, files.files(folder), diagnostics)
    assert loaded is not None and not loaded.unread and not [*diagnostics]
    said = exported(place(folder, installed))
    assert said.functions
    # What needs packages that are not installed here can still be read.
    functions = {
        path: function
        for path, function in loaded.schema.functions.items()
        if path.partition(":")[0] not in said.failed
    }
    assert set(functions) == {function.path for function in said.functions}
    for function in said.functions:
        found = functions[function.path]
        validators = [
            None if type_ is None else convex_json.validator(type_, loaded.schema)
            for type_ in (found.args, found.returns)
        ]
        assert (found.kind, found.visibility) == (function.type, function.visibility)
        assert list(map(lines, validators)) == [
            lines(function.args),
            lines(function.returns),
        ]


def place(folder: str, installed: Path) -> Path:
    """Apps are beside these tests, packages where npm installed them."""
    return (PROJECT if folder in app_folders() else installed) / folder


def ours(folder: str, installed: Path) -> str:
    diagnostics = Diagnostics()
    files = Sources(installed, PROJECT)
    loaded = read_schema(files, f"{folder}/schema.ts", diagnostics)
    assert loaded is not None and not diagnostics.failed, [*diagnostics]
    return lines(convex_json.export(loaded.schema))


def theirs(schema: JsonValue) -> str:
    assert schema is not None
    return lines(schema)
