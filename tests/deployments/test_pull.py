"""`codegen pull` brings a project's schema to what a deployment has, and loses nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cases.cases import codegen, files_below
from tests.deployments.conftest import Command
from tests.deployments.mock_deployment import APP

TABLES = """\
types:
  Name: Annotated[str, MinLen(1)]  # what people see

tables:
  messages:
    description: What was said.
    model: Said
    fields:
      likes: int = 0  # so far
      author?: str | None
      body: str
      channel: Id[channels]
    indexes: {by_channel: {fields: [channel], unique: true}}  # our style

  channels: {fields: {name: Name}, indexes: {by_name: [name]}}  # all in one line
"""


@pytest.fixture
def native(project: Path) -> Path:
    """The project, without its app."""
    shutil.rmtree(project / "convex")
    (project / "pyproject.toml").write_text("[tool.codegen]\n")
    return project


def write(project: Path, name: str, text: str) -> Path:
    path = project / "schema" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_a_first_schema(command: Command, native: Path) -> None:
    code, out, err = command("pull", "--generate")
    assert (code, out) == (0, "")
    assert err.startswith("wrote schema/app.yaml\nwrote schema/functions.yaml\n")
    assert (native / "schema/app.yaml").read_text() == (
        "tables:\n"
        "  channels:\n"
        "    fields:\n"
        "      name: str\n"
        "    indexes:\n"
        "      by_name: [name]\n"
        "\n"
        "  messages:\n"
        "    fields:\n"
        "      author?: str | None\n"
        "      body: str\n"
        "      channel: Id[channels]\n"
        "      likes: int\n"
        "    indexes:\n"
        "      by_channel: [channel]\n"
    )
    functions = (native / "schema/functions.yaml").read_text()
    assert "    returns: list[Doc[messages]]\n" in functions
    assert "    visibility: internal\n" in functions
    assert command("check")[0] == 0
    assert command("diff", "--deployed") == (0, "", "")


def test_what_is_the_same_stays_as_it_is(command: Command, native: Path) -> None:
    """Down to comments and layout, with all that a deployment does not know."""
    write(native, "app.yaml", TABLES)
    assert command("pull")[0] == 0
    assert (native / "schema/app.yaml").read_text() == TABLES
    before = files_below(native / "schema")
    assert [*before] == ["app.yaml", "functions.yaml"]
    assert command("pull") == (0, "The schema is as deployed\n", "")
    assert files_below(native / "schema") == before


def test_what_differs_is_shown_and_taken_by_force(
    command: Command, native: Path
) -> None:
    mine = TABLES.replace("body: str\n", "body: int\n      pinned?: bool\n")
    app = write(native, "app.yaml", mine)
    code, out, err = command("pull")
    assert code == 1
    assert "--- a/schema/app.yaml\n+++ b/schema/app.yaml\n" in out
    assert "-      body: int\n" in out and "+      body: str\n" in out
    assert "-      pinned?: bool\n" in out
    assert err == "Nothing is written; to take it: codegen pull --force\n"
    code, out, _ = command("pull", "--format", "json")
    assert code == 1
    assert [json.loads(line)["file"] for line in out.splitlines()] == [
        "schema/functions.yaml",
        "schema/app.yaml",
    ]
    assert app.read_text() == mine
    assert not (native / "schema/functions.yaml").exists()
    code, out, err = command("pull", "--force")
    assert (code, out) == (0, "")
    taken = app.read_text()
    for kept in (
        "  Name: Annotated[str, MinLen(1)]  # what people see\n",
        "    description: What was said.\n    model: Said\n",
        "      likes: int = 0  # so far\n",
        "by_channel: {fields: [channel], unique: true}",
        "      name: Name\n",
    ):
        assert kept in taken
    assert "pinned" not in taken
    assert taken.index("  messages:") < taken.index("  channels:")
    assert command("pull") == (0, "The schema is as deployed\n", "")


def test_several_files(command: Command, native: Path) -> None:
    """Only those change that have to; what is new finds its place, what is gone goes."""
    head, _, channels = TABLES.partition("\n  channels:")
    one = write(native, "messages.yaml", head.replace("likes: int", "likes: float"))
    two = write(native, "channels.yaml", f"# by hand\ntables:\n  channels:{channels}")
    old = write(native, "old.yaml", "tables:\n  old:\n    fields: {a: str}\n")
    before = two.read_text()
    code, _, err = command("pull", "--force")
    assert code == 0
    assert err == (
        "wrote schema/functions.yaml\nwrote schema/messages.yaml\nremoved schema/old.yaml\n"
    )
    assert "likes: int  # so far" in one.read_text()
    assert two.read_text() == before
    assert not old.exists()
    assert command("diff", "--deployed") == (0, "", "")


def test_a_schema_in_one_file(command: Command, native: Path) -> None:
    (native / "pyproject.toml").write_text('[tool.codegen]\nschema = "db.yaml"\n')
    assert command("pull")[2] == "wrote db.yaml\n"
    text = (native / "db.yaml").read_text()
    assert "\ntables:\n" in f"\n{text}" and "\nfunctions:\n" in text
    assert command("pull") == (0, "The schema is as deployed\n", "")


def test_functions_that_say_more(command: Command, native: Path) -> None:
    """What a deployment is silent about is still the project's to say."""
    assert command("pull")[0] == 0
    path = native / "schema/functions.yaml"
    said = path.read_text().replace(
        "  messages:untypedPage:\n    kind: query\n",
        "  messages:untypedPage:\n    kind: query\n    returns: str  # a guess\n",
    )
    assert "a guess" in said
    path.write_text(said)
    assert command("pull") == (0, "The schema is as deployed\n", "")
    path.write_text(said.replace("    kind: mutation\n", "    kind: action\n"))
    assert command("pull", "--force")[0] == 0
    taken = path.read_text()
    assert "  messages:untypedPage:\n    kind: query\n    returns: str\n" in taken
    assert "    kind: mutation\n" in taken


def test_validation_that_is_off(command: Command, native: Path) -> None:
    write(native, "app.yaml", TABLES)
    off = write(native, "off.yaml", "schemaValidation: false\n")
    assert command("pull")[0] == 1
    assert command("pull", "--force")[0] == 0
    assert not off.exists()
    assert (native / "schema/app.yaml").read_text() == TABLES


def test_another_file(command: Command, native: Path) -> None:
    """`--output` takes all in one file, and leaves the project alone."""
    write(native, "app.yaml", TABLES)
    code, printed, _ = command("pull", "-o", "-")
    assert code == 0
    assert command("pull", "--output", "out/all.yaml") == (
        0,
        "",
        "wrote out/all.yaml\n",
    )
    assert (native / "out/all.yaml").read_text() == printed
    assert (native / "schema/app.yaml").read_text() == TABLES
    assert command("pull", "-o", "out/all.yaml")[0] == 0
    (native / "out/all.yaml").write_text("mine\n")
    assert command("pull", "-o", "out/all.yaml")[0] == 1
    assert (native / "out/all.yaml").read_text() == "mine\n"
    assert command("describe", "--schema", "out/all.yaml")[0] == 2
    assert command("pull", "-o", "out/all.yaml", "--force")[0] == 0
    assert command("describe", "--schema", "out/all.yaml")[0] == 0
    assert command("pull", "-o", "-", "--generate")[0] == 2


def test_an_app_that_is_the_schema(command: Command, project: Path) -> None:
    """There the code is the source; what the deployment tells of functions can be taken."""
    before = files_below(project / "convex")
    code, _, err = command("pull")
    assert code == 2
    assert "error[E502]: `convex`, an app of Convex, is the schema" in err
    settings = (
        '[tool.codegen]\nschema = "convex"\noutput = "chat"\nfunctions = "f.json"\n'
    )
    (project / "pyproject.toml").write_text(settings)
    (project / "f.json").write_text('{"functions": []}')
    assert command("pull")[0] == 1
    assert command("pull", "--force")[0] == 0
    told = json.loads((project / "f.json").read_text())
    assert "messages.js:list" in [one["identifier"] for one in told["functions"]]
    assert command("pull") == (0, "The schema is as deployed\n", "")
    assert files_below(project / "convex") == before


def test_functions_in_a_file_of_convex(command: Command, native: Path) -> None:
    """Beside a native schema, too: it is made where it is missing, and has all functions then."""
    settings = '[tool.codegen]\nfunctions = "told/spec.json"\n'
    (native / "pyproject.toml").write_text(settings)
    own = "functions:\n  values:whoami:\n    kind: query\n    returns: str  # who\n"
    write(native, "app.yaml", TABLES + own)
    code, _, err = command("pull", "--force")
    assert (code, err) == (0, "wrote schema/app.yaml\nwrote told/spec.json\n")
    assert "    returns: str | None\n" in (native / "schema/app.yaml").read_text()
    assert "messages:list" not in (native / "schema/app.yaml").read_text()
    assert command("pull") == (0, "The schema is as deployed\n", "")
    code, out, _ = command("describe")
    assert code == 0
    assert "query messages:list" in out and "query values:whoami" in out
    shutil.rmtree(native / "schema")
    assert command("pull")[2] == "wrote schema/app.yaml\n"
    assert command("describe")[0] == 0


def test_a_schema_in_convex_json(command: Command, native: Path) -> None:
    (native / "pyproject.toml").write_text('[tool.codegen]\nschema = "db.json"\n')
    assert command("pull")[2] == "wrote db.json\n"
    assert command("pull") == (0, "The schema is as deployed\n", "")
    shutil.copytree(APP / "convex", native / "convex")
    code, out, _ = codegen(
        ["export", "--to", "convex-json", "--schema", "convex"], native
    )
    assert code == 0
    (native / "db.json").write_text(out)
    assert command("pull") == (0, "The schema is as deployed\n", "")


def test_a_schema_that_has_faults(command: Command, native: Path) -> None:
    write(native, "app.yaml", TABLES.replace("body: str", "body: text"))
    code, _, err = command("pull")
    assert code == 2
    assert "error[E106]" in err


def test_a_deployment_that_is_not_there(native: Path) -> None:
    code, _, err = codegen(
        [
            "pull",
            "--url",
            "http://127.0.0.1:9",
            "--admin-key",
            "a|01",
            "--timeout-ms",
            "200",
        ],
        native,
    )
    assert code == 2
    assert "error[E612]" in err
    assert not (native / "schema").exists()
