"""SQL's words: names, values, comments."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

MAX_NAME: Final = 63
"""The bytes of a name that PostgreSQL keeps."""

_PLAIN: Final = re.compile(r"[a-z_][a-z0-9_]*\Z")
_WORDS: Final = """
    abort action add after all alter always analyse analyze and any array as asc asymmetric
    attach authorization autoincrement before begin between binary both by cascade case cast
    check collate collation column commit concurrently conflict constraint create cross current
    current_catalog current_date current_role current_schema current_time current_timestamp
    current_user database default deferrable deferred delete desc detach distinct do drop each
    else end escape except exclude exclusive exists explain fail false fetch filter first
    following for foreign freeze from full generated glob grant group groups having if ignore
    ilike immediate in index indexed initially inner insert instead intersect into is isnull
    join key last lateral leading left like limit localtime localtimestamp match materialized
    natural no not nothing notnull null nulls of offset on only or order others outer over
    overlaps partition placing plan pragma preceding primary query raise range recursive
    references regexp reindex release rename replace restrict returning right rollback row rows
    savepoint select session_user set similar some symmetric system_user table tablesample temp
    temporary then ties to trailing transaction trigger true unbounded union unique update user
    using vacuum values variadic verbose view virtual when where window with without
    """

_KEYWORDS: Final = frozenset(_WORDS.split())


def name(text: str) -> str:
    """A name, in double quotes if it needs them in one of the dialects."""
    if _PLAIN.match(text) and text not in _KEYWORDS:
        return text
    return '"' + text.replace('"', '""') + '"'


def free_name(wanted: str, taken: Collection[str]) -> str:
    """The name, or one like it that is no longer than allowed and, in any case, not taken."""
    free, number = wanted[:MAX_NAME], 1
    while free.lower() in taken:
        number += 1
        end = f"_{number}"
        free = wanted[: MAX_NAME - len(end)] + end
    return free


def string(text: str) -> str:
    """A string. Raises ValueError for one that holds NUL, which SQL can't write."""
    if "\0" in text:
        raise ValueError("a text in SQL can't hold the character NUL")
    return "'" + text.replace("'", "''") + "'"


def number(value: int | float) -> str:
    """A finite number."""
    assert math.isfinite(value)
    return repr(value)


def comment(lines: Iterable[str]) -> Iterator[str]:
    """Lines that SQL ignores."""
    for line in lines:
        yield f"-- {line}" if line else "--"


def lines_of(text: str) -> list[str]:
    """The lines of a description, without what can't be printed or ends a comment."""
    return [
        "".join(c if c.isprintable() else " " for c in line).rstrip()
        for line in text.strip().splitlines()
    ]
