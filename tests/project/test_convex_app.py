"""A `convex` folder as the schema of a project."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cases.cases import codegen

SCHEMA = """\
import { defineSchema, defineTable } from "convex/server";
import { title } from "../shared/fields";
import { status } from "./validators";

export default defineSchema({ tasks: defineTable({ title, status }) });
"""
VALIDATORS = """\
import { v } from "convex/values";

export const status = v.union(v.literal("open"), v.literal("done"));
"""
FIELDS = """\
import { v } from "convex/values";

export const title = v.string();
"""
FUNCTIONS = """\
import { query } from "./_generated/server";
import { status } from "./validators";

export const list = query({ args: { status }, handler: async () => [] });
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    files = {
        "pyproject.toml": '[tool.codegen]\nschema = "convex"\n',
        "convex/schema.ts": SCHEMA,
        "convex/validators.ts": VALIDATORS,
        "convex/tasks.ts": FUNCTIONS,
        "shared/fields.ts": FIELDS,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    code, _, errors = codegen(["generate"], tmp_path)
    assert (code, errors) == (0, "generated: 10 written, 0 removed, 0 unchanged\n")
    return tmp_path


def check(app: Path, *flags: str) -> int:
    return codegen(["check", *flags], app)[0]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("convex/schema.ts", "{ title, status }", "{ title }"),
        ("convex/validators.ts", '"done"', '"gone"'),
        ("shared/fields.ts", "v.string()", "v.number()"),
        ("convex/tasks.ts", "list", "listAll"),
    ],
)
def test_a_change_of_any_file_is_drift(
    app: Path, file: str, old: str, new: str
) -> None:
    assert check(app) == 0
    path = app / file
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert check(app) == 1
    assert codegen(["generate"], app)[0] == 0
    assert check(app) == 0


def test_a_new_module_is_drift(app: Path) -> None:
    (app / "convex" / "more.ts").write_text(FUNCTIONS, "utf-8")
    assert check(app) == 1


def test_what_convex_leaves_out_is_no_drift(app: Path) -> None:
    (app / "convex" / "tasks.test.ts").write_text(FUNCTIONS, "utf-8")
    (app / "convex" / "_generated").mkdir()
    (app / "convex" / "_generated" / "api.ts").write_text(FUNCTIONS, "utf-8")
    assert check(app) == 0


def test_a_change_of_a_handler_is_no_drift(app: Path) -> None:
    path = app / "convex" / "tasks.ts"
    path.write_text(path.read_text("utf-8").replace("[]", "[1, 2]"), "utf-8")
    assert check(app) == 0


def test_what_is_staged_counts(app: Path) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=app, check=True, capture_output=True)

    git("init")
    git("add", ".")
    assert check(app, "--staged") == 0
    path = app / "convex" / "validators.ts"
    path.write_text(path.read_text("utf-8").replace('"done"', '"gone"'), "utf-8")
    assert check(app, "--staged") == 0
    git("add", ".")
    assert check(app, "--staged") == 1


def test_packages_are_no_inputs(app: Path) -> None:
    package = app / "node_modules" / "fields"
    package.mkdir(parents=True)
    (package / "package.json").write_text('{"main": "index.js"}', "utf-8")
    (package / "index.js").write_text(FIELDS, "utf-8")
    path = app / "convex" / "schema.ts"
    text = path.read_text("utf-8").replace("../shared/fields", "fields")
    path.write_text(text, "utf-8")
    assert codegen(["generate"], app)[0] == 0
    manifest = json.loads((app / "generated" / "_manifest.json").read_text("utf-8"))
    assert "node_modules" not in json.dumps(manifest["inputs"])


def test_the_schema_alone(app: Path) -> None:
    (app / "pyproject.toml").write_text(
        '[tool.codegen]\nschema = "convex/schema.ts"\n', "utf-8"
    )
    assert codegen(["generate"], app)[0] == 0
    assert not (app / "generated" / "api").exists()
    assert check(app) == 0


def test_paths_on_the_command_line(app: Path) -> None:
    worker = app / "worker"
    worker.mkdir()
    words = ["--schema", "../convex", "--output", "models"]
    assert codegen(["generate", *words], worker)[0] == 0
    assert (worker / "models" / "api" / "tasks.py").exists()
    assert codegen(["check", *words], worker)[0] == 0


def test_the_difference_in_the_words_of_the_schema(app: Path) -> None:
    path = app / "convex" / "validators.ts"
    path.write_text(path.read_text("utf-8").replace('"done"', '"gone"'), "utf-8")
    code, output, _ = codegen(["diff"], app)
    assert code == 1
    assert '"done"' in output and '"gone"' in output


def test_an_error_of_syntax_in_a_module_changes_nothing(app: Path) -> None:
    path = app / "convex" / "tasks.ts"
    path.write_text(FUNCTIONS + "\nexport const x = {\n", "utf-8")
    code, _, errors = codegen(["generate"], app)
    assert code == 2
    assert "convex/tasks.ts:6:" in errors and "error[E701]" in errors
    assert (app / "generated" / "api" / "tasks.py").exists()


def test_strict_refuses_what_can_t_be_read(app: Path) -> None:
    path = app / "convex" / "tasks.ts"
    text = FUNCTIONS.replace("args: { status }", "args: makeArgs()")
    path.write_text(text, "utf-8")
    assert codegen(["generate"], app)[0] == 0
    code, _, errors = codegen(["generate", "--strict"], app)
    assert code == 2
    assert "error[E244]: the arguments of `tasks:list`" in errors


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "there is no schema.ts in this folder"),
        ("", "this module does not export a schema"),
    ],
)
def test_a_folder_without_a_schema(app: Path, text: str | None, message: str) -> None:
    schema = app / "convex" / "schema.ts"
    schema.unlink()
    if text is not None:
        schema.write_text(text, "utf-8")
    code, _, errors = codegen(["generate"], app)
    assert code == 2
    assert f"error[E703]: {message}" in errors


def test_typos(app: Path) -> None:
    schema = app / "convex" / "schema.ts"
    for old, new, message, hint in (
        ("title, status }", "title, statuss }", "`statuss` is not declared", "status"),
        (
            "import { status",
            "import { statu as status",
            "does not export `statu`",
            "status",
        ),
        (
            "convex/server",
            "convex/servr",
            '"convex/servr" is not found',
            "convex/server",
        ),
        ("status })", 'status }).idnex("a", [])', "a table has no `idnex`", "index"),
    ):
        schema.write_text(SCHEMA.replace(old, new), "utf-8")
        code, _, errors = codegen(["describe"], app)
        assert code == 2
        assert message in errors and f"did you mean `{hint}`?" in errors


def test_a_second_schema_is_not_read(app: Path) -> None:
    code, before, _ = codegen(["describe"], app)
    (app / "convex" / "schema.js").write_text("export default 1;", "utf-8")
    code, output, errors = codegen(["describe"], app)
    assert code == 0 and output == before
    assert "convex/schema.js:1:1: warning[W703]: schema.js is not read" in errors


def test_a_typo_in_the_name_of_a_table(app: Path) -> None:
    (app / "convex" / "more.ts").write_text(
        'import { query } from "./_generated/server";\n'
        'import schema from "./schema";\n'
        'export const a = query({ args: {}, returns: schema.doc("task") });\n'
        "export const b = query({ args: { id: schema.id(7) } });\n",
        "utf-8",
    )
    code, _, errors = codegen(["describe"], app)
    assert code == 0
    message = 'more.ts:3:55: warning[W702]: the result of `more:a`: table "task" does'
    assert message in errors and "did you mean `tasks`?" in errors
    assert "the arguments of `more:b`: this is not the name of a table" in errors


def test_comments_that_declare_in_vain(app: Path) -> None:
    schema = app / "convex" / "schema.ts"
    text = SCHEMA.replace("{ title, status }", "{ title, status, a: f() /* more */ }")
    needed = text.replace("a: f()", "\n// codegen: int\na: f()")
    schema.write_text(needed, "utf-8")
    code, _, errors = codegen(["describe"], app)
    assert (code, errors) == (0, "")
    in_vain = "\n// codegen: str\ntitle,\n// codegen: int\na: f()"
    text = text.replace("title, status, a: f()", f"status, {in_vain}")
    text += "// codegen: run it after each change\n"
    schema.write_text(text, "utf-8")
    code, _, errors = codegen(["describe"], app)
    assert code == 0 and errors.count("warning") == 2
    assert "convex/schema.ts:6:1: warning[W704]: this comment changes nothing" in errors


def test_comments_beside_what_packages_say_may_be_needed_elsewhere(app: Path) -> None:
    package = app / "node_modules" / "fields"
    package.mkdir(parents=True)
    (package / "index.js").write_text(FIELDS, "utf-8")
    path = app / "convex" / "schema.ts"
    text = SCHEMA.replace("../shared/fields", "fields")
    text = text.replace("{ title, status }", "{\n// codegen: str\ntitle, status }")
    path.write_text(text, "utf-8")
    assert codegen(["describe"], app)[2] == ""
    (package / "index.js").unlink()
    assert codegen(["describe"], app)[2] == ""
