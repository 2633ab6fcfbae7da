"""The reader tells without running it what npm's `convex` says of a schema after running it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from codegen.diagnostics import Diagnostics
from codegen.interop import convex_json
from codegen.ir.types import JsonValue
from codegen.typescript.schema import read_schema
from tests.typescript.conftest import Export
from tests.typescript.real.packages import PROJECT, app_folders, component_folders
from tests.typescript.sources import Sources


@pytest.mark.slow
@pytest.mark.parametrize("folder", component_folders())
def test_components(installed: Path, exported: Export, folder: str) -> None:
    assert ours(folder, installed) == theirs(exported(installed / folder).schema)


@pytest.mark.slow
@pytest.mark.parametrize("folder", app_folders())
def test_apps(installed: Path, exported: Export, folder: str) -> None:
    assert ours(folder, installed) == theirs(exported(PROJECT / folder).schema)


def ours(folder: str, installed: Path) -> str:
    diagnostics = Diagnostics()
    files = Sources(installed, PROJECT)
    loaded = read_schema(files, f"{folder}/schema.ts", diagnostics)
    assert loaded is not None and not diagnostics.failed, [*diagnostics]
    return lines(convex_json.export(loaded.schema))


def theirs(schema: JsonValue) -> str:
    assert schema is not None
    return lines(schema)


def lines(schema: JsonValue) -> str:
    return json.dumps(ordered(schema), indent=2, sort_keys=True)


def ordered(node: JsonValue) -> JsonValue:
    """With the fields of each object as a list: their order is part of a schema."""
    if isinstance(node, list):
        return [ordered(item) for item in node]
    if not isinstance(node, dict):
        return node
    inner = {name: ordered(value) for name, value in node.items()}
    fields = inner.get("value")
    if node.get("type") == "object" and isinstance(fields, dict):
        inner["value"] = [[name, field] for name, field in fields.items()]
    return inner
