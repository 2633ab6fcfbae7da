"""`codegen init` in folders that hold something already."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cases.cases import codegen, files_below

SCHEMA = "tables:\n  users:\n    fields:\n      name: str\n"


def test_in_an_empty_folder(tmp_path: Path) -> None:
    code, _, said = codegen(["init"], tmp_path)
    assert code == 0, said
    assert "Next: edit schema/app.yaml, run `codegen generate`" in said
    assert codegen(["check"], tmp_path)[0] == 0
    before = files_below(tmp_path)
    code, _, said = codegen(["init"], tmp_path)
    assert code == 0 and "kept    schema/\n" in said and "wrote" not in said
    assert files_below(tmp_path) == before


@pytest.mark.parametrize(
    "pyproject",
    [
        '[tool]\ncodegen = {output = "gen"}\n',
        'tool.codegen.output = "gen"\n',
        '[tool . "codegen"]\noutput = "gen"\n',
    ],
)
def test_a_section_is_found_however_it_is_written(
    tmp_path: Path, pyproject: str
) -> None:
    (tmp_path / "pyproject.toml").write_text(pyproject)
    code, _, said = codegen(["init"], tmp_path)
    assert code == 0, said
    assert (tmp_path / "pyproject.toml").read_text() == pyproject
    assert (tmp_path / "gen/_manifest.json").exists()
    assert (tmp_path / ".gitattributes").read_text().startswith("gen/** ")
    assert said.endswith("commit it with gen/.\n")


def test_a_word_is_no_section(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text('# [tool.codegen]\n[project]\nname = "x"')
    code, _, said = codegen(["init"], tmp_path)
    assert code == 0, said
    assert "added   [tool.codegen] to pyproject.toml" in said
    assert "codegen" in tomllib.loads(path.read_text())["tool"]


def test_the_schema_may_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.codegen]\nschema = "db/all.yml"\n')
    code, _, said = codegen(["init"], tmp_path)
    assert code == 0, said
    assert "wrote   db/all.yml\n" in said and "edit db/all.yml, " in said
    assert not (tmp_path / "schema").exists()
    code, _, said = codegen(["init"], tmp_path)
    assert code == 0 and "kept    db/all.yml\n" in said


def _a_folder(path: Path) -> None:
    path.mkdir()


def _not_utf_8(path: Path) -> None:
    path.write_bytes(b"# \xe9\n[tool.codegen]\n")


def _not_toml(path: Path) -> None:
    path.write_text("[project\n")


def _tool_is_a_text(path: Path) -> None:
    path.write_text('tool = "codegen"\n')


def _wrong_setting(path: Path) -> None:
    path.write_text("[tool.codegen]\noutput = 1\n")


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (_a_folder, "error[E550]: pyproject.toml cannot be read"),
        (_not_utf_8, "error[E501]"),
        (_not_toml, "error[E501]"),
        (_tool_is_a_text, "error[E501]"),
        (_wrong_setting, "error[E502]"),
    ],
)
def test_a_pyproject_in_the_way_is_told_before_anything_is_written(
    tmp_path: Path, damage: Callable[[Path], None], fault: str
) -> None:
    damage(tmp_path / "pyproject.toml")
    before = files_below(tmp_path)
    code, _, said = codegen(["init"], tmp_path)
    assert code == 2 and fault in said and "Traceback" not in said
    assert files_below(tmp_path) == before


def test_a_file_where_a_folder_is_needed(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("")
    (tmp_path / "p").mkdir()
    (tmp_path / "p/db").write_text("")
    settings = '[tool.codegen]\nschema = "db/app.yaml"\n'
    (tmp_path / "p/pyproject.toml").write_text(settings)
    before = files_below(tmp_path)
    for folder, named in (("f", "f"), ("f/below", "f/below"), ("p", "db")):
        code, _, said = codegen(["init", folder], tmp_path)
        assert code == 2 and f"error[E550]: {named} " in said, said
        assert "Traceback" not in said
    assert files_below(tmp_path) == before


APP = """\
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({ tasks: defineTable({ title: v.string() }) });
"""


@pytest.mark.parametrize(
    ("folder", "settings"),
    [
        ("convex", None),
        ("convex", "{"),
        ("src/backend", '{"functions": "./src/backend/", "node": {}}'),
    ],
)
def test_beside_an_app(tmp_path: Path, folder: str, settings: str | None) -> None:
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder / "schema.ts").write_text(APP)
    if settings is not None:
        (tmp_path / "convex.json").write_text(settings)
    code, _, said = codegen(["generate"], tmp_path)
    assert code == 2 and f'write `schema = "{folder}"`' in said
    code, _, said = codegen(["init"], tmp_path)
    assert code == 0, said
    assert f"found   {folder}/, an app of Convex: it is the schema\n" in said
    assert not (tmp_path / "schema").exists()
    assert "class Task(" in (tmp_path / "generated/tables/tasks.py").read_text()
    assert codegen(["check"], tmp_path)[0] == 0
    code, _, said = codegen(["init"], tmp_path)
    assert code == 0 and f"kept    {folder}/\n" in said and "wrote" not in said


def test_a_schema_that_is_there_is_the_schema(tmp_path: Path) -> None:
    for name in ("convex", "schema"):
        (tmp_path / name).mkdir()
    (tmp_path / "convex/schema.ts").write_text(APP)
    (tmp_path / "schema/app.yaml").write_text(SCHEMA)
    code, _, said = codegen(["init"], tmp_path)
    assert code == 0 and "kept    schema/\n" in said, said
    assert (tmp_path / "generated/tables/users.py").exists()


def test_an_app_outside_of_the_project_is_none(tmp_path: Path) -> None:
    (tmp_path / "schema.ts").write_text(APP)
    (tmp_path / "in").mkdir()
    (tmp_path / "in/convex.json").write_text('{"functions": "../"}')
    code, _, said = codegen(["init"], tmp_path / "in")
    assert code == 0 and "wrote   schema/app.yaml\n" in said
