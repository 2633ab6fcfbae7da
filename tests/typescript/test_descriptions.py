"""Comments become descriptions, and the constants of a program the names of types."""

from __future__ import annotations

import pytest

from codegen.diagnostics import Diagnostics
from codegen.ir.model import Schema
from codegen.ir.types import Named, Object
from codegen.typescript.schema import read_schema
from codegen.typescript.type_names import type_name
from tests.typescript.semantic_cases import SCHEMA
from tests.typescript.test_places import IMPORTS, Texts


def schema_of(*files: tuple[str, str]) -> Schema:
    found = Diagnostics()
    texts = Texts({path: text.encode() for path, text in files})
    loaded = read_schema(texts, SCHEMA, found)
    assert loaded is not None, [*found]
    return loaded.schema


def fields_of(schema: Schema, table: str = "t") -> dict[str, str]:
    """The descriptions of the fields of a table."""
    document = schema.tables[table].document
    assert isinstance(document, Object)
    return {field.name: field.description for field in document.fields}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_fields(newline: str) -> None:
    text = f"""{IMPORTS}
export default defineSchema({{
  /** All of them. */
  t: defineTable({{
    /** Above. */
    a: v.string(),
    b: v.string(), // Behind, with é😀.
    /**
     * Over
     * lines.
     *
     * Another paragraph.
     * @deprecated not part of it
     */
    c: v.string(),
    // Not a description: it is no JSDoc.
    d: v.string(),
    e: v.string(), /* Behind, too. */
    f: v.string() /* before a comma */, g: v.string(),
    /** Above. */ h: v.string(), // and behind
    i: v.object({{
      j: v.any(), // Inside.
    }}), // Behind the end.
    k: v.string(), // eslint-disable-line
    l: v.string(), // @ts-ignore
    /** */
    m: v.string(),
    n: v.string(), //
  }}),
}});
""".replace("\n", newline)
    schema = schema_of((SCHEMA, text))
    assert schema.tables["t"].description == "All of them."
    found = fields_of(schema)
    assert {name: text for name, text in found.items() if text} == {
        "a": "Above.",
        "b": "Behind, with é😀.",
        "c": "Over\nlines.\n\nAnother paragraph.",
        "e": "Behind, too.",
        "h": "Above.",
        "i": "Behind the end.",
    }


def test_tables_and_types_of_constants() -> None:
    schema = schema_of(
        (
            SCHEMA,
            f"""{IMPORTS}
import {{ userRole }} from "./roles";
/** How it goes. */
const statusValidator = v.union(v.literal("a"), v.literal("b"));
/** Somebody. */
export const users = defineTable({{ status: statusValidator, role: v.optional(userRole) }});
const text = v.string();
export default defineSchema({{ users, t: defineTable({{ a: statusValidator, text }}) }});
""",
        ),
        (
            "convex/roles.ts",
            """import { v } from "convex/values";
/** What they may do. */
export const userRole = v.union(v.literal("admin"), v.literal("guest"));
""",
        ),
    )
    assert schema.tables["users"].description == "Somebody."
    assert {name: named.description for name, named in schema.types.items()} == {
        "Status": "How it goes.",
        "UserRole": "What they may do.",
    }
    document = schema.tables["t"].document
    assert isinstance(document, Object)
    status, text = document.fields
    assert status.type == Named("Status") and not isinstance(text.type, Named)


@pytest.mark.parametrize(
    ("constant", "name"),
    [
        ("status", "Status"),
        ("runStatusValidator", "RunStatus"),
        ("RUN_STATUS", "RUNSTATUS"),
        ("vStatus", "Status"),
        ("vote", "Vote"),
        ("$kind", "Kind"),
        ("_", "Value"),
        ("größe", "GrE"),
        ("user", "UserValue"),
        ("userValidator", "UserValidator"),
        ("settings2", "Settings2"),
    ],
)
def test_type_names(constant: str, name: str) -> None:
    assert type_name(constant, {"user"}) == name


def test_names_that_are_taken() -> None:
    taken: set[str] = set()
    for expected in ("Kind", "KindValue", "Kind2", "Kind3"):
        found = type_name("kind", taken)
        assert found == expected
        taken.add(found.lower())
