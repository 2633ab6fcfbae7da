"""Rules for search indexes."""

from __future__ import annotations

from codegen.ir.model import SearchIndex
from tests.ir.checks.small_schemas import Rule, abc, of, with_search

RULES: list[Rule] = [
    (
        "E312",
        ("tables", "t", "searchIndexes", 0, "field"),
        with_search("z"),
        with_search("a"),
    ),
    (
        "E312",
        ("tables", "t", "searchIndexes", 0, "filters", 1),
        with_search("a", "b", "z"),
        with_search("a", "b", "c"),
    ),
    (
        "E315",
        ("tables", "t", "searchIndexes", 0, "filters", 16),
        with_search("a", *"abcdefghijklmnopq"),
        with_search("a", *"abcdefghijklmnop"),
    ),
    (
        "E316",
        ("tables", "t", "searchIndexes", 1),
        of(
            abc(),
            search_indexes=(
                SearchIndex("x", "a", ("b", "c")),
                SearchIndex("y", "a", ("c", "b")),
            ),
        ),
        of(
            abc(),
            search_indexes=(
                SearchIndex("x", "a", ("b", "c")),
                SearchIndex("y", "a", ("c",)),
            ),
        ),
    ),
    (
        "E320",
        ("tables", "t", "searchIndexes", 0, "filters", 1),
        with_search("a", "b", "b"),
        with_search("a", "b", "c"),
    ),
]
