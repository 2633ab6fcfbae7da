"""Every package that a case expects, and this repository's own, is what it promises to be."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import black
import pytest

from codegen.ir.canonical import loads
from codegen.ir.model import Schema
from codegen.ir.nodes import collect
from codegen.ir.types import Literal, Object, Type, Union
from tests.cases.cases import ACCEPTED, FOLDER
from tests.typing.checkers import ROOT, mypy_errors, pyright_errors

PACKAGES = {f"case_{name}": FOLDER / name / "expected" for name in ACCEPTED}
PACKAGES["generated"] = ROOT / "generated"

# What each part of a schema may cost in lines of Python.
PACKAGE, TABLE, FIELD, NESTED_FIELD, NESTED_OBJECT = 80, 60, 4, 2, 4
INDEX, INDEXED_FIELD, LITERAL, WIRE_NAME = 10, 5, 1, 1
FUNCTION, FUNCTION_MODULE, FUNCTION_FOLDER = 8, 16, 40


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every package under a name of its own."""
    folder = tmp_path_factory.mktemp("packages")
    for name, source in PACKAGES.items():
        shutil.copytree(source, folder / name)
    return folder


@pytest.mark.slow
def test_mypy_strict(packages: Path) -> None:
    assert mypy_errors([packages], root=packages) == {}


@pytest.mark.slow
def test_pyright_strict(packages: Path) -> None:
    assert pyright_errors([packages], root=packages) == {}


def test_ruff(packages: Path) -> None:
    """By the rules that ruff has without configuration, and by this repository's."""
    command = [sys.executable, "-m", "ruff", "check"]
    for rules in (["--isolated"], ["--config", str(ROOT / "pyproject.toml")]):
        result = subprocess.run(
            [*command, *rules, "."], cwd=packages, capture_output=True, text=True
        )
        assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("name", PACKAGES)
def test_black_leaves_every_file_alone(name: str) -> None:
    for path in PACKAGES[name].rglob("*.py"):
        text = path.read_text("utf-8")
        with pytest.raises(black.NothingChanged):
            black.format_file_contents(text, fast=False, mode=black.Mode())


def test_every_module_imports_alone_and_builds(packages: Path) -> None:
    """Each in a process that knows nothing else, so that no order of imports hides a cycle."""
    program = """
import importlib, sys, warnings
warnings.simplefilter("error")
import pydantic
for package_and_module in sys.argv[1:]:
    for known in [m for m in sys.modules if m.startswith(("case_", "generated"))]:
        del sys.modules[known]
    module = importlib.import_module(package_and_module)
    for value in list(vars(module).values()):
        if isinstance(value, type) and issubclass(value, pydantic.BaseModel):
            value.model_rebuild()
    for name in getattr(module, "__all__", ()):
        getattr(module, name)
    if package_and_module.endswith(".server"):
        for table in module.schema.tables.values():
            assert table.document and table.id and table.new and table.patch
"""
    modules = [
        ".".join(path.relative_to(packages).with_suffix("").parts).removesuffix(
            ".__init__"
        )
        for path in sorted(packages.rglob("*.py"))
    ]
    assert len(modules) > 60
    result = subprocess.run(
        [sys.executable, "-c", program, *modules],
        cwd=packages,
        env={"PYTHONPATH": f"{packages}:{ROOT}"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr


def test_importing_the_package_loads_no_table_and_no_pydantic(packages: Path) -> None:
    program = """
import sys, generated
loaded = {name.partition(".")[0] for name in sys.modules}
assert "pydantic" not in loaded and "codegen" not in loaded, loaded
from generated import Workflow
assert "generated.tables.agent_sessions" not in sys.modules
try:
    from generated import Worflow
except ImportError as error:
    assert "Worflow" in str(error)
else:
    raise AssertionError("a misspelt name was imported")
assert "AgentSession" in dir(generated)
"""
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=packages,
        env={"PYTHONPATH": f"{packages}:{ROOT}"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("name", PACKAGES)
def test_line_budget(name: str) -> None:
    package = PACKAGES[name]
    schema = loads((package / "_schema.json").read_text("utf-8"))
    files = list(package.rglob("*.py"))
    lines = sum(len(path.read_text("utf-8").splitlines()) for path in files)
    wires = sum(path.read_text("utf-8").count("_WIRE") for path in files)
    assert lines <= line_budget(schema) + 20 * wires


def line_budget(schema: Schema) -> int:
    """The lines that a package may have; a union of literals is broken one to a line."""
    total = PACKAGE
    nodes = collect(schema)
    documents = 0
    for table in schema.tables.values():
        arms = _arms(table.document)
        documents += len(arms)
        total += TABLE * max(1, len(arms))
        total += FIELD * sum(len(arm.fields) for arm in arms)
        total += sum(
            INDEX + INDEXED_FIELD * len(index.fields) for index in table.indexes
        )
    fields = sum(len(shape.fields) for _, shape in nodes.objects)
    total += NESTED_FIELD * fields + NESTED_OBJECT * (len(nodes.objects) - documents)
    literals = sum(
        sum(isinstance(arm, Literal) for arm in union.arms) + 3
        for _, shape in nodes.objects
        for field in shape.fields
        for union in _unions(field.type)
    )
    named = sum(30 + 4 * _literals(n.type) for n in schema.types.values())
    modules = {path.rpartition(":")[0] for path in schema.functions}
    folders = {"", "internal", *(m.rpartition("/")[0] for m in modules)}
    total += FUNCTION * len(schema.functions) + FUNCTION_MODULE * len(modules)
    total += FUNCTION_FOLDER * len(folders) if modules else 0
    return total + LITERAL * literals + named


def _arms(document: Type) -> list[Object]:
    match document:
        case Object():
            return [document]
        case Union(arms):
            return [inner for arm in arms for inner in _arms(arm)]
        case _:
            return []


def _unions(type_: Type) -> list[Union]:
    return [type_] if isinstance(type_, Union) else []


def _literals(type_: Type) -> int:
    return len(type_.arms) if isinstance(type_, Union) else 0


@pytest.mark.parametrize("name", PACKAGES)
def test_no_ignore_and_no_place_in_a_generated_file(name: str) -> None:
    for path in PACKAGES[name].rglob("*.py"):
        text = path.read_text("utf-8")
        ast.parse(text)
        assert "type: ignore" not in text
        assert "noqa" not in text
        assert str(ROOT) not in text and "schema/" not in text


def test_the_repository_is_its_own_user() -> None:
    manifest = json.loads((ROOT / "generated" / "_manifest.json").read_text())
    there = {
        path.relative_to(ROOT / "generated").as_posix()
        for path in (ROOT / "generated").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert there == {*manifest["files"], "_manifest.json"}
