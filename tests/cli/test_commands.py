"""The commands as a user runs them: what they print, what they write, how they end."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from codegen.cli.console import Console
from codegen.cli.entry import CLEAN
from codegen.cli.report import Lines, as_text
from codegen.diagnostics import Diagnostic, Span
from codegen.output.fastcheck import clean
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
    assert "orphan: src/db/extra.py is not ours" in out and "-X = 1" not in out
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


def test_many_faults_are_cut_off_and_read_each_file_once(project: Path) -> None:
    lines = "".join(f"      f{i}: strr\n" for i in range(4000))
    path = project / "schema/app.yaml"
    path.write_text(f"tables:\n  t:\n    fields:\n{lines}")
    start = time.perf_counter()
    code, _, errors = codegen(["check"], project)
    assert code == 2 and time.perf_counter() - start < 10
    assert errors.count("error[E") == 200
    assert f"… and {int(errors.split()[-2]) - 200:,} more\n" in errors


def test_a_file_that_is_refused_is_not_read_for_its_excerpt() -> None:
    span = Span("big.yaml", 1, 1, 1, 1)
    reads: list[str] = []

    def read(path: str) -> bytes:
        reads.append(path)
        return b"x: 1\n"

    lines = Lines(read)
    assert as_text(Diagnostic("E002", "too large", span), lines).count("\n") == 0
    assert reads == []
    for _ in range(3):
        assert "x: 1" in as_text(Diagnostic("E106", "wrong", span), lines)
    assert reads == ["big.yaml"]


def test_excerpts_count_lines_as_spans_do() -> None:
    lines = Lines(lambda path: "a\u2028b\x0cc\r\nd\re\nf".encode())
    for number, text in enumerate(("a�b�c", "d", "e", "f"), 1):
        span = Span("a.json", number, 1, number, 2)
        assert f"{number} | {text}\n" in as_text(Diagnostic("E1", "no", span), lines)


def test_lines_for_github_are_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console("github")
    console.drift("orphan", "a,b:c\n%.py", "is\nnot ours")
    console.change("added", "a: 100%\n::error::x")
    assert capsys.readouterr().out == (
        "::error file=a%2Cb%3Ac%0A%25.py,title=orphan::a,b:c%0A%25.py is%0Anot ours\n"
        "::notice title=schema::added: a: 100%25%0A::error::x\n"
    )


def test_diff_without_a_whole_record(project: Path) -> None:
    record = project / "src/db/_schema.json"
    edit(project, "name: str", "name: Name")
    edit(project, "tables:", "types: {Name: str}\ntables:")
    assert codegen(["generate"], project)[0] == 0
    good = record.read_text()
    edit(project, "Name: str", "Name: float")
    for damaged in (
        good.replace('"types": [', '"types": [], "x": ['),
        good.replace(
            '"named": "Name"',
            '"constrained": "string", "constraints": [{"kind": "x", "value": 1}]',
        ),
        good.replace('"named": "Name"', '"named": "Other"'),
        good[:100],
    ):
        assert damaged != good
        record.write_text(damaged)
        code, out, errors = codegen(["diff"], project)
        assert (code, errors) == (1, "")
        assert out.startswith("--- a/src/db/_schema.json")


def test_diff_leaves_out_what_generate_leaves_alone(project: Path) -> None:
    for number in range(8):
        (project / f"src/db/mine{number}.py").write_text("X = 1\n")
    names = ", ".join(f"src/db/mine{number}.py" for number in range(5))
    said = f"Not codegen's, and left alone: {names} and 3 more\n"
    assert codegen(["diff"], project) == (0, "", said)
    assert codegen(["diff", "--format", "json"], project) == (0, "", "")
    assert codegen(["generate"], project)[2].endswith(said)
    code, out, errors = codegen(["check"], project)
    assert code == 1 and "X = 1" not in out
    assert out.endswith("… and 3 more that are not ours\n\n")
    assert errors.endswith(f"did not write: {names} and 3 more\n")


def test_diff_names_what_has_no_text_to_compare(project: Path) -> None:
    (project / "src/db/_manifest.json").unlink()
    said = "missing: src/db/_manifest.json is missing\n"
    assert codegen(["diff"], project) == (1, said, "")


@pytest.mark.parametrize("thing", ["link", "folder"])
def test_what_is_in_the_way_is_not_missing(project: Path, thing: str) -> None:
    path = project / "src/db/ids.py"
    path.unlink()
    if thing == "link":
        path.symlink_to("nowhere")
    else:
        path.mkdir()
    found = "symbolic link" if thing == "link" else "folder"
    said = f"blocked: src/db/ids.py cannot be written: a {found} is in its way\n"
    code, out, errors = codegen(["check"], project)
    assert (code, out) == (1, f"{said}\n")
    assert errors == (
        "Remove what is in the way: src/db/ids.py\nTo mend: codegen generate\n"
    )
    assert codegen(["diff"], project) == (1, said, "")
    assert codegen(["generate", "--force"], project)[0] == 2
    path.unlink() if thing == "link" else path.rmdir()
    assert codegen(["generate"], project)[0] == 0


def test_defaults_and_staged_indexes_as_they_are_written(project: Path) -> None:
    edit(project, "email?: str", 'age: int = 5\n      tags: list[str] = ["a"]')
    edit(project, "by_name: [name]", "by_name: {fields: [name], staged: true}")
    code, out, errors = codegen(["describe"], project)
    assert code == 0, errors
    assert "age: int = 5\n" in out and 'tags: list[str] = ["a"]\n' in out
    assert "  index by_name on name  # staged\n" in out
    assert codegen(["generate"], project)[0] == 0
    edit(project, "int = 5", "int = 6")
    assert "users.age: default 5 -> 6" in codegen(["diff"], project)[1]


def test_a_clean_check_is_the_same_on_both_ways(project: Path) -> None:
    export = codegen(["export", "--to", "convex-json"], project)[1]
    path = project / "schema.json"
    foreign = export.replace(
        '"tableName": "users",\n', '"tableName": "elsewhere",\n', 1
    )
    assert foreign != export and '"tableName": "users"' in foreign
    path.write_text(foreign)
    text = '[tool.codegen]\nschema = "schema.json"\noutput = "src/db"\n'
    (project / "pyproject.toml").write_text(text)
    assert "warning[W210]" in codegen(["generate"], project)[2]
    assert clean(["check"], str(project))
    assert codegen(["check"], project) == (0, f"{CLEAN}\n", "")


def test_another_generator_is_named_only_where_it_may_be_the_reason(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codegen.project.pipeline.generator_digest", lambda: "other")
    ids = project / "src/db/ids.py"
    text = ids.read_text()
    ids.unlink()
    assert "The generator itself" not in codegen(["check"], project)[2]
    ids.write_text(text)
    edit(project, "name: str", "name: float")
    assert "The generator itself" in codegen(["check"], project)[2]


def test_export_reports_two_classes_of_one_name(project: Path) -> None:
    edit(project, "tables:", "types: {Task: {a: str}}\ntables:")
    edit(project, "  users:\n", "  users:\n    model: Task\n")
    for command in (["describe"], ["export", "--to", "json-schema"]):
        code, out, errors = codegen(command, project)
        assert (code, out) == (2, "") and "error[E230]" in errors
