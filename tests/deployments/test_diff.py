"""`codegen diff --deployed` says what a push would change, as diff does of databases."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cases.cases import codegen
from tests.deployments.conftest import Command


def test_nothing_to_push(command: Command) -> None:
    assert command("diff", "--deployed") == (0, "", "")


def change(project: Path) -> None:
    """Takes a table, an index and a function further than the deployment is."""
    schema = project / "convex/schema.ts"
    text = schema.read_text().replace(
        "body: v.string(),", "body: v.string(), pinned: v.boolean(),"
    )
    schema.write_text(text.replace('.index("by_name", ["name"])', ""))
    functions = project / "convex/messages.ts"
    functions.write_text(
        functions.read_text().replace("name: v.string() }", "name: v.any() }")
    )


def test_what_a_push_changes(command: Command, project: Path) -> None:
    change(project)
    code, out, err = command("diff", "--deployed")
    assert (code, err) == (1, "")
    assert out == (
        "removed: channels.by_name: index on (name) removed"
        "  (older code may not read it)\n"
        "added: messages.pinned: new field, pinned: bool"
        "  (stored documents may not fit, older code may not read it)\n"
        "added: messages:list result[].pinned: new field, pinned: bool"
        "  (older code may not read it)\n"
        "changed: messages:open args.name: str -> Any\n"
        "added: messages:page result.page[].pinned: new field, pinned: bool"
        "  (older code may not read it)\n"
        "\n"
        "Where stored documents do not fit, change them in three steps:\n"
        "1. widen: push a schema that takes old documents and new ones\n"
        "   messages.pinned?: bool\n"
        "2. backfill: change documents with a mutation, or with this package\n"
        "   messages.pinned: set it where it is absent\n"
        "3. narrow: push this schema\n"
    )


def test_for_programs(command: Command, project: Path) -> None:
    change(project)
    code, out, _ = command("diff", "--deployed", "--format", "json")
    assert code == 1
    lines = [json.loads(line) for line in out.splitlines()]
    assert [one.get("change", one.get("stage")) for one in lines] == [
        *("removed", "added", "added", "changed", "added"),
        "messages.pinned",
    ]


def test_a_schema_that_nobody_pushed(project: Path, command: Command) -> None:
    """All of it is new, also where the project has a native schema."""
    (project / "app.yaml").write_text("tables:\n  things:\n    fields: {name: str}\n")
    code, out, _ = command("diff", "--deployed", "--schema", "app.yaml")
    assert code == 1
    assert "added: things: new table\n" in out
    assert "removed: channels: table removed" in out


def test_a_deployment_without_a_key(project: Path, command: Command) -> None:
    (project / ".env.local").write_text("CONVEX_URL=http://127.0.0.1:1\n")
    code, out, err = command("diff", "--deployed")
    assert (code, out) == (2, "")
    assert "error[E610]: CONVEX_URL comes without a key" in err


def test_a_deployment_that_refuses(project: Path, command: Command) -> None:
    text = (project / ".env.local").read_text()
    (project / ".env.local").write_text(text.replace("carnitas|01", "carnitas|02"))
    code, _, err = command("diff", "--deployed")
    assert code == 2
    assert "error[E612]: " in err and "BadAdminKey" in err
    assert "help: `codegen doctor` looks for what is wrong" in err


def test_options_that_mean_nothing(tmp_path: Path) -> None:
    for argv in (["--url", "http://x"], ["--deployed", "--db", "sqlite:///x"]):
        code, _, err = codegen(["diff", *argv], tmp_path)
        assert code == 2
        assert "error[E502]: " in err
