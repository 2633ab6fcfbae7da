"""Whatever a database says of itself is read, or given up on; it never stops an import."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from codegen.importers.sql.conditions import conditions
from codegen.importers.sql.constant_values import constant, without_casts
from codegen.importers.sql.names import class_names, plain_names
from codegen.importers.sql.sqlite_declarations import read_declaration
from codegen.importers.sql.tokens import code
from codegen.ir.checks.identifiers import is_identifier

PIECES = (
    *(
        "a",
        "b",
        "a >",
        "IN",
        "(",
        ")",
        ",",
        "BETWEEN",
        "AND",
        "OR",
        "NOT",
        "IS",
        "NULL",
    ),
    *(
        "'x'",
        "'",
        '"a"',
        '"',
        "[",
        "]",
        "1",
        "-",
        "1.5e3",
        "::",
        "text",
        "ANY",
        "ARRAY[",
    ),
    *(
        "length(",
        "json_valid(",
        "--",
        "/*",
        "*/",
        "\n",
        "CHECK (",
        "AS (",
        "COLLATE",
        "é",
    ),
    *("CREATE TABLE t (", "PRIMARY KEY", "E'\\'", "X'0'", "=", "<>", "\0", "🔥"),
)
SOUP = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join) | st.text()


@given(SOUP)
def test_any_text(text: str) -> None:
    for brackets_quote in (True, False):
        found = conditions(
            text, {"a": "int", "b": "text"}, brackets_quote=brackets_quote
        )
        assert all(one.column in ("a", "b") for one in found.restrictions)
        assert found.restrictions or found.unknown
        constant(without_casts(code(text, brackets_quote=brackets_quote)))
    read_declaration(text)


@given(st.lists(st.text(max_size=80), unique=True))
def test_any_names(names: list[str]) -> None:
    plain = plain_names(names)
    assert [*plain] == names and len({*plain.values()}) == len(names)
    assert all(is_identifier(name) and name[0] != "_" for name in plain.values())
    classes = class_names(names)
    assert len({*classes.values()}) == len(names)
    assert all(name.isidentifier() for name in classes.values())


def test_long_texts_take_no_longer_than_they_are() -> None:
    start = time.process_time()
    listed = ", ".join(f"'{i}'" for i in range(50_000))
    (one,) = conditions(f"a IN ({listed})", {"a": "int"}).restrictions
    assert len(one.constants) == 50_000
    conditions(" AND ".join(["a > 1"] * 5_000), {"a": "int"})
    conditions(" OR ".join(["a = 1"] * 5_000), {"a": "int"})
    read_declaration("CREATE TABLE t (" + "a INT CHECK (a > 1), " * 10_000 + ")")
    read_declaration("CREATE TABLE t (" + "-- '\n" * 50_000 + "a INT)")
    assert time.process_time() - start < 20
