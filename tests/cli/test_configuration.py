"""Where the project is, what its settings say, and how wrong ones are told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cases.cases import codegen, files_below

SCHEMA = "tables:\n  users:\n    fields:\n      name: str\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "schema").mkdir(parents=True)
    (folder / "pyproject.toml").write_text("[tool.codegen]\n")
    (folder / "schema/app.yaml").write_text(SCHEMA)
    return folder


def configure(project: Path, settings: str) -> None:
    (project / "pyproject.toml").write_text(settings)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--schema", "schema", "--output", "schema"],
        ["--schema", ".", "--output", "generated"],
        ["--schema", "schema/app.yaml", "--output", "schema"],
        ["--output", "schema/generated"],
        ["--output", "."],
        ["--output", ".."],
        ["--output", "/"],
        ["--output", "link"],
    ],
)
def test_the_output_has_a_place_of_its_own(project: Path, arguments: list[str]) -> None:
    (project / "link").symlink_to("schema")
    before = files_below(project.parent)
    code, _, said = codegen(["generate", *arguments], project)
    assert code == 2 and "error[E502]: the output folder can't " in said
    assert files_below(project.parent) == before


@pytest.mark.parametrize("output", ["schema", ".", "schema/db"])
def test_a_configured_output_has_a_place_of_its_own(project: Path, output: str) -> None:
    configure(project, f'[tool.codegen]\n# the output\noutput = "{output}"\n')
    code, _, said = codegen(["generate"], project)
    assert code == 2
    assert "pyproject.toml:3:1: error[E502]: the output folder can't " in said


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ('[tool.codegen]\n# the output folder\n  output = "../x"\n', "3:3"),
        ('[tool.black]\noutput = "a"\n[tool.codegen]\noutput = "../x"\n', "4:1"),
        ('[tool]\ncodegen = {schema = "schema", output = "../x"}\n', "2:31"),
        ('tool.codegen.output = "../x"\n', "1:14"),
        ('[tool.codegen]\nmodels = "output"\n', "2:1"),
        ('[tool.codegen]\n[tool.codegen.models]\n"users" = 1\n', "3:1"),
        ('[tool.codegen]\nmodels = {users = "x"}\n', "2:11"),
        ('[tool.codegen]\nmodels.users = "x"\n', "2:8"),
        ("[[tool.codegen]]\n", "1:8"),
        ("[tool]\ncodegen = 1\n", "2:1"),
    ],
)
def test_a_wrong_setting_is_shown_where_it_is(
    project: Path, settings: str, place: str
) -> None:
    configure(project, settings)
    code, _, said = codegen(["generate"], project)
    assert code == 2 and f"pyproject.toml:{place}: error[E" in said, said


def test_a_tool_that_is_no_table_says_nothing_of_codegen(project: Path) -> None:
    configure(project, 'tool = "codegen"\n')
    code, _, said = codegen(["generate"], project)
    assert code == 0, said


@pytest.mark.parametrize("name", ["None", "True", "Document", "Any", "Range", "user"])
def test_models_are_named_as_in_the_schema(project: Path, name: str) -> None:
    configure(project, f'[tool.codegen.models]\nusers = "{name}"\n')
    code, _, said = codegen(["generate"], project)
    assert code == 2 and "pyproject.toml:2:1: error[E107]: a model " in said, said


def test_models_are_those_of_tables(project: Path) -> None:
    configure(project, '[tool.codegen.models]\nuser = "Person"\n')
    for command in ("generate", "check", "describe"):
        code, _, said = codegen([command], project)
        assert code == 2 and "pyproject.toml:2:1: error[E502]: `models` names" in said
        assert "did you mean `users`?" in said


def test_another_pyproject_is_no_root(project: Path) -> None:
    sub = project / "sub"
    sub.mkdir()
    (sub / "pyproject.toml").write_text(
        '# tool.codegen\n[project]\ndependencies = ["datamodel-codegen"]\n'
    )
    assert codegen(["generate"], project)[0] == 0
    code, _, said = codegen(["check"], sub)
    assert code == 0, said


@pytest.mark.parametrize("damage", [b"[tool.codegen\n", b"[tool.codegen]\n# \xe9\n"])
def test_an_unreadable_pyproject_is_told(project: Path, damage: bytes) -> None:
    (project / "pyproject.toml").write_bytes(damage)
    (project / "sub").mkdir()
    code, _, said = codegen(["check"], project / "sub")
    assert code == 2 and "../pyproject.toml:" in said and "error[E501]" in said


def test_the_configuration_nearest_to_the_schema_decides(project: Path) -> None:
    configure(project, '[tool.codegen.models]\nusers = "Person"\n')
    out = project.parent / "out"
    expected: dict[str, bytes] = {}
    for folder, schema, output in (
        (project, "schema/app.yaml", "../out"),
        (project.parent, "project/schema/app.yaml", "out"),
        (Path("/"), f"{project}/schema/app.yaml", str(out)),
    ):
        arguments = ["generate", "--schema", schema, "--output", output]
        code, _, said = codegen(arguments, folder)
        assert code == 0, said
        assert b"class Person(" in files_below(out)["tables/users.py"]
        expected = expected or files_below(out)
        assert files_below(out) == expected


def test_faults_of_a_configuration_outside_of_the_root_are_placed(
    project: Path,
) -> None:
    configure(project, '[tool.codegen.models]\nusers = "None"\n')
    arguments = ["generate", "--output", "../out"]
    _, _, said = codegen(arguments, project)
    assert "pyproject.toml:2:1: error[E107]" in said
    assert '   2 | users = "None"\n     | ^^^^^\n' in said


def test_no_schema_is_told_as_seen_from_here(project: Path) -> None:
    below = project / "a"
    below.mkdir()
    code, _, said = codegen(["check", "--schema", "../../x/none.yaml"], below)
    assert code == 2 and "there is no schema at `../../x/none.yaml`" in said


@pytest.mark.parametrize("target", ["nowhere", "/dev/zero", "."])
def test_what_is_no_file_is_named(project: Path, target: str) -> None:
    os.symlink(target, project / "schema/z.yaml")
    code, _, said = codegen(["generate"], project)
    assert code == 2 and "schema/z.yaml:1:1: error[E001]: this is not a file" in said
    os.remove(project / "schema/app.yaml")
    code, _, said = codegen(["generate"], project)
    assert code == 2 and "schema/z.yaml:1:1: error[E001]: this is not a file" in said


def test_suffixes_in_any_case(project: Path) -> None:
    os.rename(project / "schema/app.yaml", project / "schema/app.YAML")
    code, _, said = codegen(["generate"], project)
    assert code == 0, said


def test_a_stray_json_file_says_what_to_do(project: Path) -> None:
    (project / "schema/package.json").write_text("{}")
    code, _, said = codegen(["generate"], project)
    assert code == 2 and "schema/package.json:1:1: error[E001]" in said
    assert "help: move it out of the folder" in said


def test_a_path_that_was_given_is_not_looked_for_in_settings(tmp_path: Path) -> None:
    code, _, said = codegen(["import", "nosuch"], tmp_path)
    assert code == 2 and "there is no schema at `nosuch`" in said
    assert "is the path right?" in said and "--schema" not in said
