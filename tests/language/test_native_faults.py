"""What is said about schemas that are wrong: the code, the exact columns, and the way out."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from codegen.diagnostics import Span, locate_fault
from codegen.ir.checks import check
from codegen.ir.model import NamedType
from codegen.ir.types import ANY, Field, Object
from tests.language.reading_support import read

Case = tuple[str, list[str]]


def cases(file: str) -> list[Case]:
    """The cases of a file: a blank line, the text that is wrong, then `→` and each fault."""
    blocks = (Path(__file__).parent / file).read_text("utf-8").split("\n\n")
    found: list[Case] = []
    for block in blocks:
        lines = block.strip("\n").split("\n")
        written = [line for line in lines if not line.startswith("→ ")]
        faults = [line.removeprefix("→ ") for line in lines[len(written) :]]
        found.append(("\n".join(written) + "\n", faults))
    return found


ODD_FILES: list[tuple[str | bytes, list[str]]] = [
    (
        "tables:\n\tt: {}\n",
        [
            "E004 2:1-2 this is not YAML: found character that cannot start any token"
            " / indent with spaces"
        ],
    ),
    ("", ["E012 1:1-1 this file is empty / write `tables:`"]),
    ("---\n", ["E012 1:1-1 this file is empty / write `tables:`"]),
    (
        "a: \x07\n",
        [
            "E003 1:4-5 the control character U+0007 is not allowed / inside a double-quoted text write it as an escape"
        ],
    ),
    (
        "a: \x00\n",
        [
            "E003 1:4-5 the control character U+0000 is not allowed / inside a double-quoted text write it as an escape"
        ],
    ),
    (
        "a: \u2028\n",
        [
            "E003 1:4-5 the line separator U+2028 is not allowed / end lines with a line feed; inside a double-quoted text write it as an escape"
        ],
    ),
    (
        b"a: \xff\n",
        ["E002 1:4-4 this file is not UTF-8 text: byte 0xff / save the file as UTF-8"],
    ),
    (
        b"a: \xc3\xa9\n\xe9\n",
        ["E002 2:1-1 this file is not UTF-8 text: byte 0xe9 / save the file as UTF-8"],
    ),
    (
        b"\xff\xfea\x00",
        [
            "E002 1:1-1 this file is not UTF-8 text: it looks like UTF-16 / save the file as UTF-8"
        ],
    ),
    (
        b"a\x00:\x00",
        [
            "E002 1:1-1 this file is not UTF-8 text: it looks like UTF-16 / save the file as UTF-8"
        ],
    ),
]


@pytest.mark.parametrize(("written", "expected"), cases("wrong_fields.txt"))
def test_a_wrong_field(written: str, expected: list[str]) -> None:
    """Each stands at column 7 of line 5, where a type `Status` is known."""
    head = "types: {Status: str}\ntables:\n  t:\n    fields:\n      "
    _, faults = read(head + written)
    assert faults == expected


@pytest.mark.parametrize(("text", "expected"), cases("wrong_files.txt"))
def test_a_wrong_file(text: str, expected: list[str]) -> None:
    _, faults = read(text)
    assert faults == expected


@pytest.mark.parametrize(("text", "expected"), ODD_FILES)
def test_an_odd_file(text: str | bytes, expected: list[str]) -> None:
    _, faults = read(text)
    assert faults == expected


def test_all_faults_of_a_run_are_reported() -> None:
    _, faults = read(
        "tables: {t: {fields: {a: Foo, b: 'list[Bar]', c: str}, x: y}}\n",
        "tables: {u: {fields: {a: string}}}\n",
        "tables: {v: {fields: {a: {b: str]}}}\n",
    )
    assert [fault.split("/")[0].strip() for fault in faults] == [
        "E110 1.yaml:1:56-57 table `t` has no key `x`",
        "E106 2.yaml:1:26-32 unknown type `string`",
        "E004 3.yaml:1:33-34 this is not YAML: did not find expected ',' or '}'",
    ]


def test_what_an_unread_file_may_define_is_not_missed() -> None:
    loaded, faults = read(
        "types: {Status: str}\ntables: {users: {fields: {a: str]}}\n",
        "tables: {t: {fields: {a: Status, b: 'Id[users]', c: string}}}\n",
    )
    assert loaded is None
    assert [fault[:13] for fault in faults] == ["E004 1.yaml:2", "E106 2.yaml:1"]


@pytest.mark.parametrize("name", ["class", "Foo-Bar", "lower", "É"])
def test_a_wrong_name_of_a_type_is_one_fault(name: str) -> None:
    fields = f"{{a: {name}}}" if name in ("lower", "É") else "Any"
    loaded, faults = read(
        f"types: {{{name}: str}}\n"
        f"tables: {{t: {{fields: {fields}}}, u: {{union: {{{name}: {{b: str}}}}}}}}\n"
    )
    assert loaded is not None
    assert [fault[:6] for fault in faults] == ["E107 1", "E107 2"]
    assert check(loaded.schema) == []


def test_a_union_of_very_many_arms_says_so() -> None:
    _, (fault,) = read(f"tables: {{t: {{fields: {{a: {'str | ' * 8000}int}}}}}}\n")
    assert "this union has too many arms" in fault


def test_a_document_that_is_no_object_is_shown_where_the_table_says_it() -> None:
    text = "types: {A: {a: str}, B: str}\ntables: {t: {union: [A, B]}}\n"
    loaded, _ = read(text)
    assert loaded is not None
    (fault,) = check(loaded.schema)
    diagnostic = locate_fault(fault, loaded.locate)
    assert '"t"' in diagnostic.message
    assert diagnostic.span == Span("1.yaml", 2, 25, 2, 26)
    assert diagnostic.notes[0].span == Span("1.yaml", 1, 25, 1, 28)


def test_a_name_has_one_place_in_all_files() -> None:
    _, faults = read(
        "types: {T: str}\ntables: {t: {fields: Any}}\nschemaValidation: true\n",
        "tables: {u: {fields: Any}, t: {fields: Any}}\ntypes: {T: int}\n"
        "schemaValidation: true\n",
    )
    assert faults == [
        "E117 2.yaml:1:28-29 table `t` is declared twice"
        " / 1.yaml:2:10-11 first declared here",
        "E117 2.yaml:2:9-10 type `T` is declared twice"
        " / 1.yaml:1:9-10 first declared here",
        "E117 2.yaml:3:1-17 `schemaValidation` is given twice"
        " / 1.yaml:3:1-17 first given here",
    ]


def test_files_that_are_not_a_schema_together() -> None:
    assert read() == (None, ["E001 there is no schema file"])
    assert read("{}", "{}", suffix="json")[1] == [
        f"E001 {n}.json:1:1-1 a JSON file is a whole schema: it cannot stand beside others"
        for n in (1, 2)
    ]
    assert read("", suffix="toml")[1] == [
        "E001 1:1-1 unknown kind of schema file"
        " / a schema is written in .yaml files, or in one .json file"
    ]


def test_one_fault_does_not_cause_others() -> None:
    """`Any` stands in for what is faulty, so that names and fields still exist."""
    loaded, _ = read(
        "types: {A: 'list[A]', B: Foo}\n"
        "tables: {t: {fields: {a: Foo, b: Optional}}, u: {feilds: {}}, v: }\n"
    )
    assert loaded is not None
    schema = loaded.schema
    assert schema.types == {"A": NamedType("A", ANY), "B": NamedType("B", ANY)}
    assert list(schema.tables) == ["t", "u", "v"]
    assert schema.tables["t"].document == Object((Field("a", ANY), Field("b", ANY)))
    assert schema.tables["u"].document == schema.tables["v"].document == ANY


def test_words_that_generated_code_uses_cannot_name_a_type() -> None:
    """Every class that the package under generated/ imports beside types: none is shadowed."""
    generated = Path(__file__).parents[2] / "generated"
    imported = {
        alias.name
        for file in generated.rglob("*.py")
        if file.name != "server.py"  # it has no types of the schema
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level == 0
        for alias in node.names
        if alias.name[0].isupper()
    }
    assert "Document" in imported
    types = "".join(f"  {name}: str\n" for name in sorted(imported))
    _, faults = read(f"types:\n{types}tables: {{t: {{fields: Any}}}}\n")
    assert [fault[:4] for fault in faults] == ["E107"] * len(imported)


def test_a_default_of_a_union_that_multiplies_is_read_in_time() -> None:
    types = "".join(f"  T{i}: T{i - 1} | T{i - 1}\n" for i in range(1, 41))
    head = f"types:\n  T0: str\n{types}tables: {{t: {{fields: {{a: "
    loaded, faults = read(f"{head}'T40 = \"x\"'}}}}}}\n")
    assert loaded is not None
    assert faults == []
