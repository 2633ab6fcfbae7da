"""The functions of real applications, their words replaced: a typed call for every one."""

from __future__ import annotations

import json
import shutil
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import pytest

from codegen.ir.canonical import loads
from codegen.ir.fitting import fits
from codegen.ir.types import NEVER, Object
from codegen.runtime import Call
from tests.cases.cases import codegen
from tests.interop.documents import Sampler
from tests.ir.strategies import same_json
from tests.typing.checkers import mypy_errors, pyright_errors

SAMPLE = sorted(path for path in (Path(__file__).parent / "functions").iterdir())
SETTINGS = '[tool.codegen]\nschema = "schema.json"\nfunctions = "function_spec.json"\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("functions")


def project(app: Path, folder: Path) -> Path:
    """The project of an application, its package generated on first use."""
    made = folder / f"app_{app.name}"
    if not made.exists():
        shutil.copytree(app, made)
        settings = f'{SETTINGS}output = "calls_{app.name}"\n'
        (made / "pyproject.toml").write_text(settings)
        code, _, errors = codegen(["generate"], made)
        assert code == 0, errors
    return made


@pytest.mark.parametrize("app", SAMPLE, ids=lambda app: app.name)
def test_every_function_takes_and_gives_what_it_declares(
    app: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = project(app, folder)
    name = f"calls_{app.name}"
    monkeypatch.syspath_prepend(str(made))
    schema = loads((made / name / "_schema.json").read_text("utf-8"))
    sampler = Sampler(schema, Random(7))
    classes = {call.__function__: call for call in calls(made, name)}
    assert classes.keys() == schema.functions.keys()
    for path, function in schema.functions.items():
        call = classes[path]
        assert call.__kind__ == function.kind
        for _ in range(3):
            if isinstance(function.args, Object):
                sent = sampler.draw(function.args)
                assert same_json(call.from_wire(sent).to_wire(), sent)
            if function.returns not in (None, NEVER):
                result = sampler.draw(function.returns)
                assert fits(result, function.returns, schema)
                call.result_from_wire(result)


def calls(made: Path, package: str) -> list[type[Call[Any]]]:
    """The classes of all functions of a package."""
    found: list[type[Call[Any]]] = []
    for folder in ("api", "internal"):
        for path in sorted((made / package / folder).rglob("*.py")):
            parts = path.relative_to(made).with_suffix("").parts
            module = import_module(".".join(parts).removesuffix(".__init__"))
            own = [v for v in vars(module).values() if isinstance(v, type)]
            found += [
                cls
                for cls in own
                if issubclass(cls, Call) and cls.__module__ == module.__name__
            ]
    return found


@pytest.mark.parametrize("app", SAMPLE, ids=lambda app: app.name)
def test_the_functions_come_back_whole(app: Path, folder: Path) -> None:
    code, out, errors = codegen(
        ["export", "--to", "function-spec"], project(app, folder)
    )
    assert code == 0, errors
    told = json.loads((app / "function_spec.json").read_text("utf-8"))["functions"]
    named = [function for function in told if "identifier" in function]
    for function in named:
        function["args"] = function["args"] or {"type": "any"}
    found = json.loads(out)["functions"]
    assert found == sorted(
        named, key=lambda one: one["identifier"].replace(".js:", ":")
    )


def test_results_that_are_documents_are_found(folder: Path) -> None:
    found = {
        app.name: (project(app, folder) / f"calls_{app.name}/_schema.json")
        .read_text("utf-8")
        .count('{"doc": ')
        for app in SAMPLE
    }
    assert found == {"01": 10, "02": 20, "03": 5, "04": 0}


@pytest.mark.slow
def test_type_checkers_find_nothing(folder: Path) -> None:
    packages = [project(app, folder) / f"calls_{app.name}" for app in SAMPLE]
    together = folder / "together"
    for package in packages:
        shutil.copytree(package, together / package.name)
    assert mypy_errors([together], root=together) == {}
    assert pyright_errors([together], root=together) == {}
