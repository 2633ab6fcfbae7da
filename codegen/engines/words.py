"""Texts as words, for search indexes: the same words whatever database keeps them.

The rules are the server's (`crates/search/src/constants.rs`, Tantivy's `SimpleTokenizer`): a word is
letters and digits, in lower case. Marks belong to the letters that they stand on.
"""

from __future__ import annotations

from itertools import islice
from typing import Final
from unicodedata import category

MAX_BYTES: Final = 32
"""A word of so many bytes of UTF-8, or more, is left out."""
MAX_TERMS: Final = 16
"""How many words of a query are looked for: the first ones."""


class _Letters(dict[int, str]):
    """Each code point in lower case, or a space where it is no part of words."""

    def __missing__(self, point: int) -> str:
        letter = chr(point)
        kept = letter.isalnum() or category(letter).startswith("M")
        self[point] = made = letter.lower() if kept else " "
        return made


_LETTERS: Final = _Letters()


def words_of(text: str) -> list[str]:
    """The words of a text, in their order."""
    return [
        word
        for word in text.translate(_LETTERS).split()
        if len(word) * 4 < MAX_BYTES or len(word.encode()) < MAX_BYTES
    ]


def terms_of(text: str) -> tuple[str, ...]:
    """The words that a query looks for; of the last one, the beginning is enough."""
    return tuple(islice(words_of(text), MAX_TERMS))
