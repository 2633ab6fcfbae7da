"""A project with the functions of a deployment, from the file to the package and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cases.cases import codegen, files_below

SCHEMA = "tables:\n  messages:\n    fields: {body: str}\n"
SETTINGS = '[tool.codegen]\nfunctions = "convex/functions.json"\n'
DOCUMENT = {
    "type": "object",
    "value": {
        "_id": {
            "fieldType": {"type": "id", "tableName": "messages"},
            "optional": False,
        },
        "_creationTime": {"fieldType": {"type": "number"}, "optional": False},
        "body": {"fieldType": {"type": "string"}, "optional": False},
    },
}


def function(name: str, **rest: Any) -> dict[str, Any]:
    return {
        "identifier": f"messages.js:{name}",
        "functionType": "Query",
        "visibility": {"kind": "public"},
        "args": {"type": "object", "value": {}},
        "returns": None,
        **rest,
    }


def tell(project: Path, *functions: dict[str, Any]) -> None:
    path = project / "convex/functions.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"url": "https://x", "functions": functions}))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema/app.yaml").write_text(SCHEMA)
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    tell(tmp_path, function("list", returns={"type": "array", "value": DOCUMENT}))
    return tmp_path


def done(argv: list[str], folder: Path) -> str:
    code, out, err = codegen(argv, folder)
    assert code == 0, out + err
    return out


def test_the_package_follows_the_file(project: Path) -> None:
    done(["generate"], project)
    text = (project / "generated/api/messages.py").read_text()
    assert 'class list(Call[builtins.list[Message]], query="messages:list"):' in text
    assert "is what the schema says" in done(["check"], project)
    tell(project, function("list"), function("send", functionType="Mutation"))
    code, out, _ = codegen(["check"], project)
    assert code == 1
    assert "stale: generated/api/messages.py" in out
    code, out, _ = codegen(["diff"], project)
    assert "added: messages:send: new mutation" in out
    assert (
        "changed: messages:list result: list[Doc[messages]] -> Any  (older code" in out
    )
    done(["generate"], project)
    assert (
        "class send(Call[AnyValue]"
        in (project / "generated/api/messages.py").read_text()
    )
    (project / "pyproject.toml").write_text("[tool.codegen]\n")
    done(["generate"], project)
    assert not (project / "generated/api").exists()


def test_the_file_may_lie_beside_the_schema(project: Path) -> None:
    (project / "convex/functions.json").rename(project / "schema/functions.json")
    settings = SETTINGS.replace("convex/", "schema/")
    (project / "pyproject.toml").write_text(settings)
    done(["generate"], project)
    done(["check"], project)
    assert (project / "generated/api/messages.py").exists()
    assert "messages:list" in done(["describe"], project / "schema")


def test_a_file_that_is_not_there(project: Path) -> None:
    (project / "convex/functions.json").unlink()
    code, _, err = codegen(["generate"], project)
    assert code == 2
    assert (
        "error[E001]: there is no file of functions at `convex/functions.json`" in err
    )
    assert "npx convex function-spec" in err


@pytest.mark.parametrize("value", ['""', "1", '["a.json"]', '"../functions.json"'])
def test_a_wrong_setting(project: Path, value: str) -> None:
    (project / "pyproject.toml").write_text(f"[tool.codegen]\nfunctions = {value}\n")
    code, _, err = codegen(["generate"], project)
    assert code == 2
    assert "pyproject.toml:2:1: error[E502]: `functions` must" in err


def test_what_a_deployment_lives_with_is_a_warning(project: Path) -> None:
    gone = {"type": "id", "tableName": "gone"}
    tell(project, function("list", returns=gone))
    code, _, err = codegen(["generate"], project)
    assert code == 0
    assert "convex/functions.json:1:" in err
    assert 'warning[W210]: table "gone" does not exist' in err
    assert "class GoneId(" in (project / "generated/ids.py").read_text()
    (project / "schema/functions.yaml").write_text(
        "functions:\n  m:f: {kind: query, returns: 'Id[gone]'}\n"
    )
    code, _, err = codegen(["generate"], project)
    assert code == 2
    assert 'schema/functions.yaml:2:35: error[E210]: table "gone"' in err


def test_strictness(project: Path) -> None:
    done(["generate", "--strict"], project)
    tell(project, function("list"))
    before = files_below(project / "generated")
    code, _, err = codegen(["generate", "--strict"], project)
    assert code == 2
    assert "convex/functions.json:1:" in err
    assert 'error[E244]: nobody says what function "messages:list" returns' in err
    assert files_below(project / "generated") == before
    done(["generate"], project)
    done(["check"], project)
    assert codegen(["check", "--strict"], project)[0] == 2
    (project / "schema/functions.yaml").write_text(
        "functions:\n  messages:list: {kind: query, returns: str}\n"
    )
    done(["generate", "--strict"], project)
    done(["check", "--strict"], project)


def test_functions_go_back_to_convex(project: Path) -> None:
    told = [
        function("clear", functionType="Mutation", args={"type": "any"}),
        function("list", returns={"type": "array", "value": DOCUMENT}),
        function("mail", functionType="Action", visibility={"kind": "internal"}),
    ]
    tell(project, {"functionType": "HttpAction", "method": "GET", "path": "/"}, *told)
    found = done(["export", "--to", "function-spec"], project)
    assert json.loads(found) == {"functions": told}
    (project / "convex/functions.json").write_text(found)
    assert done(["export", "--to", "function-spec"], project) == found


def test_constraints_of_functions_are_told_where_functions_are_exported(
    project: Path,
) -> None:
    (project / "pyproject.toml").write_text("[tool.codegen]\n")
    (project / "schema/functions.yaml").write_text(
        "functions:\n  m:f: {kind: query, args: {n: 'Annotated[float, Ge(0)]'}}\n"
    )
    _, _, err = codegen(["export", "--to", "function-spec"], project)
    assert "schema/functions.yaml:2:50: warning[W401]" in err
    for language in ("convex", "convex-json"):
        assert codegen(["export", "--to", language], project)[2] == ""


def test_describing_them(project: Path) -> None:
    tell(
        project,
        function("list", returns={"type": "array", "value": DOCUMENT}),
        function("mail", functionType="Action", args={"type": "any"}),
    )
    assert done(["describe", "messages:mail"], project).split("\n") == [
        "action messages:mail",
        "  api.messages.mail",
        "    Any",
        "  -> unknown",
        "",
        "0 tables, 0 named types, 0 indexes, 1 function, 1 of them with an unknown result",
        "",
    ]
    assert "  -> list[Doc[messages]]\n" in done(["describe"], project)
    code, _, err = codegen(["describe", "messages:lst"], project)
    assert code == 2
    assert "did you mean `messages:list`?" in err


def test_a_change_is_told_in_the_words_of_functions(project: Path) -> None:
    def takes(**args: str) -> dict[str, Any]:
        fields = {
            name: {"fieldType": {"type": type_}, "optional": False}
            for name, type_ in args.items()
        }
        return function("list", args={"type": "object", "value": fields})

    tell(project, takes(a="string", b="string"), function("old"))
    done(["generate"], project)
    tell(project, takes(b="number", c="string"))
    _, out, _ = codegen(["diff"], project)
    refused = "  (calls of older code may be refused)\n"
    assert f"added: messages:list args.c: new argument, c: str{refused}" in out
    assert f"removed: messages:list args.a: argument removed, a: str{refused}" in out
    assert f"changed: messages:list args.b: str -> float{refused}" in out
    assert f"removed: messages:old: query removed{refused}" in out
