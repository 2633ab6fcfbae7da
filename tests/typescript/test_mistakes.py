"""What is said of a module that is not TypeScript, and where."""

from __future__ import annotations

import pytest

from codegen.diagnostics import Diagnostic, Diagnostics
from codegen.typescript.schema import read_schema
from tests.typescript.semantic_cases import SCHEMA
from tests.typescript.test_places import IMPORTS, Texts, underlined

TWICE = "`{}` is there twice in this object: the last one counts"


def refused(text: str) -> Diagnostic:
    found = Diagnostics()
    assert read_schema(Texts({SCHEMA: text.encode()}), SCHEMA, found) is None
    (fault,) = found
    return fault


def remarks(text: str, path: str = SCHEMA) -> list[Diagnostic]:
    found = Diagnostics()
    assert read_schema(Texts({path: text.encode()}), path, found) is not None
    return [*found]


def schema(more: str, fields: str = "{ a: v.string() }") -> str:
    tables = f"defineSchema({{ t: defineTable({fields}) }})"
    return f"{IMPORTS}{more}\nexport default {tables};\n"


@pytest.mark.parametrize(
    ("line", "message", "place"),
    [
        ("const a = {b: 1;", "this parser expects `}` here", ""),
        ("const a = f(b c);", "this parser does not expect `c` here", "c"),
        ('const a = "abc;', 'this parser finds no end of this `"`', '"'),
        ("const a = `abc ${b`;", "this parser finds no end of this template", "`"),
        ("const a = b < typeof f();", "this parser expects `>` here", ""),
    ],
)
def test_what_the_parser_expects(line: str, message: str, place: str) -> None:
    text = schema(line)
    fault = refused(text)
    assert (fault.code, fault.message) == ("E701", message)
    assert fault.span is not None and fault.span.line == 3
    assert underlined(text, fault.span) == place
    assert "this parser does not" in fault.hint


def test_a_raw_nul_is_not_the_fault_of_the_code() -> None:
    fault = refused(schema('const a = "b\0c";'))
    assert fault.message == "this parser takes no NUL character"
    assert fault.span is not None and (fault.span.line, fault.span.column) == (3, 13)
    assert fault.hint == "write it as `\\0`"


def test_a_bracket_without_an_end() -> None:
    fault = refused(IMPORTS + "export default defineSchema({\n")
    assert fault.message == "this parser finds no end of this `{`"
    assert fault.span is not None and (fault.span.line, fault.span.column) == (3, 29)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("const a = 1;\nlet a = 2;", "`a` is declared twice, first in line 3"),
        ("class a {}\nfunction a() {}", "`a` is declared twice, first in line 3"),
        ("const { a, b: [c] } = x;\nconst c = 1;", "`c` is declared twice"),
        ("export const a = 1;\nexport const a = 2;", "`a` is declared twice"),
        ("const a = 1;\nexport { a };\nexport { a };", "`a` is exported twice"),
        ("export default 1;\n", "`default` is exported twice, first in line 3"),
    ],
)
def test_what_is_declared_twice(lines: str, message: str) -> None:
    fault = refused(schema(lines))
    assert fault.code == "E701" and fault.message.startswith(message)


@pytest.mark.parametrize(
    "lines",
    [
        "var a = 1;\nvar a = 2;",
        "function f(): void;\nfunction f(a?: number): void {}",
        "interface A { b: string }\nclass A {}\nnamespace A {}",
        "enum E { A }\nnamespace E { export const b = 1 }",
        "const a = 1;\n{ const a = 2; }",
        "const T = 1;\ntype T = number;\nexport { T };\nexport type { T as U };",
    ],
)
def test_what_may_have_several_declarations(lines: str) -> None:
    assert not remarks(schema(lines))


@pytest.mark.parametrize(
    ("fields", "again"),
    [
        ("{ a: v.string(), b: v.any(), a: v.number() }", "a"),
        ('{ a: v.string(), "a": v.number() }', '"a"'),
        ("{ a: v.string(), ...{}, a }", "a"),
    ],
)
def test_a_key_that_is_there_twice(fields: str, again: str) -> None:
    text = schema("const a = v.any();", fields)
    (warning,) = remarks(text)
    assert (warning.code, warning.message) == ("W705", TWICE.format("a"))
    assert warning.span is not None and underlined(text, warning.span) == again
    assert warning.notes[0].span is not None and warning.notes[0].span.line == 4


def test_a_table_that_is_there_twice() -> None:
    text = schema("").replace("t: def", "t: defineTable({}), t: def")
    (warning,) = remarks(text)
    assert warning.message == TWICE.format("t")


def test_a_property_after_a_spread_replaces_it() -> None:
    assert not remarks(schema("const b = { a: v.any() };", "{ ...b, a: v.string() }"))


def test_javascript_has_no_such_rule() -> None:
    text = schema("", "{ a: v.any(), a: v.string() }")
    assert not remarks(text, "schema.js") and remarks(text)
