"""Hostile, broken and very large input: clear faults, no traceback, bounded time."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen.codes import TITLES
from codegen.diagnostics import Diagnostics
from codegen.language.load import load
from codegen.language.source import SourceFile
from tests.language.native_samples import FIELDS, INDEXES, UNIONS, VALID
from tests.language.reading_support import read

FIELD = "tables: {t: {fields: {x: '%s'}}}\n"
SNIPPETS = st.sampled_from(
    [
        *"[]{}|&*!%@`'\"#,:?-~<>=\n\t\0\x85é\u2028",
        ": ",
        " #",
        "<<: ",
        "$type: ",
        "Id[",
        "$x?",
    ]
)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([FIELDS, INDEXES, UNIONS]),
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 30), SNIPPETS | st.text(max_size=9)),
        min_size=1,
        max_size=3,
    ),
)
def test_whatever_is_typed_there_are_only_faults_inside_the_file(
    text: str, edits: list[tuple[float, int, str]]
) -> None:
    for where, length, snippet in edits:
        start = int(where * len(text))
        text = text[:start] + snippet + text[start + length :]
    diagnostics = Diagnostics()
    data = text.encode("utf-8", "surrogatepass")
    loaded = load([SourceFile("a.yaml", data)], diagnostics)
    assert loaded is not None or diagnostics.failed
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    for diagnostic in diagnostics:
        assert diagnostic.code in TITLES
        for span in (diagnostic.span, *(note.span for note in diagnostic.notes)):
            assert span is not None
            assert (span.line, span.column) <= (span.end_line, span.end_column)
            assert span.end_line <= len(lines) + 1


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.lists(SNIPPETS, max_size=12).map("".join))
def test_whatever_is_written_as_a_type_there_are_only_faults(written: str) -> None:
    quoted = (
        written.replace("'", "''")
        .encode("utf-8", "surrogatepass")
        .decode("utf-8", "replace")
    )
    loaded, faults = read(FIELD % quoted)
    assert loaded is not None or faults


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: " + "[" * 30_000, "E005"),
        ("a: " + "{b: " * 30_000, "E005"),
        ("\n".join(" " * n + "a:" for n in range(1000)), "E005"),
        (
            "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(2000)),
            "E006",
        ),
        (FIELD % ("(" * 100_000), "E101"),
        (FIELD % ("-" * 100_000 + "1"), "E101"),
        (FIELD % ("list[" * 100_000), "E101"),
        (FIELD % " | ".join(["str"] * 100_000), "E101"),
        (FIELD % ("str = " + "[" * 100_000), "E101"),
        (FIELD % ("str = 1" + "0" * 100_000), "E101"),
        ('tables: {t: {fields: {x: "\\0"}}}', "E101"),
        ('tables: {t: {fields: {x: "str |\\r Foo"}}}', "E106"),
        (FIELD % ("str" + "; str" * 1000), "E101"),
    ],
)
def test_bombs(text: str, code: str) -> None:
    started = time.perf_counter()
    _, faults = read(text)
    assert code in {fault[:4] for fault in faults}
    assert time.perf_counter() - started < 20


def test_a_long_chain_of_types_is_no_recursion() -> None:
    types = "".join(f"  T{n}: list[T{n + 1}]\n" for n in range(5000))
    _, faults = read(f"types:\n{types}  T5000: str\ntables: {{t: {{fields: Any}}}}\n")
    assert faults == []
    _, faults = read(f"types:\n{types}  T5000: T0\ntables: {{t: {{fields: Any}}}}\n")
    assert [fault[:4] for fault in faults] == ["E118"]


def test_a_union_of_a_thousand_arms() -> None:
    loaded, faults = read(FIELD % " | ".join(f"Id[t{n}]" for n in range(1000)))
    assert faults == []
    assert loaded is not None
    span = loaded.locate(("tables", "t", "document", "field", "x", "arm", 999, "table"))
    assert span is not None
    assert span.end_column - span.column == len("t999")


def test_patterns_do_not_warn(recwarn: pytest.WarningsRecorder) -> None:
    read(FIELD % r'Annotated[str, Pattern("\d+\.\w")]')
    assert list(recwarn) == []


@pytest.mark.parametrize("text", VALID.values(), ids=VALID.keys())
def test_every_front_part_of_a_file_is_read_or_refused(text: str) -> None:
    for end in range(0, len(text), 7):
        loaded, faults = read(text[:end])
        assert loaded is not None or faults


def seconds(work: Callable[[], object]) -> float:
    """The best of three runs."""
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best


@pytest.mark.slow
def test_reading_grows_with_the_file() -> None:
    """Ten times the tables take about ten times as long, without the garbage collector."""

    def text(tables: int) -> str:
        return "tables:\n" + "".join(
            f"  t{n}:  # a table\n    fields:\n      a: str  # one\n      b?: Id[t{n}]\n"
            f"      c: {{d: float, e: str | None}}\n    indexes: {{by_a: [a, c.d]}}\n"
            for n in range(tables)
        )

    small, large = text(200), text(2000)
    gc.disable()
    try:
        assert seconds(lambda: read(large)) < 25 * seconds(lambda: read(small))
    finally:
        gc.enable()
