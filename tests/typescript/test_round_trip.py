"""What `codegen export --to convex` writes is read back as the same schema."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from codegen.diagnostics import Diagnostics
from codegen.interop import convex_json, convex_typescript
from codegen.ir.model import Schema
from codegen.typescript.schema import read_schema
from tests.ir.strategies import same_json, schemas


class _One:
    """A project with one file."""

    def __init__(self, text: str) -> None:
        self._data = text.encode()

    def read(self, path: str) -> bytes | None:
        return self._data if path == "schema.ts" else None

    def read_package(self, path: str) -> bytes | None:
        return None

    def folders(self, path: str) -> tuple[str, ...]:
        return ()


def read(text: str) -> Schema:
    diagnostics = Diagnostics()
    loaded = read_schema(_One(text), "schema.ts", diagnostics)
    assert loaded is not None, [*diagnostics]
    return loaded.schema


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schemas())
def test_any_schema(schema: Schema) -> None:
    back = read(convex_typescript.dumps(schema))
    assert same_json(convex_json.export(back), convex_json.export(schema))
    assert [*back.tables] == [*schema.tables]


def test_names_and_descriptions_stay() -> None:
    text = """\
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

/** Where a task is. */
export const status = v.union(v.literal("open"), v.literal("done"));

/** Who has to do it. */
export const owner = v.object({
  name: v.string(),
  /**
   * In two lines:
   * where mail goes.
   */
  mail: v.optional(v.string()),
});

export default defineSchema({
  /** Something to do. */
  tasks: defineTable({
    /** One line. */
    title: v.string(),
    status,
    owner: v.optional(owner),
  })
    .index("by_status", ["status", "owner.name"])
    .searchIndex("search_title", { searchField: "title", filterFields: ["status"] }),
});
"""
    schema = read(text)
    assert [*schema.types] == ["Status", "Owner"]
    assert schema.types["Status"].description == "Where a task is."
    assert schema.tables["tasks"].description == "Something to do."
    again = convex_typescript.dumps(schema)
    assert read(again) == schema
    assert "In two lines:" in again
