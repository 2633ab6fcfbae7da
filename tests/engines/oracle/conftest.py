"""What the tests of this folder share: the oracle, and packages of the schemas here."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from codegen.diagnostics import Diagnostics
from codegen.ir.model import Schema
from codegen.ir.types import JsonValue
from codegen.language.convex_json import load
from codegen.language.source import SourceFile
from tests.cases.cases import codegen
from tests.engines.oracle.process import Oracle
from tests.npm import installed

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Compared:
    """One schema in three forms: its package, what the oracle reads, and what we do."""

    package: ModuleType
    exported: JsonValue
    schema: Schema


@contextmanager
def package(schema: str, name: str, folder: Path) -> Generator[ModuleType]:
    """The package that the generator makes of a schema in this folder."""
    argv = ["generate", "--schema", str(HERE / schema), "--output", name]
    code, _, errors = codegen(argv, folder)
    assert code == 0, errors
    sys.path.insert(0, str(folder))
    try:
        import_module(f"{name}.server")
        yield import_module(name)
    finally:
        sys.path.remove(str(folder))
        for module in [m for m in sys.modules if m.partition(".")[0] == name]:
            del sys.modules[module]


@pytest.fixture(scope="session")
def oracle(pytestconfig: pytest.Config) -> Iterator[Oracle]:
    """One process for all tests of a worker; its packages stay from run to run."""
    cache = pytestconfig.cache
    assert cache is not None
    with Oracle(installed(HERE, cache.mkdir("oracle"))) as process:
        yield process


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compared]:
    """The schema whose documents are compared with the oracle's."""
    folder = tmp_path_factory.mktemp("oracle")
    argv = ["export", "--to", "convex-json", "--schema", str(HERE / "schema.yaml")]
    code, exported, errors = codegen(argv, folder)
    assert code == 0, errors
    loaded = load(SourceFile("exported.json", exported.encode()), Diagnostics())
    assert loaded is not None
    with package("schema.yaml", "compared_with_the_oracle", folder) as made:
        yield Compared(made, json.loads(exported), loaded.schema)
