"""The commands as a user runs them: what they print, what they write, how they end."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.cases.cases import codegen, files_below

SCHEMA = """\
tables:
  users:
    fields:
      name: str
      email?: str
    indexes:
      by_name: [name]
  posts:
    fields: {title: str, author: "Id[users]"}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose package is what its schema says."""
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "app.yaml").write_text(SCHEMA)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.codegen]\nschema = "schema"\noutput = "src/db"\n'
    )
    code, _, errors = codegen(["generate"], tmp_path)
    assert code == 0, errors
    return tmp_path


def edit(project: Path, old: str, new: str) -> None:
    path = project / "schema" / "app.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_generate_writes_only_what_changes(project: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in (project / "src").rglob("*.py")}
    edit(project, "email?: str", "email?: str | None")
    code, out, errors = codegen(["generate"], project)
    assert (code, out) == (0, "")
    assert errors == "src/db: 2 written, 0 removed, 6 unchanged\n"
    changed = {p.name for p, time in before.items() if p.stat().st_mtime_ns != time}
    assert changed == {"users.py"}


def test_generate_removes_what_is_no_longer_said(project: Path) -> None:
    edit(project, '  posts:\n    fields: {title: str, author: "Id[users]"}\n', "")
    code, _, errors = codegen(["generate"], project)
    assert code == 0
    assert "removed src/db/tables/posts.py" in errors
    assert not (project / "src/db/tables/posts.py").exists()
    assert codegen(["check"], project)[0] == 0


def test_check_is_clean(project: Path) -> None:
    assert codegen(["check"], project) == (
        0,
        "The generated package is what the schema says.\n",
        "",
    )


def test_check_stale(project: Path) -> None:
    edit(project, "name: str", "name: str | None")
    before = files_below(project)
    code, out, errors = codegen(["check"], project)
    assert code == 1
    assert "stale: src/db/tables/users.py is out of date\n" in out
    assert "-    name: str\n+    name: str | None\n" in out
    assert errors.endswith("To mend: codegen generate\n")
    assert files_below(project) == before


def test_check_missing(project: Path) -> None:
    (project / "src/db/ids.py").unlink()
    code, out, _ = codegen(["check"], project)
    assert code == 1
    assert "missing: src/db/ids.py is missing\n" in out
    assert "+class UserId" in out


def test_check_edited_and_force(project: Path) -> None:
    path = project / "src/db/ids.py"
    path.write_text(path.read_text() + "\nMINE = 1\n")
    code, out, errors = codegen(["check"], project)
    assert code == 1
    assert "edited: src/db/ids.py was edited by hand\n" in out and "-MINE = 1" in out
    assert "codegen generate --force" in errors
    code, _, errors = codegen(["generate"], project)
    assert code == 2
    assert "error[E551]: src/db/ids.py was edited by hand" in errors
    assert "MINE" in path.read_text()
    assert codegen(["generate", "--force"], project)[0] == 0
    assert "MINE" not in path.read_text()


def test_check_orphans(project: Path) -> None:
    (project / "src/db/extra.py").write_text("X = 1\n")
    code, out, errors = codegen(["check"], project)
    assert code == 1
    assert "orphan: src/db/extra.py is not ours" in out
    assert "Move or delete what codegen did not write: src/db/extra.py" in errors
    assert codegen(["generate", "--force"], project)[0] == 0
    assert (project / "src/db/extra.py").exists()


def test_check_from_a_subfolder_names_paths_from_there(project: Path) -> None:
    edit(project, "name: str", "name: strr")
    code, _, errors = codegen(["check"], project / "src")
    assert code == 2
    assert errors.startswith("../schema/app.yaml:4:13: error[E106]: unknown type")


def test_check_accepts_a_crlf_checkout(project: Path) -> None:
    for path in (project / "src").rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert codegen(["check"], project)[0] == 0


def test_formats(project: Path) -> None:
    edit(project, "name: str", "name: strr")
    code, out, errors = codegen(["check", "--format", "json"], project)
    (line,) = out.splitlines()
    found = json.loads(line)
    assert (code, errors, found["code"]) == (2, "", "E106")
    assert found["span"] == {
        "file": "schema/app.yaml",
        "line": 4,
        "column": 13,
        "endLine": 4,
        "endColumn": 17,
    }
    code, out, _ = codegen(["check", "--format", "github"], project)
    assert code == 2
    assert out.startswith("::error title=E106,file=schema/app.yaml,line=4,col=13,")
    edit(project, "name: strr", "name: float")
    code, out, _ = codegen(["check", "--format", "json"], project)
    assert code == 1
    drifts = [json.loads(line) for line in out.splitlines()]
    assert {(d["drift"], d["file"]) for d in drifts} >= {
        ("stale", "src/db/tables/users.py")
    }


def test_diff(project: Path) -> None:
    assert codegen(["diff"], project) == (0, "", "")
    edit(project, "name: str", "name: str | None")
    code, out, _ = codegen(["diff"], project)
    assert code == 1
    assert out.startswith("changed: users.name: str -> str | None")
    assert "--- a/src/db/_schema.json" in out and "+    name: str | None" in out


def test_describe(project: Path) -> None:
    code, out, _ = codegen(["describe", "users"], project)
    assert code == 0
    assert (
        "table users" in out and "email?: str" in out and "users.by_name(name)" in out
    )
    assert "posts" not in out
    code, _, errors = codegen(["describe", "user"], project)
    assert code == 2 and "did you mean `users`?" in errors


def test_export_and_back(project: Path) -> None:
    code, out, _ = codegen(["export", "--to", "convex-json"], project)
    assert code == 0
    assert out == json.dumps(json.loads(out), indent=2, sort_keys=True) + "\n"
    (project / "export.json").write_text(out)
    code, again, _ = codegen(
        ["export", "--to", "convex-json", "--schema", "export.json"], project
    )
    assert (code, again) == (0, out)


def test_the_same_from_anywhere(project: Path, tmp_path_factory: object) -> None:
    arguments = ["generate", "--schema", str(project / "schema")]
    assert codegen([*arguments, "--output", str(project / "a")], project)[0] == 0
    assert codegen([*arguments, "--output", str(project / "b")], Path("/"))[0] == 0
    a, b = files_below(project / "a"), files_below(project / "b")
    assert a == b


def test_a_second_run_of_the_same_writes_nothing(project: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in project.rglob("*") if p.is_file()}
    assert codegen(["generate"], project)[0] == 0
    assert before == {p: p.stat().st_mtime_ns for p in before}


def test_configuration_faults(project: Path) -> None:
    text = '[tool.codegen]\nschemas = "schema"\noutput = "../elsewhere"\n'
    (project / "pyproject.toml").write_text(text)
    code, _, errors = codegen(["generate"], project)
    assert code == 2
    assert "pyproject.toml:2:1: error[E502]: `schemas` is not a setting" in errors
    assert "help: did you mean `schema`?" in errors
    assert "pyproject.toml:3:1: error[E502]: `output` must lie inside" in errors


def test_models(project: Path) -> None:
    path = project / "pyproject.toml"
    path.write_text(path.read_text() + '[tool.codegen.models]\nusers = "Person"\n')
    assert codegen(["generate"], project)[0] == 0
    assert "class Person(" in (project / "src/db/tables/users.py").read_text()


def test_init(tmp_path: Path) -> None:
    code, _, errors = codegen(["init"], tmp_path)
    assert code == 0, errors
    assert (tmp_path / "generated/tables/tasks.py").exists()
    assert codegen(["check"], tmp_path)[0] == 0
    mine = files_below(tmp_path)
    assert codegen(["init"], tmp_path)[0] == 0
    assert files_below(tmp_path) == mine


def test_init_keeps_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "mine"')
    (tmp_path / ".gitattributes").write_text("mine\n")
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema/mine.yaml").write_text(SCHEMA)
    assert codegen(["init"], tmp_path)[0] == 0
    text = (tmp_path / "pyproject.toml").read_text()
    assert text.startswith('[project]\nname = "mine"\n\n[tool.codegen]\n')
    assert (tmp_path / ".gitattributes").read_text() == "mine\n"
    assert os.listdir(tmp_path / "schema") == ["mine.yaml"]
    assert (tmp_path / "generated/tables/users.py").exists()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("app.yaml", b"", "E012"),
        ("app.yaml", b"\x7fELF\x00\x01\x02", "E0"),
        ("app.yaml", b"\xff\xfet\x00a\x00", "E0"),
        ("app.yaml", b"tables: " + b"[" * 30_000, "E0"),
        ("app.yaml", b"a: &a [x]\nb: *a\n", "E006"),
        ("app.yaml", b"x" * (8 * 1024 * 1024 + 1), "E002"),
        ("app.yaml", b"tables:\n  users\n    fields\n", "E111"),
        ("app.json", b"[" * 30_000, "E4"),
        ("app.json", b'{"tables": [}', "E401"),
        ("app.json", b"x" * (64 * 1024 * 1024 + 1), "E002"),
    ],
)
def test_bad_files(project: Path, name: str, data: bytes, words: str) -> None:
    """A clear error, no traceback, and nothing is changed on disk."""
    shutil.rmtree(project / "schema")
    (project / "schema").mkdir()
    (project / "schema" / name).write_bytes(data)
    before = files_below(project / "src")
    for command in ("generate", "check", "diff", "describe"):
        code, _, errors = codegen([command], project)
        assert code == 2
        assert f"error[{words}" in errors
        assert "Traceback" not in errors and "E900" not in errors
        assert len(errors) < 2000
    assert files_below(project / "src") == before


def test_a_directory_where_a_file_should_be(project: Path) -> None:
    path = project / "src/db/ids.py"
    path.unlink()
    path.mkdir()
    code, _, errors = codegen(["generate"], project)
    assert code == 2 and "error[E55" in errors and "ids.py" in errors


def test_the_package_survives_a_broken_schema(project: Path) -> None:
    before = files_below(project / "src")
    edit(project, "fields:", "feilds:")
    code, _, errors = codegen(["generate"], project)
    assert code == 2 and "did you mean `fields`?" in errors
    assert files_below(project / "src") == before
