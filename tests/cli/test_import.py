"""`codegen import`: what a person gets from the schema of an application."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cases.cases import codegen
from tests.language.reading_support import schema_of

TYPESCRIPT = """\
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

/** Where something is: "here" # or there. */
const placeValidator = v.object({
  lat: v.number(), // degrees
  lng: v.number(),
});

export default defineSchema(
  {
    /** It's a person: "somebody". */
    users: defineTable({
      name: v.string(), // what others see: #1
      /** | on, or off */
      on: v.optional(v.boolean()),
      null: v.null(),
      yes: v.union(v.literal("a: b"), v.literal("it's #1"), v.literal("ü\\n")),
      home: v.optional(placeValidator), // Müsli 🥣
      /**
       * How to reach them.
       *
       *   - the first one is preferred
       */
      contacts: v.array(v.object({ kind: v.string(), value: v.int64() })),
    })
      .index("by_yes", ["yes", "home.lat"])
      .searchIndex("by_name", { searchField: "name", filterFields: ["on"] }),
  },
  { schemaValidation: false },
);
"""
NATIVE = """\
schemaValidation: false

types:
  Place:  # Where something is: "here" # or there.
    lat: float  # degrees
    lng: float

  UserContact: {kind: str, value: int}

tables:
  users:
    description: 'It''s a person: "somebody".'
    fields:
      name: str  # what others see: #1
      on?: bool  # | on, or off
      'null': None
      yes: 'Literal["a: b", "it''s #1", "ü\\n"]'
      home?: Place  # Müsli 🥣
      contacts:
        $type: list[UserContact]
        $description: |
          How to reach them.

          - the first one is preferred
    indexes:
      by_yes: [yes, home.lat]
    searchIndexes:
      by_name: {field: name, filters: [on]}
"""
FUNCTIONS = """\
import { v } from "convex/values";
import { internalMutation, query } from "./_generated/server";

export const get = query({
  args: { id: v.id("users") },
  returns: v.union(v.string(), v.null()),
  handler: async () => null,
});
export const clear = internalMutation({ args: {}, handler: async () => {} });
"""
EXPORT: dict[str, Any] = {
    "schemaValidation": True,
    "tables": [
        {
            "tableName": "messages",
            "indexes": [],
            "documentType": {
                "type": "object",
                "value": {
                    "team": {
                        "fieldType": {"type": "id", "tableName": "teams"},
                        "optional": False,
                    }
                },
            },
        }
    ],
}


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An application of Convex."""
    folder = tmp_path / "convex"
    folder.mkdir()
    (folder / "schema.ts").write_text(TYPESCRIPT, "utf-8")
    (folder / "users.ts").write_text(FUNCTIONS, "utf-8")
    return tmp_path


def test_a_schema_in_typescript(app: Path) -> None:
    assert codegen(["import", "convex/schema.ts"], app) == (0, NATIVE, "")


def test_a_folder_has_functions_too(app: Path) -> None:
    code, text, said = codegen(["import", "convex"], app)
    assert (code, said) == (0, "")
    assert text == NATIVE + """\

functions:
  users:get:
    kind: query
    args:
      id: Id[users]
    returns: str | None

  users:clear:
    kind: mutation
    visibility: internal
    args: {}
"""


def test_what_is_written_is_a_schema_to_generate_from(app: Path) -> None:
    assert codegen(["import", "convex", "-o", "schema/app.yaml"], app)[:2] == (0, "")
    assert codegen(["generate"], app)[0] == 0
    code, again, _ = codegen(["import", "schema"], app)
    assert code == 0
    assert (app / "schema/app.yaml").read_text("utf-8") == again


def test_a_file_that_is_there_is_kept(app: Path) -> None:
    (app / "mine.yaml").write_text("mine")
    source = ["import", "convex/schema.ts", "--output", "mine.yaml"]
    code, text, said = codegen(source, app)
    assert (code, text) == (2, "")
    assert "error[E551]: mine.yaml is there already\n  help: --force writes" in said
    assert (app / "mine.yaml").read_text() == "mine"
    assert codegen([*source, "--force"], app) == (0, "", "wrote mine.yaml\n")
    assert (app / "mine.yaml").read_text("utf-8") == NATIVE


def test_a_place_where_nothing_can_be_written(app: Path) -> None:
    code, text, said = codegen(
        ["import", "convex/schema.ts", "-o", "convex/schema.ts/x.yaml"], app
    )
    assert (code, text) == (2, "")
    assert "error[E550]: convex/schema.ts/x.yaml cannot be written: " in said


def test_what_a_native_schema_may_not_say_is_told(tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text(json.dumps(EXPORT))
    code, text, said = codegen(["import", "schema.json"], tmp_path)
    assert code == 0
    assert "      team: Id[teams]\n" in text
    assert "schema.json:1:" in said and 'warning[W210]: table "teams"' in said
    assert said.endswith("to mend: W210 is an error in a native schema\n")
    source = ["import", "schema.json", "--strict", "-o", "app.yaml"]
    code, text, said = codegen(source, tmp_path)
    assert (code, text) == (2, "")
    assert said.endswith("nothing is written: --strict takes warnings for errors\n")
    assert not (tmp_path / "app.yaml").exists()
    code, text, said = codegen([*source, "--format", "json"], tmp_path)
    assert (code, text) == (2, "")
    assert [json.loads(line)["code"] for line in said.splitlines()] == ["W210"]


def test_strict_lets_the_rest_by(app: Path) -> None:
    code, text, _ = codegen(["import", "convex/schema.ts", "--strict"], app)
    assert (code, text) == (0, NATIVE)


@pytest.mark.parametrize("source", ["nowhere.ts", "convex/users.ts", "broken.yaml"])
def test_what_is_no_schema(app: Path, source: str) -> None:
    (app / "broken.yaml").write_text("tables:\n  a: [\n")
    code, text, said = codegen(["import", source, "-o", "app.yaml"], app)
    assert (code, text) == (2, "")
    assert "error[E" in said and "1 error\n" in said
    assert not (app / "app.yaml").exists()


def test_a_native_schema_comes_back_in_its_plain_form(tmp_path: Path) -> None:
    text = 'tables: {t: {fields: {a: "list[str]"}}}  # lost\n'
    (tmp_path / "app.yaml").write_text(text)
    code, written, said = codegen(["import", "app.yaml"], tmp_path)
    assert (code, said) == (0, "")
    assert written == "tables:\n  t:\n    fields:\n      a: list[str]\n"
    assert schema_of(written) == schema_of(text)
