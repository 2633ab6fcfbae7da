"""`codegen import` of sources that are no schemas of Convex, as users call it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from codegen.cli.main import run
from codegen.importers.kinds import kind_of

ORDER: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Order",
    "type": "object",
    "properties": {"tags": {"type": "array", "uniqueItems": True}},
    "additionalProperties": False,
}
LOST = "`uniqueItems` is not checked"


@pytest.fixture
def order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "order.json"
    path.write_text(json.dumps(ORDER, indent=2), "utf-8")
    return path


def test_what_is_lost_stands_at_the_head_and_the_result_is_a_schema(
    order: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", "order.json", "-o", "schema/app.yaml"]) == 0
    told = capsys.readouterr().err
    assert "wrote schema/app.yaml" in told
    assert f"order.json:8:7: warning[W801]: {LOST}" in told
    assert "1 warning" in told
    text = Path("schema/app.yaml").read_text("utf-8")
    assert text == (
        "# 1 thing is not as in the source:\n"
        f"# - order.json:8:7: W801: {LOST}\n"
        "\ntables:\n  orders:\n    fields:\n      tags?: list[Any]\n"
    )
    assert run(["generate"]) == 0
    module = Path("generated/tables/orders.py").read_text("utf-8")
    assert "not as in the source" not in module


def test_strict_writes_nothing(order: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "order.json", "--strict", "-o", "a.yaml"]) == 2
    told = capsys.readouterr()
    assert "nothing is written: --strict takes warnings for errors" in told.err
    assert (told.out, Path("a.yaml").exists()) == ("", False)


def test_nothing_is_written_over(
    order: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a.yaml").write_text("mine", "utf-8")
    assert run(["import", "order.json", "-o", "a.yaml"]) == 2
    assert "error[E551]: a.yaml is there already" in capsys.readouterr().err
    assert Path("a.yaml").read_text("utf-8") == "mine"
    assert run(["import", "order.json", "-o", "a.yaml", "--force"]) == 0


def test_an_error_writes_nothing(
    order: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order.write_text(order.read_text("utf-8")[:-20], "utf-8")
    assert run(["import", "order.json", "--from", "json-schema", "-o", "a.yaml"]) == 2
    assert "error[E801]: not JSON" in capsys.readouterr().err
    assert not Path("a.yaml").exists()


def test_losses_for_programs(order: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "order.json", "--format", "json"]) == 0
    line = json.loads(capsys.readouterr().err)
    assert (line["code"], line["span"]["line"], line["span"]["file"]) == (
        "W801",
        8,
        "order.json",
    )


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.json", '{"openapi": "3.1.0"}', "openapi"),
        ("a.json", '{"$schema": ""}', "json-schema"),
        ("a.json", '{"type": "object"}', "json-schema"),
        ("a.json", '{"name": "x"}', "json"),
        ("a.json", '{"type": "order"}', "json"),
        ("a.json", "[]", "json"),
        ("a.json", '{"tables": [], "schemaValidation": true}', None),
        ("a.json", '{"tables', None),
        ("a.yaml", "swagger: '2.0'", "openapi"),
        ("a.yml", "# x\n$defs: {}\n", "json-schema"),
        ("a.yaml", "tables: {}", None),
        ("a.ndjson", "", "jsonl"),
        ("a.gql", "", "graphql"),
        ("a.dat", "SQLite format 3\0", "sqlite"),
        ("schema.ts", "", None),
    ],
)
def test_what_a_file_looks_like(
    tmp_path: Path, name: str, text: str, kind: str | None
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    assert kind_of(str(tmp_path / name)) == kind


def test_samples_that_were_taken_for_a_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.json").write_text('{"type": "object", "name": "x"}', "utf-8")
    assert run(["import", "a.json"]) == 2
    assert "no schema: --from json" in capsys.readouterr().err
    assert run(["import", "a.json", "--from", "json"]) == 0
    Path("a.json").write_text('{"properties": {"a": 1}, "id": 3}', "utf-8")
    assert run(["import", "a.json"]) == 0
    assert "no schema: --from json" in capsys.readouterr().err
    Path("a.json").write_text(json.dumps({"$schema": "", "type": "object"}), "utf-8")
    assert run(["import", "a.json"]) == 2
    assert "--from json" not in capsys.readouterr().err


def test_a_file_of_a_kind_that_its_name_does_not_tell(
    order: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order.rename("order.txt")
    assert run(["import", "order.txt"]) == 2
    assert "--from says what another source is" in capsys.readouterr().err
    assert run(["import", "order.txt", "--from", "json-schema"]) == 0


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.txt", "a.graphql", "a.db"])
@pytest.mark.parametrize("more", [(), ("--from", "json"), ("--from", "sqlite")])
def test_a_pipe_is_not_waited_for(
    order: Path, capsys: pytest.CaptureFixture[str], name: str, more: tuple[str, ...]
) -> None:
    os.mkfifo(name)
    assert run(["import", name, *more]) == 2
    assert f"error[E801]: `{name}` is no regular file" in capsys.readouterr().err


def test_what_no_file_looks_like(tmp_path: Path) -> None:
    assert kind_of(str(tmp_path)) is None
    assert kind_of("app.models:Order") == "python"
    assert kind_of("postgres://me@host/db") == "postgresql"
    assert kind_of("no/such/file.json") is None


def test_a_missing_library_is_named(order: Path) -> None:
    document = ORDER | {"$defs": {"A": {"type": "object"}}}
    order.write_text(json.dumps(document), "utf-8")
    run = "from codegen.cli.main import run; sys.exit(run(['import', 'order.json']))"
    accident = "import sys; sys.modules['datamodel_code_generator'] = None"
    done = subprocess.run(
        [sys.executable, "-c", f"{accident}; {run}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert 'pip install "tablewright[import]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_other_commands_do_not_load_the_library(order: Path) -> None:
    program = (
        "import sys; from codegen.cli.main import run; run(['describe']); "
        "print([n for n in sys.modules if n.startswith(('datamodel', 'codegen.importers'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[-1] == "[]"
