"""The packages of real schemas: they import, keep documents intact, and type-check."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import pytest

from codegen.diagnostics import Diagnostics
from codegen.language.convex_json import load
from codegen.language.source import SourceFile
from tests.cases.cases import codegen
from tests.interop.documents import Sampler
from tests.ir.strategies import same_json
from tests.typing.checkers import mypy_errors, pyright_errors


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corpus")


def package_name(exported: Path) -> str:
    return "app_" + "".join(c if c.isalnum() else "_" for c in exported.stem)


def generated(exported: Path, folder: Path) -> str:
    """The name of the package of a schema, generated on first use."""
    name = package_name(exported)
    if not (folder / name).exists():
        argv = ["generate", "--schema", str(exported), "--output", name]
        code, _, errors = codegen(argv, folder)
        assert code == 0, errors
    return name


def test_documents_stay_as_they_are(
    exported: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = generated(exported, folder)
    monkeypatch.syspath_prepend(str(folder))
    found = load(SourceFile(exported.name, exported.read_bytes()), Diagnostics())
    assert found is not None
    sampler = Sampler(found.schema, Random(5))
    tables: Any = import_module(f"{name}.server").schema.tables
    assert tables.keys() == found.schema.tables.keys()
    for table in found.schema.tables.values():
        models = tables[table.name]
        for _ in range(6):
            own = sampler.draw_document(table.document)
            document = {"_id": "j57", "_creationTime": 1.5, **own}
            text = json.dumps(document)
            read = models.arms.from_wire_json(text)
            assert same_json(json.loads(read.to_wire_json()), document)
            assert same_json(read.to_wire(), document)
            again = type(read).from_wire(read.to_wire())
            assert again.to_wire_json() == read.to_wire_json()
    for module in [m for m in sys.modules if m.partition(".")[0] == name]:
        del sys.modules[module]


@pytest.mark.slow
def test_type_checkers_find_nothing(
    folder: Path, request: pytest.FixtureRequest
) -> None:
    whole = request.config.getoption("--corpus", default=None)
    sample = Path(__file__).parent / "schemas"
    exports = sorted(Path(whole or sample).glob("*.json"))
    for exported in exports:
        generated(exported, folder)
    assert mypy_errors([folder], root=folder) == {}
    assert pyright_errors([folder], root=folder) == {}
