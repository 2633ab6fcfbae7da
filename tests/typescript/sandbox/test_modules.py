"""Modules of every kind run as they do in a bundle."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from codegen.diagnostics import Diagnostics
from codegen.typescript.sandbox.app import evaluate_schema
from tests.typescript.sandbox.texts import Texts

EXPORT = """
const index = { indexDescriptor: JSON.stringify(told), fields: ["a"] };
const documentType = { type: "any" };
const tables = [{ tableName: "t", indexes: [index], documentType }];
export default { export: () => JSON.stringify({ tables }) };
"""


def told(text: str, files: Mapping[str, str]) -> object:
    """The value of `told` of a module."""
    diagnostics = Diagnostics()
    schema = {"convex/schema.ts": text + EXPORT}
    loaded = evaluate_schema(
        Texts({**files, **schema}), "convex/schema.ts", diagnostics
    )
    assert loaded is not None, [*diagnostics]
    return json.loads(loaded.schema.tables["t"].indexes[0].name)


def package(name: str, manifest: object = None, **files: str) -> dict[str, str]:
    folder = f"node_modules/{name}"
    named = {f"{folder}/{file.replace('_', '.')}": text for file, text in files.items()}
    return {f"{folder}/package.json": json.dumps(manifest or {}), **named}


COMMONJS = {
    "named": ('import { a } from "it"; const told = a;', 1),
    "default": ('import it from "it"; const told = it;', {"a": 1, "b": 2}),
    "namespace": ('import * as it from "it"; const told = it;', {"a": 1, "b": 2}),
    "exported namespace": ('import { all } from "./all"; const told = all.b;', 2),
    "both": ('import it, * as all from "it"; const told = [it.a, all.b];', [1, 2]),
    "renamed": (
        'import { b as c, default as d } from "it"; const told = [c, d.a];',
        [2, 1],
    ),
}


@pytest.mark.parametrize("form", COMMONJS)
def test_commonjs(form: str) -> None:
    text, expected = COMMONJS[form]
    files = package("it", index_js="exports.a = 1; module.exports.b = 2;")
    files["convex/all.ts"] = 'export * as all from "it";'
    assert told(text, files) == expected


def test_commonjs_that_was_an_es_module() -> None:
    text = 'import it, { a } from "it"; const told = [it, a];'
    code = (
        'Object.defineProperty(exports, "__esModule", { value: true });'
        " exports.default = 'it'; exports.a = 1;"
    )
    assert told(text, package("it", index_js=code)) == ["it", 1]


def test_cycles_of_commonjs() -> None:
    files = {
        **package("it", index_js='exports.a = 1; exports.b = require("./b").b;'),
        "node_modules/it/b.js": 'const { a } = require("."); exports.b = a + 1;',
    }
    assert told('import { b } from "it"; const told = b;', files) == 2


def test_commonjs_runs_when_it_is_required() -> None:
    code = 'module.exports = true || require("./never");'
    files = {
        **package("it", index_js=code),
        "node_modules/it/never.js": "throw new Error('it ran');",
    }
    assert told('import it from "it"; const told = it;', files) is True


def test_what_commonjs_requires() -> None:
    code = """
      const data = require("./data.json");
      const path = require("path");
      let other = null;
      try { other = require("not-there"); } catch {}
      module.exports = [data.a, path.join("a", "b"), other, require("module-of-es").c];
    """
    files = {
        **package("it", {"main": "index.js"}, index_js=code, data_json='{"a": 1}'),
        **package("module-of-es", {"type": "module"}, index_js="export const c = 3;"),
    }
    expected = [1, "a/b", None, 3]
    assert told('import it from "it"; const told = it;', files) == expected


def test_sloppy_commonjs() -> None:
    """Old code counts on what modules don't allow."""
    code = "undeclared = 010; module.exports = undeclared; delete module;"
    files = package("it", index_js=code)
    assert told('import it from "it"; const told = it;', files) == 8


def test_json() -> None:
    text = """
      import data, { a } from "./data.json";
      import * as all from "./data.json";
      import attributed from "./data.json" with { type: "json" };
      const told = [data.a, a, all.a, attributed.a];
    """
    assert told(text, {"convex/data.json": '{"a": 1}'}) == [1] * 4


def test_typescript_that_is_not_only_types() -> None:
    text = """
      import { Color, type Shade } from "./colors";
      import { Unused } from "./nowhere";
      namespace Inner { export const one = 1; }
      class Point { constructor(readonly x: number) {} }
      const told = [Color.Green, Inner.one, new Point(2).x] satisfies unknown[];
    """
    files = {
        "convex/colors.ts": "export enum Color { Red, Green }\nexport type Shade = 1;"
    }
    assert told(text, files) == [1, 1, 2]


def test_generated_files_need_not_be_there() -> None:
    text = """
      import { query } from "./_generated/server";
      import { api } from "./_generated/api";
      import type { Doc } from "./_generated/dataModel";
      const told = [query(1), api];
    """
    server = "export const queryGeneric = (it) => it + 1; export const anyApi = 'any';"
    exports = ["actionGeneric", "httpActionGeneric", "internalActionGeneric"]
    exports += ["internalMutationGeneric", "internalQueryGeneric", "mutationGeneric"]
    server += "".join(f"export const {name} = 0;" for name in exports)
    files = package(
        "convex", {"exports": {"./server": "./server.js"}}, server_js=server
    )
    assert told(text, files) == [2, "any"]


def test_what_is_not_there_may_be_imported() -> None:
    """Handlers use it, and these don't run."""
    text = """
      import Client, { connect } from "client";
      import * as all from "./gone";
      export const handler = () => new Client(connect(all.address));
      const told = "run";
    """
    assert told(text, {}) == "run"


def test_a_package_does_not_see_the_aliases_of_the_project() -> None:
    files = {
        "tsconfig.json": json.dumps({"compilerOptions": {"baseUrl": "."}}),
        "other/index.ts": 'export const name = "of the project";',
        **package("it", index_js='export { name } from "other";'),
        **package("other", index_js='export const name = "of the package";'),
    }
    assert (
        told('import { name } from "it"; const told = name;', files) == "of the package"
    )
