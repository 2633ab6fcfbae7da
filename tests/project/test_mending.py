"""The command that `check` names does mend it."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cases.cases import codegen

SCHEMA = "tables:\n  users:\n    fields:\n      name: str\n"
PETS = "  pets:\n    fields:\n      name: str\n"

Damage = Callable[[Path], object]


def _schema_changed(project: Path) -> None:
    (project / "schema/app.yaml").write_text((SCHEMA + PETS).replace("str", "bytes"))


def _package_removed(project: Path) -> None:
    shutil.rmtree(project / "generated")


def _manifest_removed(project: Path) -> None:
    (project / "generated/_manifest.json").unlink()
    _schema_changed(project)


def _file_removed(project: Path) -> None:
    (project / "generated/ids.py").unlink()


def _file_edited(project: Path) -> None:
    with open(project / "generated/ids.py", "a") as file:
        file.write("# mine\n")


def _table_removed(project: Path) -> None:
    (project / "schema/app.yaml").write_text(SCHEMA.removesuffix(PETS))


def _table_removed_after_an_edit(project: Path) -> None:
    with open(project / "generated/tables/pets.py", "a") as file:
        file.write("# mine\n")
    _table_removed(project)


@pytest.fixture(params=["project", "a project's"])
def project(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    folder = tmp_path / str(request.param)
    (folder / "schema").mkdir(parents=True)
    (folder / "pyproject.toml").write_text("[tool.codegen]\n")
    (folder / "schema/app.yaml").write_text(SCHEMA + PETS)
    assert codegen(["generate"], folder)[0] == 0
    return folder


def _mend(said: str, folder: Path) -> tuple[int, str, str]:
    command = said.rpartition("To mend: ")[2].splitlines()[0]
    program, *words = shlex.split(command)
    assert program == "codegen"
    return codegen(words, folder)


@pytest.mark.parametrize(
    "damage",
    [
        _schema_changed,
        _package_removed,
        _manifest_removed,
        _file_removed,
        _file_edited,
        _table_removed,
        _table_removed_after_an_edit,
    ],
)
def test_in_the_project_and_from_above(project: Path, damage: Damage) -> None:
    above = ["check", "--schema", f"{project.name}/schema"]
    above += ["--output", f"{project.name}/generated"]
    for folder, check in ((project, ["check"]), (project.parent, above)):
        damage(project)
        code, _, said = codegen(check, folder)
        assert code == 1
        code, _, mended = _mend(said, folder)
        assert code == 0, mended
        assert codegen(check, folder)[0] == 0
        (project / "schema/app.yaml").write_text(SCHEMA + PETS)
        assert codegen(["generate"], project)[0] == 0


def test_the_schema_alone_tells_the_project(project: Path) -> None:
    check = ["check", "--schema", f"{project.name}/schema"]
    assert codegen(check, project.parent)[0] == 0
    _schema_changed(project)
    _, out, said = codegen(check, project.parent)
    assert f"stale: {project.name}/generated/tables/users.py is out of date\n" in out
    assert _mend(said, project.parent)[0] == 0
    assert not (project.parent / "generated").exists()


def test_a_configured_project_is_not_left_for_the_schema_of_another(
    project: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(project, other)
    (other / "schema/app.yaml").write_text(SCHEMA.replace("users", "owners"))
    code, _, _ = codegen(["generate", "--schema", "../other/schema"], project)
    assert code == 0
    assert (project / "generated/tables/owners.py").exists()
    assert not (other / "generated/tables/owners.py").exists()


def test_a_file_of_others_is_for_its_owner_to_move(project: Path) -> None:
    (project / "generated/extra.py").write_text("")
    code, out, said = codegen(["check"], project)
    assert code == 1 and "orphan: generated/extra.py is not ours" in out
    assert "Move or delete" in said and "To mend" not in said
    assert codegen(["generate", "--force"], project)[0] == 0
    assert (project / "generated/extra.py").exists()
