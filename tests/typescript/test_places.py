"""Faults of a schema in TypeScript are shown at the characters that have them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from codegen.diagnostics import Diagnostics, Span, locate_fault
from codegen.ir.checks import check
from codegen.typescript.schema import read_schema
from tests.typescript.semantic_cases import SCHEMA

IMPORTS = """\
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
"""


class Texts(dict[str, bytes]):
    """Files that are texts."""

    def read(self, path: str) -> bytes | None:
        return self.get(path)

    def read_package(self, path: str) -> bytes | None:
        return self.get(path)

    def folders(self, path: str) -> tuple[str, ...]:
        return ()


def shown(*files: tuple[str, str], encoding: str = "utf-8") -> list[tuple[str, str]]:
    """Each diagnostic's code, and the characters that it is about."""
    data = Texts({path: text.encode(encoding) for path, text in files})
    texts = dict(files)
    return [
        (code, underlined(texts[span.file], span)) for code, span in diagnostics(data)
    ]


def diagnostics(files: Texts) -> Iterator[tuple[str, Span]]:
    found = Diagnostics()
    loaded = read_schema(files, SCHEMA, found)
    if loaded is not None:
        found.extend(
            locate_fault(fault, loaded.locate) for fault in check(loaded.schema)
        )
    for diagnostic in found:
        assert diagnostic.span is not None, diagnostic
        yield diagnostic.code, diagnostic.span


def underlined(text: str, span: Span) -> str:
    """What an editor selects, which counts lines and characters."""
    lines = text.replace("\r\n", "\n").split("\n")
    assert span.line == span.end_line
    return lines[span.line - 1][span.column - 1 : span.end_column - 1]


FAULTS = {
    "a table that there is not": ('{ a: v.id("nope") }', "", "E210", '"nope"'),
    "a table inside a type": (
        '{ a: v.optional(v.array(v.union(v.null(), v.id("nope")))) }',
        "",
        "E210",
        '"nope"',
    ),
    "a field of an index": (
        "{ a: v.string() }",
        '.index("by_b", ["a", "b"])',
        "E312",
        '"b"',
    ),
    "a field of an index with settings": (
        "{ a: v.string() }",
        '.index("by_b", { fields: ["b"] })',
        "E312",
        '"b"',
    ),
    "a value that can't be told": (
        "{ a: v.literal(Date.now()) }",
        "",
        "E702",
        "Date",
    ),
    "a field that is no validator": (
        '{ a: v.any(), b: "text" }',
        "",
        "E704",
        'b: "text"',
    ),
    "a name that nobody declared": ("{ a: missing }", "", "E704", "missing"),
}


@pytest.mark.parametrize("before", ["", "\t", "/* é😀𝒳 */ ", "  "])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("name", FAULTS)
def test_places(name: str, before: str, newline: str, mark: str) -> None:
    fields, indexes, code, expected = FAULTS[name]
    text = f"{IMPORTS}// é😀\nexport default defineSchema({{\n{before}t: defineTable({fields}){indexes},\n}});\n"
    data = Texts({SCHEMA: (mark + text).replace("\n", newline).encode()})
    ((found, span),) = diagnostics(data)
    assert (found, underlined(text, span)) == (code, expected)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_errors_of_syntax(newline: str) -> None:
    text = f"{IMPORTS}\nconst a = 1;\n\tconst 😀 = = 2;\n".replace("\n", newline)
    ((code, span),) = diagnostics(Texts({SCHEMA: text.encode()}))
    assert (code, span.line) == ("E701", 5)


def test_another_module() -> None:
    schema = f'{IMPORTS}import {{ fields }} from "./fields";\nexport default defineSchema({{ t: defineTable(fields) }});'
    fields = 'import { v } from "convex/values";\nexport const fields = {\n  a: v.id("nope"),\n  b: Math.random(),\n};\n'
    assert shown((SCHEMA, schema), ("convex/fields.ts", fields)) == [("E702", "Math")]
    fields = fields.replace("Math.random()", "v.any()")
    assert shown((SCHEMA, schema), ("convex/fields.ts", fields)) == [("E210", '"nope"')]


def test_a_function_and_its_callers() -> None:
    schema = f'{IMPORTS}const make = (name: string) => v.literal(Date.now() + name);\nexport default defineSchema({{\n  t: defineTable({{ a: make("x") }}),\n}});'
    found = Diagnostics()
    assert read_schema(Texts({SCHEMA: schema.encode()}), SCHEMA, found) is None
    (diagnostic,) = found
    assert diagnostic.span is not None
    assert underlined(schema, diagnostic.span) == "Date"
    (note,) = diagnostic.notes
    assert note.span is not None
    assert underlined(schema, note.span) == 'make("x")'


def test_what_takes_too_long_is_shown_where_it_does() -> None:
    schema = f"{IMPORTS}const all = (() => {{ while (true) {{}} }})();\nexport default defineSchema({{ t: defineTable({{ a: all }}) }});"
    assert shown((SCHEMA, schema)) == [("E702", "true")]


def test_every_fault_is_reported_once() -> None:
    schema = f"{IMPORTS}const bad = v.literal(Date.now());\nexport default defineSchema({{\n  t: defineTable({{ a: bad, b: v.array(bad), c: v.id(Math) }}),\n  u: defineTable({{ d: bad }}),\n}});"
    assert shown((SCHEMA, schema)) == [("E702", "Date"), ("E702", "Math")]
