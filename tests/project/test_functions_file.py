"""A native file over the functions of an app."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cases.cases import codegen

SCHEMA = """\
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { status } from "./validators";

export default defineSchema({
  tasks: defineTable({ title: v.string(), status }),
  notes: defineTable({ text: v.string() }),
});
"""
VALIDATORS = """\
import { v } from "convex/values";

export const status = v.union(v.literal("open"), v.literal("done"));
"""
TASKS = """\
import { mutation, query } from "./_generated/server";
import { custom } from "./custom";
import { status } from "./validators";

/** The tasks of one status. */
export const list = query({ args: { status }, handler: async () => [] });
export const send = mutation({ args: makeArgs(), handler: async () => null });
export const odd = custom({ args: {}, handler: async () => null });
"""
SAID = """\
types:
  Count: {total: int, status: Status}
functions:
  tasks:list: {returns: 'list[Doc[tasks]]'}
  tasks:send: {args: {title: str}, returns: Count}
  tasks:odd: {kind: query, args: {}, returns: 'Id[notes]'}  # Nobody knows why.
"""
SETTINGS = '[tool.codegen]\nschema = "convex"\nfunctions = "functions.yaml"\n'


@pytest.fixture
def app(tmp_path: Path) -> Path:
    files = {
        "pyproject.toml": SETTINGS,
        "convex/schema.ts": SCHEMA,
        "convex/validators.ts": VALIDATORS,
        "convex/tasks.ts": TASKS,
        "functions.yaml": SAID,
    }
    for name, text in files.items():
        write(tmp_path, name, text)
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")


def done(app: Path, *words: str) -> str:
    code, output, errors = codegen([*words], app)
    assert (code, errors.count("error")) == (0, 0), errors
    return output


def refused(app: Path, *words: str) -> str:
    code, _, errors = codegen([*words], app)
    assert code == 2
    return errors


def test_what_it_says_comes_first_and_the_rest_stays(app: Path) -> None:
    code, output, errors = codegen(["describe"], app)
    assert (code, errors) == (0, "")
    listed = (
        "query tasks:list  # The tasks of one status.\n"
        "  api.tasks.list\n    status: Status\n  -> list[Doc[tasks]]\n"
    )
    assert listed in output
    assert (
        "mutation tasks:send\n  api.tasks.send\n    title: str\n  -> Count\n" in output
    )
    odd = "query tasks:odd  # Nobody knows why.\n  api.tasks.odd\n  -> Id[notes]\n"
    assert odd in output
    assert "unknown result" not in output


def test_strict_is_content_with_it(app: Path) -> None:
    done(app, "generate", "--strict")
    done(app, "check", "--strict")
    write(app, "functions.yaml", SAID.replace("args: {title: str}, ", ""))
    errors = refused(app, "check", "--strict")
    assert "convex/tasks.ts:7:38: error[E244]: the arguments of `tasks:send`" in errors


def test_without_it_all_is_told_as_before(app: Path) -> None:
    write(app, "pyproject.toml", '[tool.codegen]\nschema = "convex"\n')
    code, output, errors = codegen(["describe"], app)
    assert code == 0 and "2 of them with an unknown result" in output
    assert "warning[W702]: the arguments of `tasks:send`" in errors
    assert "warning[W702]: the function `tasks:odd`" in errors


def test_any_wins_over_what_was_read(app: Path) -> None:
    write(app, "functions.yaml", "functions:\n  tasks:list: {args: Any}\n")
    assert "  api.tasks.list\n    Any\n" in done(app, "describe", "tasks:list")


def test_other_commands_see_it(app: Path) -> None:
    spec = json.loads(done(app, "export", "--to", "function-spec"))
    (told,) = (f for f in spec["functions"] if f["identifier"] == "tasks.js:odd")
    assert told["returns"] == {"type": "id", "tableName": "notes"}
    native = done(app, "import", "convex")
    assert "returns: list[Doc[tasks]]" in native and "  Count:" in native


def test_a_change_of_it_is_drift(app: Path) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=app, check=True, capture_output=True)

    done(app, "generate")
    git("init")
    git("add", ".")
    assert codegen(["check", "--staged"], app)[0] == 0
    write(app, "functions.yaml", SAID.replace("Id[notes]", "Id[tasks]"))
    assert codegen(["check", "--staged"], app)[0] == 0
    assert codegen(["check"], app)[0] == 1
    code, output, _ = codegen(["diff"], app)
    assert code == 1
    assert "changed: tasks:odd" in output and "Id[notes] -> Id[tasks]" in output
    git("add", ".")
    assert codegen(["check", "--staged"], app)[0] == 1


def test_a_new_file_of_its_folder_is_drift(app: Path) -> None:
    write(app, "pyproject.toml", SETTINGS.replace("functions.yaml", "said"))
    write(app, "said/a.yaml", SAID)
    done(app, "generate")
    done(app, "check")
    write(app, "said/b.yaml", "types:\n  Other: {a: str}\n")
    assert codegen(["check"], app)[0] == 1
    assert "type Other" in done(app, "describe")


@pytest.mark.parametrize(
    ("old", "new", "place", "message", "hint"),
    [
        ("tasks:list", "tasks:lst", "4:3", "E119]: the app has no function `tasks:lst`",
         "did you mean `tasks:list`?"),
        ("tasks:odd", "tasks:od", "6:3", "E119]: the app has no function `tasks:od`",
         "did you mean `tasks:odd`?"),
        ("kind: query, ", "", "6:3", "E102]: function `tasks:odd` has no kind",
         "`kind: query`"),
        ("{returns", "{kind: mutation, returns", "4:22",
         "E421]: the kind of function `tasks:list` is query, not mutation",
         "leave `kind` out"),
        ("{returns", "{visibility: internal, returns", "4:28",
         "E421]: the visibility of function `tasks:list` is public, not internal",
         "convex/tasks.ts:6:14: it is declared here"),
        ("Doc[tasks]", "Doc[task]", "4:35", 'E243]: the schema has no table "task"',
         "did you mean `tasks`?"),
        ("Id[notes]", "Id[note]", "6:51", 'E210]: table "note" does not exist',
         "did you mean `notes`?"),
        ("status: Status", "status: Statu", "2:31", "E106]: unknown type `Statu`",
         "did you mean `Status`?"),
        ("  Count:", "  Status:", "2:3", "E117]: type `Status` is declared twice",
         "convex/validators.ts:3:14: first declared here"),
        ("returns: Count", "result: Count", "5:36",
         "E110]: function `tasks:send` has no key `result`", "it may have"),
        ("types:", "tables: {}\ntypes:", "1:1", "E110]: `tables` stands in the schema",
         "leave it out here"),
        ("types:", "type:", "1:1", "E110]: a file of functions has no key `type`",
         "did you mean `types`?"),
        ("  tasks:odd", "  tasks:list", "6:3", "E009]", ""),
    ],
)  # fmt: skip
def test_faults_have_their_places(
    app: Path, old: str, new: str, place: str, message: str, hint: str
) -> None:
    write(app, "functions.yaml", SAID.replace(old, new))
    errors = refused(app, "generate")
    assert f"functions.yaml:{place}: error[{message}" in errors and hint in errors
    assert not (app / "generated").exists()


def test_all_faults_are_told_at_once(app: Path) -> None:
    said = SAID.replace("Id[notes]", "Id[note]").replace("tasks:list", "tasks:lst")
    write(app, "functions.yaml", said)
    errors = refused(app, "check")
    assert "E210" in errors and "E119" in errors


def test_two_files_that_say_the_same(app: Path) -> None:
    write(app, "pyproject.toml", SETTINGS.replace("functions.yaml", "said"))
    for name in ("a", "b"):
        write(app, f"said/{name}.yaml", "functions:\n  tasks:list: {args: Any}\n")
    errors = refused(app, "generate")
    assert "said/b.yaml:2:3: error[E117]: function `tasks:list` is declared" in errors


def test_beside_the_tables_alone_it_declares_all(app: Path) -> None:
    settings = SETTINGS.replace('"convex"', '"convex/schema.ts"')
    write(app, "pyproject.toml", settings)
    write(app, "functions.yaml", "functions:\n  tasks:list: {kind: query}\n")
    assert "query tasks:list\n" in done(app, "describe")
    write(app, "functions.yaml", "functions:\n  tasks:list: {args: {}}\n")
    assert "functions.yaml:2:3: error[E102]" in refused(app, "generate")


def test_the_deployment_tells_what_neither_says(app: Path) -> None:
    write(app, "pyproject.toml", SETTINGS.replace("functions.yaml", "said"))
    write(app, "said/a.yaml", "functions:\n  tasks:list: {args: {}}\n")
    spec = {
        "functions": [
            {"functionType": "Query", "identifier": f"tasks.js:{name}",
             "visibility": {"kind": "public"}, "args": None,
             "returns": {"type": "string"}}
            for name in ("list", "odd")
        ]
    }  # fmt: skip
    write(app, "said/spec.json", json.dumps(spec))
    code, output, errors = codegen(["describe"], app)
    assert code == 0
    assert (
        "query tasks:list  # The tasks of one status.\n  api.tasks.list\n  -> str"
        in output
    )
    assert "query tasks:odd\n" in output and "`tasks:odd`" not in errors
    write(app, "said/spec2.json", json.dumps(spec))
    assert "said/spec2.json:1:1: error[E001]: a second file" in refused(app, "check")


def test_a_native_schema_needs_none(app: Path) -> None:
    write(app, "schema/app.yaml", "tables:\n  tasks: {fields: {title: str}}\n")
    write(app, "pyproject.toml", '[tool.codegen]\nfunctions = "functions.yaml"\n')
    errors = refused(app, "generate")
    assert (
        "functions.yaml:1:1: error[E502]: a native schema has its functions" in errors
    )


def test_a_schema_of_functions_only_is_told_of_the_setting(app: Path) -> None:
    errors = refused(app, "generate", "--schema", "functions.yaml")
    assert "this schema has no tables" in errors or "E106" in errors
    write(app, "functions.yaml", "functions:\n  tasks:list: {kind: query}\n")
    errors = refused(app, "generate", "--schema", "functions.yaml")
    assert "error[E115]" in errors and "name this file as `functions`" in errors


@pytest.mark.parametrize("name", ["functions.yaml", "said", "functions.json"])
def test_a_path_where_nothing_is(app: Path, name: str) -> None:
    (app / "functions.yaml").unlink()
    write(app, "pyproject.toml", SETTINGS.replace("functions.yaml", name))
    errors = refused(app, "generate")
    assert f"error[E001]: there is no file of functions at `{name}`" in errors
    assert ("npx convex" in errors) is name.endswith("json")


def test_the_output_lies_elsewhere(app: Path) -> None:
    write(app, "pyproject.toml", SETTINGS.replace("functions.yaml", "."))
    assert "inside the folder of functions" in refused(app, "generate")


def test_one_fault_of_many_functions_is_told_once(app: Path) -> None:
    names = ["b", "c", "d", "e", "f"]
    calls = "".join(
        f"export const {name} = query({{ args: {{ a: shared }} }});\n" for name in names
    )
    text = 'import { query } from "./_generated/server";\nconst shared = v.strin();\n'
    write(app, "convex/tasks.ts", text + calls)
    write(app, "pyproject.toml", '[tool.codegen]\nschema = "convex"\n')
    code, _, errors = codegen(["describe"], app)
    assert code == 0 and errors.count("W702") == 1
    assert (
        "the arguments of `tasks:b`, the arguments of `tasks:c`, "
        "the arguments of `tasks:d` and 2 more: `v` is not declared" in errors
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- tasks:list\n", "1:1: error[E111]: a file of functions is a mapping"),
        ("functions: [a]\n", "1:12: error[E111]: `functions` must be a mapping"),
        ("functions:\n  tasks:list: Any\n", "2:15: error[E111]: `tasks:list` must be"),
        ("functions: {a: 1\n", "error[E004]"),
        ("", "error[E012]"),
    ],
)
def test_what_is_no_file_of_functions(app: Path, text: str, message: str) -> None:
    write(app, "functions.yaml", text)
    assert message in refused(app, "generate")
