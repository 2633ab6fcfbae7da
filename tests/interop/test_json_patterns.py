"""Regular expressions mean in JavaScript what they mean in Python, or are left out."""

from __future__ import annotations

import json
import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.interop.json_schema.patterns import portable
from tests.npm import NODE

# Python warns of `[[`, which it may read in another way one day.
pytestmark = pytest.mark.filterwarnings("ignore:Possible nested set:FutureWarning")

SAMPLES = [
    *("", "a", "abc", "ab-1", "A", "a b", "a\n", "\n", "-", "_", "]", "[", "{", "}"),
    *("a{", "a{,2}", "aa", "aaa", "#:@", "a.b", "1", "42", "é", "🔥", "^", "\\", "&"),
]
EXACT = [
    *(
        "^[a-z]+-[0-9]",
        "b",
        r"\d{3}",
        r"\w+\s\w+",
        r"(?:ab|c)d?",
        r"(?=a)(?!b)",
        "a*?b",
    ),
    *(
        r"(?<=a)b",
        r"(?<!a)b",
        r"(a)\1",
        r"\x41|\u00e9",
        r"[^a-z\d]",
        r"\bab\b",
        ".",
        "🔥",
    ),
]
REWRITTEN = {
    r"\Aab\Z": r"^ab(?![\s\S])",
    r"a\-b\ c\#\:\@": "a-b c#:@",
    r"[\-a\_\.]": r"[\-a_\.]",
    "a{,2}": "a{0,2}",
    "a{": r"a\{",
    "{}": r"\{\}",
    "]": r"\]",
    "[]a]": r"[\]a]",
    "[^]a]": r"[^\]a]",
    "[[a]": r"[\[a]",
}
ONLY_PYTHON = [
    *(
        "(?i)a",
        "(?P<name>a)",
        "(?P<n>a)(?P=n)",
        "(?#note)a",
        "(?>a)b",
        "a++",
        "a{1,2}+",
    ),
    *("(a)?(?(1)b|c)", r"\a", r"\N{BULLET}", r"\U0001F525", r"\012", "(?s:.)"),
]


def in_javascript(patterns: list[str]) -> list[list[bool]]:
    """Which samples each expression occurs in, read with the flag `u`; fails if one is refused."""
    script = """
        const [patterns, samples] = JSON.parse(require("fs").readFileSync(0, "utf8"));
        const found = patterns.map((one) => new RegExp(one, "u"));
        console.log(JSON.stringify(found.map((one) => samples.map((s) => one.test(s)))));
    """
    done = subprocess.run(
        [NODE, "-e", script],
        input=json.dumps([patterns, SAMPLES]),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    answer: list[list[bool]] = json.loads(done.stdout)
    return answer


def in_python(pattern: str) -> list[bool]:
    return [re.search(pattern, sample) is not None for sample in SAMPLES]


def test_both_languages_read_it_alike() -> None:
    patterns = [*EXACT, *REWRITTEN]
    written = [portable(pattern) for pattern in patterns]
    known = [pattern for pattern in written if pattern is not None]
    assert len(known) == len(patterns)
    meant = [in_python(pattern) for pattern in patterns]
    assert [in_python(pattern) for pattern in known] == meant
    # No sample has letters that only Python's classes know.
    assert in_javascript(known) == meant


@pytest.mark.parametrize("pattern", EXACT)
def test_what_both_know_stays_as_it_is(pattern: str) -> None:
    assert portable(pattern) == pattern


@pytest.mark.parametrize("pattern", REWRITTEN)
def test_what_both_can_say_is_rewritten(pattern: str) -> None:
    assert portable(pattern) == REWRITTEN[pattern]


@pytest.mark.parametrize("pattern", ONLY_PYTHON)
def test_what_only_python_knows_is_left_out(pattern: str) -> None:
    re.compile(pattern)
    assert portable(pattern) is None


def is_expression(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except (re.error, OverflowError):
        return False
    return True


@given(st.text(r"ab[]{}()^$.*+?|\-,12:=!<Zd", max_size=8).filter(is_expression))
def test_any_expression_keeps_its_meaning(pattern: str) -> None:
    written = portable(pattern)
    if written is not None:
        assert in_python(written) == in_python(pattern)
