"""The schemas of the cases: the language's JSON Schema takes them, and they come back whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import codegen.language
from codegen.diagnostics import Diagnostics
from codegen.ir.canonical import dumps, loads
from codegen.output.tree import DiskTree
from codegen.project.schema_files import read_schema
from tests.cases.cases import ACCEPTED, FOLDER
from tests.typing.checkers import ROOT

FILES = [
    ROOT / "schema" / "app.yaml",
    ROOT / "codegen/project/starter/app.yaml",
    *(
        path
        for name in ACCEPTED
        for path in sorted((FOLDER / name).glob("schema/**/*.y*ml"))
    ),
]
# These break the language's own rules, which the JSON Schema knows; others break Convex's.
REFUSED = ["bad_types"]


class CoreLoader(yaml.CSafeLoader):
    """YAML 1.2 as editors read it: `yes` and `on` are text."""


CoreLoader.yaml_implicit_resolvers = {
    first: [
        (tag, regexp) for tag, regexp in found if first in "tTfF" or "bool" not in tag
    ]
    for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def language() -> Any:
    folder = Path(codegen.language.__file__ or "").parent
    return json.loads((folder / "native.schema.json").read_text("utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: "/".join(p.parts[-3:]))
def test_the_json_schema_takes_it(path: Path) -> None:
    data = yaml.load(path.read_text("utf-8"), CoreLoader)
    jsonschema.Draft202012Validator(language()).validate(data)


@pytest.mark.parametrize("name", REFUSED)
def test_the_json_schema_refuses_it(name: str) -> None:
    text = (FOLDER / name / "schema/app.yaml").read_text("utf-8")
    data = yaml.load(text, CoreLoader)
    assert not jsonschema.Draft202012Validator(language()).is_valid(data)


@pytest.mark.parametrize("name", ACCEPTED)
def test_the_ir_comes_back_from_its_text(name: str) -> None:
    paths = sorted((FOLDER / name).glob("schema*")) or [FOLDER / name / "convex"]
    diagnostics = Diagnostics()
    loaded = read_schema(DiskTree(FOLDER / name), paths[0].name, diagnostics)
    assert loaded is not None and not diagnostics.failed
    text = dumps(loaded.schema)
    assert loads(text) == loaded.schema
    assert (FOLDER / name / "expected/_schema.json").read_text("utf-8") == text
