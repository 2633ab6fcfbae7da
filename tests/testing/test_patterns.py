"""Texts for regular expressions as people write them."""

from __future__ import annotations

import re
import time
from random import Random

import pytest

from codegen.testing.patterns import matching

EXPRESSIONS = [
    r"^[A-Z]{3}-[0-9]+$",
    r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
    r"^\+?[1-9]\d{1,14}$",
    r"^#(?:[0-9a-fA-F]{3}){1,2}$",
    r"^\d{4}-(0[1-9]|1[0-2])-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$",
    r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
    r"^https?://\S+$",
    r"(?i)^yes|no$",
    r"(?x) ^ \w+ \s \W \D $  # with blanks",
    r"^(?P<quote>['\"]).*?(?P=quote)$",
    r"^(a)?(?(1)b|c)$",
    r"^(?=.*\d)(?=.*[a-z])(?=.*[A-Z]).{8,}$",
    r"^(?!admin$)[a-z]+$",
    r"\bword\b",
    r"^[^\x00-\x7f]+$",
    r"^[\u0400-\u04ff]{2}$",
    r"^(?>a+)b$",
    r"^a++b*+$",
    r"^$",
    r"[^\d\D]|x",
    r"^[\w.-]{2,}\Z",
    r"(?s)^.\n.$",
    "",
]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_found(expression: str) -> None:
    for seed in range(50):
        text = matching([expression], Random(seed), 0, 200)
        assert text is not None and re.search(expression, text), seed
        text.encode()


@pytest.mark.parametrize(
    ("expression", "least", "most"),
    [
        (r"^[0-9a-f]+$", 64, 64),
        (r"^[a-z][a-z0-9-]*$", 3, 5),
        (r"^abc", 100, 120),
        (r"\d", 12, 12),
        (r"^[a-z]+(-[a-z]+)*$", 40, 60),
    ],
)
def test_of_a_length(expression: str, least: int, most: int) -> None:
    for seed in range(50):
        text = matching([expression], Random(seed), least, most)
        assert text is not None and re.search(expression, text), seed
        assert least <= len(text) <= most


@pytest.mark.parametrize(
    "expression", [r"(?!)", r"^a\bb$", r"[^\s\S]", r"((a{999}){999}){999}", r"$a"]
)
def test_not_found(expression: str) -> None:
    start = time.perf_counter()
    assert matching([expression], Random(0), 0, 200) is None
    assert time.perf_counter() - start < 10


def test_every_expression_occurs() -> None:
    text = matching(["^[ab]{6}$", "aa", "bb"], Random(3), 0, 20)
    assert text and "aa" in text and "bb" in text
