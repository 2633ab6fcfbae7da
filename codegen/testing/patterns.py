"""Texts that match regular expressions.

An expression is read by Python's own parser, and a text written as it says. What stands around
a place (anchors, lookarounds) is not obeyed but tried: a text that does not match is thrown away.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import import_module
from random import Random
from typing import Any, Final, TypeAlias, cast

_Item: TypeAlias = tuple[object, Any]
"""An operation of the parser, and what it is done with."""

# Python has no public way to the parts of an expression.
_parse: Final = cast(
    "Callable[[str], Sequence[_Item]]", import_module("re._parser").parse
)
_LETTERS: Final = string.ascii_letters + string.digits
_PRINTABLE: Final = _LETTERS + " " + string.punctuation
_CLASSES: Final = {
    "DIGIT": string.digits,
    "WORD": _LETTERS + "_",
    "SPACE": " ",
}
_TRIES: Final = 500
_LONGEST: Final = 100_000
_MOST_WORK: Final = 1_000_000
"""Operations in all tries together: about a second."""


class _TooLong(Exception):
    """Nobody wants so long a text."""


def matching(
    expressions: Sequence[str], random: Random, least: int, most: int
) -> str | None:
    """A text of `least` to `most` characters in which each expression occurs.

    The first expression is what the text is made for; None if no text is found in a while.
    """
    searches = [re.compile(expression).search for expression in expressions]
    items = _parse(expressions[0])
    work = _MOST_WORK
    repeats = sorted({1, 4, 16, min(least, _LONGEST)})
    for attempt in range(_TRIES):
        more = repeats[attempt // 2 % len(repeats)]
        limit = min(work, _LONGEST)
        writer = _Writer(random, more, limit, exact=attempt % 2 == 1)
        try:
            text = writer.write(items)
        except _TooLong:
            continue
        finally:
            work -= limit - writer.left
        if len(text) < least and attempt % 4 > 1:
            text += "".join(random.choices(string.ascii_lowercase, k=least - len(text)))
        fits = least <= len(text) <= most and _is_text(text)
        if fits and all(search(text) for search in searches):
            return text
    return None


def _is_text(text: str) -> bool:
    """Whether it has no half of a surrogate pair, which can't be stored."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


class _Writer:
    """Writes one text; what may be repeated is repeated up to `more` times, or `exact`ly so."""

    def __init__(self, random: Random, more: int, limit: int, *, exact: bool) -> None:
        self._random = random
        self._more = more
        self._exact = exact
        self._groups: dict[int, str] = {}
        self.left = limit

    def write(self, items: Sequence[_Item]) -> str:
        return "".join([self._item(str(kind), given) for kind, given in items])

    def _item(self, kind: str, given: Any) -> str:
        self.left -= 1
        if self.left < 0:
            raise _TooLong
        if kind == "LITERAL":
            return chr(given)
        if kind == "NOT_LITERAL":
            return self._choice(_outside((("LITERAL", given),)))
        if kind == "ANY":
            return self._random.choice(_LETTERS)
        if kind == "IN":
            return self._one_of(given)
        if kind == "BRANCH":
            return self.write(self._random.choice(given[1]))
        if kind == "SUBPATTERN":
            group, *_, items = given
            text = self._groups[group] = self.write(items)
            return text
        if kind.endswith("_REPEAT"):
            return self._repeated(*given)
        if kind == "GROUPREF":
            return self._groups.get(given, "")
        if kind == "GROUPREF_EXISTS":
            group, there, not_there = given
            return self.write((there if group in self._groups else not_there) or ())
        return self.write(given) if kind == "ATOMIC_GROUP" else ""

    def _repeated(self, least: int, most: int, items: Sequence[_Item]) -> str:
        highest = min(int(most), max(least, self._more))
        count = highest if self._exact else self._random.randint(least, highest)
        return "".join([self.write(items) for _ in range(count)])

    def _one_of(self, items: Sequence[_Item]) -> str:
        kinds = [(str(kind), given) for kind, given in items]
        if kinds[0][0] == "NEGATE":
            return self._choice(_outside(tuple(kinds[1:])))
        kind, given = self._random.choice(kinds)
        if plain := _printable(kind, given):
            return self._random.choice(plain)
        if kind == "RANGE":
            return chr(self._random.randint(*given))
        return chr(given) if kind == "LITERAL" else ""

    def _choice(self, characters: str) -> str:
        return self._random.choice(characters) if characters else ""


@lru_cache(maxsize=256)
def _printable(kind: str, given: Any) -> str:
    """The characters of a part of a set that a keyboard has."""
    return "".join(c for c in _PRINTABLE if _has(c, kind, given))


@lru_cache(maxsize=256)
def _outside(items: tuple[tuple[str, Any], ...]) -> str:
    """Characters that a set does not have: letters and digits, or else any."""
    for characters in (_LETTERS, map(chr, range(0x3000))):
        found = [c for c in characters if not any(_has(c, *item) for item in items)]
        if found:
            return "".join(found)
    return ""


def _has(character: str, kind: str, given: Any) -> bool:
    """Whether a part of a set of characters has this one."""
    code = ord(character)
    if kind == "LITERAL":
        return bool(code == given)
    if kind == "RANGE":
        return bool(given[0] <= code <= given[1])
    name = str(given).removeprefix("CATEGORY_")
    inside = character in _CLASSES[name.removeprefix("NOT_")]
    return inside != name.startswith("NOT_")
