"""What `export-data`, `import-data` and `copy` read, write and say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cases.cases import codegen
from tests.engines.packages import imported, package
from tests.transfer.contents import check_sound, contents, done

SCHEMA = """
tables:
  people: {fields: {name: str, score?: float}}
  pets: {fields: {name: str}}
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A file with two people and a pet, in the folder of its project."""
    (tmp_path / "schema.yaml").write_text(SCHEMA)
    (tmp_path / "pyproject.toml").write_text('[tool.codegen]\nschema = "schema.yaml"\n')
    made = package(tmp_path, SCHEMA, "moved")
    url = f"sqlite:///{tmp_path}/app.db"
    with made.server.connect(url) as db:
        db.insert_many(made.PersonNew(name=name) for name in ("Ada", "Bob"))
        db.insert(made.PetNew(name="Rex"))
    return url


def names(url: str, table: str = "people") -> list[str]:
    return [
        json.loads(text)["name"] for text in contents(url)[table]["by_creation_time"]
    ]


def test_counts_for_programs(url: str, tmp_path: Path) -> None:
    argv = ["export-data", "--db", url, "data", "--format", "json"]
    counts = [
        {"table": "people", "documents": 2},
        {"table": "pets", "documents": 1},
    ]
    assert list(map(json.loads, done(argv, tmp_path).splitlines())) == counts
    argv = ["copy", url, "sqlite:///new.db", "--format", "json"]
    assert list(map(json.loads, done(argv, tmp_path).splitlines())) == counts
    assert contents(f"sqlite:///{tmp_path}/new.db") == contents(url)


def test_through_a_pipe(url: str, tmp_path: Path) -> None:
    program = [sys.executable, "-m", "codegen"]
    export = [*program, "export-data", "--db", url, "-", "--table", "people"]
    into = [*program, "import-data", "--db", "sqlite:///new.db", "-"]
    with subprocess.Popen(export, cwd=tmp_path, stdout=subprocess.PIPE) as exporting:
        ran = subprocess.run(
            [*into, "--table", "people"],
            cwd=tmp_path,
            stdin=exporting.stdout,
            capture_output=True,
            text=True,
            check=False,
        )
    assert (ran.returncode, ran.stdout) == (0, "people: 2 documents\n")
    new = f"sqlite:///{tmp_path}/new.db"
    assert contents(new)["people"] == contents(url)["people"]
    check_sound(new)


def test_some_tables(url: str, tmp_path: Path) -> None:
    for path in ("some.zip", "some"):
        done(["export-data", "--db", url, path, "--table", "pets"], tmp_path)
        new = f"sqlite:///{tmp_path}/{path}.db"
        out = done(["import-data", "--db", new, path], tmp_path)
        assert out == "pets: 1 document\n"
    done(["export-data", "--db", url, "all.zip"], tmp_path)
    argv = ["import-data", "--db", "sqlite:///new.db", "all.zip", "--table", "people"]
    assert done(argv, tmp_path) == "people: 2 documents\n"
    assert names(f"sqlite:///{tmp_path}/new.db", "pets") == []
    code, _, errors = codegen([*argv[:-1], "cats", "--mode", "append"], tmp_path)
    assert code == 2
    assert "there is no table `cats` in what is to be read" in errors


def test_a_table_with_a_typo(url: str, tmp_path: Path) -> None:
    argv = ["export-data", "--db", url, "out", "--table", "pet"]
    code, _, errors = codegen(argv, tmp_path)
    assert code == 2
    assert "there is no table `pet`" in errors and "did you mean `pets`?" in errors


@pytest.mark.parametrize(
    ("mode", "people", "pets"),
    [
        ("append", ["Ada", "Bob", "Cy"], ["Rex"]),
        ("replace", ["Cy"], ["Rex"]),
        ("replace-all", ["Cy"], []),
    ],
)
def test_modes(
    url: str, tmp_path: Path, mode: str, people: list[str], pets: list[str]
) -> None:
    (tmp_path / "people.json").write_text('[{"name": "Cy", "score": 3}]')
    argv = ["import-data", "--db", url, "people.json", "--mode", mode]
    assert done(argv, tmp_path) == "people: 1 document\n"
    assert names(url) == people
    assert names(url, "pets") == pets
    check_sound(url)


def test_a_file_for_a_table_of_another_name(url: str, tmp_path: Path) -> None:
    (tmp_path / "cats.ndjson").write_text('{"name": "Tom"}\n')
    argv = ["import-data", "--db", url, "cats.ndjson", "--table", "pets"]
    done([*argv, "--mode", "append"], tmp_path)
    assert names(url, "pets") == ["Rex", "Tom"]


def test_a_new_database_gets_the_schema_of_the_project(
    url: str, tmp_path: Path
) -> None:
    """It may have changed since the documents were exported; they have to fit."""
    done(["export-data", "--db", url, "data"], tmp_path)
    (tmp_path / "schema.yaml").write_text(SCHEMA.replace("name: str", "name: float"))
    argv = ["import-data", "--db", "sqlite:///new.db", "data"]
    code, out, _ = codegen(argv, tmp_path)
    assert code == 1
    assert out.startswith('data/people.jsonl:1: at .name: "Ada" is not float\n')
    (tmp_path / "schema.yaml").write_text("tables: [")
    code, _, errors = codegen(argv, tmp_path)
    assert code == 2
    assert "the schema to make it with can't be read" in errors
    (tmp_path / "pyproject.toml").unlink()
    done(argv, tmp_path)
    assert contents(f"sqlite:///{tmp_path}/new.db") == contents(url)


def test_what_schemas_have_no_more_is_named(url: str, tmp_path: Path) -> None:
    package(
        tmp_path, "tables:\n  people: {fields: {name: str, score?: float}}\n", "later"
    )
    imported(tmp_path, "later").server.connect(url).close()
    code, out, errors = codegen(["export-data", "--db", url, "data.zip"], tmp_path)
    assert (code, out) == (0, "people: 2 documents\n")
    assert "table `pets` is left out" in errors
