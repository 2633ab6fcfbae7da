"""Regular expressions of Python in the words of JSON Schema, which are those of JavaScript.

What comes out is read alike by Python and by JavaScript, there with the flag `u` as well, which
takes no needless escapes. Two small differences stay: `$` of Python also matches before a last line
break, and its `\\d`, `\\w` and `\\b` know more than ASCII.
"""

from __future__ import annotations

import re
from typing import Final

_END: Final = r"(?![\s\S])"
"""The very end, in both languages: Python's `\\Z`."""
_SYNTAX: Final = frozenset(r"^$\.*+?()[]{}|/")
"""What JavaScript lets a backslash stand before."""
_LETTERS: Final = frozenset("dDwWsStnrvf")
"""The escapes with a letter that mean the same inside and outside of brackets."""
_HEX: Final = re.compile(r"\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}")
_QUANTIFIER: Final = re.compile(r"(?:[*+?]|\{(\d*)(,?)(\d*)\})")
_GROUP: Final = re.compile(r"\((?:\?(?::|=|!|<=|<!))?(?!\?)")


def portable(pattern: str) -> str | None:
    """The same expression for both languages, or None where JavaScript has no words for it.

    `pattern` must be a regular expression of Python.
    """
    found: list[str] = []
    place = 0
    while place < len(pattern):
        part = _part(pattern, place)
        if part is None:
            return None
        text, place = part
        found.append(text)
    return "".join(found)


def _part(pattern: str, place: int) -> tuple[str, int] | None:
    """What one element becomes, and where the next one begins."""
    letter = pattern[place]
    if letter == "\\":
        return _escape(pattern, place)
    if letter == "[":
        return _class(pattern, place)
    if letter == "(":
        group = _GROUP.match(pattern, place)
        return (group[0], group.end()) if group else None
    quantifier = _QUANTIFIER.match(pattern, place)
    if quantifier is not None and quantifier[0] != "{}":
        return _quantifier(pattern, quantifier)
    return (f"\\{letter}" if letter in "{]}" else letter), place + 1


def _quantifier(pattern: str, found: re.Match[str]) -> tuple[str, int] | None:
    text = found[0]
    if text.startswith("{"):
        text = f"{{{found[1] or 0}{found[2]}{found[3]}}}"
    end = found.end()
    after = pattern[end : end + 1]
    if after == "+":
        return None  # it is possessive
    if after == "?":
        return f"{text}?", end + 1
    return text, end


def _escape(pattern: str, place: int) -> tuple[str, int] | None:
    """An escape outside of brackets."""
    letter = pattern[place + 1]
    if letter == "A":
        return "^", place + 2
    if letter == "Z":
        return _END, place + 2
    if letter in "bB":
        return f"\\{letter}", place + 2
    if letter in "123456789" and not pattern[place + 2 : place + 3].isdigit():
        return f"\\{letter}", place + 2
    return _character(pattern, place)


def _character(pattern: str, place: int) -> tuple[str, int] | None:
    """An escape that means the same inside and outside of brackets."""
    letter = pattern[place + 1]
    code = _HEX.match(pattern, place)
    if code is not None:
        return code[0], code.end()
    if letter in _SYNTAX or letter in _LETTERS:
        return f"\\{letter}", place + 2
    if letter.isalnum():
        return None
    return letter, place + 2


def _class(pattern: str, place: int) -> tuple[str, int] | None:
    """What stands in brackets."""
    text = "["
    place += 1
    if pattern[place] == "^":
        text += "^"
        place += 1
    first = True
    while first or pattern[place] != "]":
        if pattern[place] != "\\":
            part = f"\\{pattern[place]}" if pattern[place] in "[]" else pattern[place]
            place += 1
        elif pattern[place + 1] in "-b":
            part = pattern[place : place + 2]
            place += 2
        else:
            escaped = _character(pattern, place)
            if escaped is None:
                return None
            part, place = escaped
        text += part
        first = False
    return f"{text}]", place + 1
