"""Exports of a convex folder that may be functions, but can't be read: each is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.cases import codegen

FILES = {
    "convex/schema.ts": """\
import { defineSchema } from "convex/server";
export default defineSchema({});
""",
    "convex/wrap.ts": "export const wrap = (x: any) => x;\n",
}
TASKS = """\
import {{ query }} from "./_generated/server";
import {{ wrap }} from "./wrap";
declare const cond: boolean;

export const one = {};
"""
SAID = "functions:\n  tasks:one: {kind: query, args: {}, returns: int}\n"
QUERY = "query({ args: {}, handler: async () => 1 })"


def _described(folder: Path, expression: str, settings: str = "") -> tuple[int, str]:
    files = {**FILES, "convex/tasks.ts": TASKS.format(expression)}
    files["pyproject.toml"] = f'[tool.codegen]\nschema = "convex"\n{settings}'
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    code, text, errors = codegen(["describe"], folder)
    return code, text + errors


@pytest.mark.parametrize(
    "expression",
    [
        "wrap({ args: {}, handler: async () => 1 })",
        f"cond ? {QUERY} : {QUERY}",
        f"(cond && {QUERY}) as any",
        f"cond ?? ({QUERY})!",
    ],
)
def test_it_is_told_and_may_be_said_otherwise(tmp_path: Path, expression: str) -> None:
    code, said = _described(tmp_path, expression)
    assert code == 0
    assert "convex/tasks.ts:5:" in said
    assert "warning[W702]: the function `tasks:one`: " in said
    (tmp_path / "functions.yaml").write_text(SAID)
    code, said = _described(tmp_path, expression, 'functions = "functions.yaml"\n')
    assert code == 0
    assert "query tasks:one\n  api.tasks.one\n  -> int\n" in said
    assert "W702" not in said


@pytest.mark.parametrize(
    "expression",
    ["cond ? 1 : 2", "{ args: {}, handler: async () => 1 }", "wrap({ args: {} })"],
)
def test_what_is_no_function_is_not_told(tmp_path: Path, expression: str) -> None:
    code, said = _described(tmp_path, expression)
    assert (code, "W702" in said) == (0, False), said
