"""Regular expressions of ECMA-262 as Python has them."""

from __future__ import annotations

import pytest

from codegen.importers.json_schema.patterns import Pattern, python_pattern


@pytest.mark.parametrize(
    ("pattern", "expected", "is_wider"),
    [
        (r"^[A-Z]{3}", r"^[A-Z]{3}", False),
        (r"^a$", r"^a$", True),
        (r"\d.\w", r"\d.\w", True),
        (r"(?<year>[0-9])-\k<year>", r"(?P<year>[0-9])-(?P=year)", False),
        (r"\/\-\_", r"\/\-_", False),
        (r"\u{1F600}\u0041\x41\cJ\0", r"\U0001f600\u0041\x41\x0a\x00", False),
        (r"[[a][\b][\w-.]", r"[\[a][\x08][\w\-.]", True),
        (r"[a-z&&[^b]]", r"[a-z&\&\[^b]]", False),
        (r"{a}x{,3}y{2,}", r"\{a}x\{,3}y{2,}", False),
        (r"(?:a)(?=b)(?!c)(?<=d)(?<!e)f+?", r"(?:a)(?=b)(?!c)(?<=d)(?<!e)f+?", False),
    ],
)
def test_what_python_says_the_same_way(
    pattern: str, expected: str, is_wider: bool
) -> None:
    assert python_pattern(pattern) == Pattern(expected, is_wider)


@pytest.mark.parametrize(
    "pattern",
    [r"\p{L}", "[^]", "[]", "(?i)a", "a++", "a{2}+", r"\Z", r"\ud83d", "(", "(?<=a+)b", "(?>a)", r"[\B]"],
)  # fmt: skip
def test_what_python_has_no_words_for(pattern: str) -> None:
    assert isinstance(python_pattern(pattern), str)
