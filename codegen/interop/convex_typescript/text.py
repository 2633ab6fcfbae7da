"""Tokens of TypeScript: names and literals, spelled as Prettier leaves them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

_SHORT: Final = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Keywords, what strict mode and modules reserve, globals that may not be declared, and what
# a schema imports.
_TAKEN: Final = frozenset(
    {
        *("arguments", "await", "break", "case", "catch", "class", "const"),
        *("continue", "debugger", "default", "defineSchema", "defineTable", "delete"),
        *("do", "else", "enum", "eval", "export", "exports", "extends", "false"),
        *("finally", "for", "function", "globalThis", "if", "implements", "import"),
        *("in", "instanceof", "interface", "let", "new", "null", "package"),
        *("private", "protected", "public", "require", "return", "static", "super"),
        *("switch", "this", "throw", "true", "try", "typeof", "undefined", "v"),
        *("var", "void", "while", "with", "yield"),
    }
)


def identifiers(names: Iterable[str]) -> dict[str, str]:
    """A constant's name for each type: its own in camel case, with a suffix if that is taken.

    The names must be ASCII identifiers.
    """
    taken: set[str] = {*_TAKEN}
    found: dict[str, str] = {}
    for name in sorted(names):
        found[name] = next(c for c in _candidates(_camel_case(name)) if c not in taken)
        taken.add(found[name])
    return found


def _candidates(name: str) -> Iterator[str]:
    yield name
    name += "Validator"
    yield name
    number = 2
    while True:
        yield f"{name}{number}"
        number += 1


def _camel_case(name: str) -> str:
    first, *others = re.split(r"(?<=[A-Za-z0-9])_+(?=[A-Za-z0-9])", name)
    # Of capitals in a row, the last one begins the next word: `HTTPServer`.
    start = re.compile(r"^_*(?:[A-Z]+(?![a-z])|[A-Z])")
    return start.sub(lambda match: match[0].lower(), first) + "".join(
        word.capitalize() if word.isupper() else word[0].upper() + word[1:]
        for word in others
    )


def key(name: str) -> str:
    """The key of a property; a plain `__proto__` would set the prototype."""
    return '["__proto__"]' if name == "__proto__" else name


def string(text: str) -> str:
    """A string literal, in the quotes that need fewer backslashes, at best double ones."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    inner = "".join(map(_escaped, text))
    return quote + inner.replace(quote, "\\" + quote) + quote


def _escaped(char: str) -> str:
    """A character, or the escape of one that can't be seen, such as a joiner."""
    if char.isprintable() and char != "\\":
        return char
    point = ord(char)
    if point > 0xFFFF:
        return f"\\u{{{point:x}}}"
    escape = f"\\x{point:02x}" if point <= 0xFF else f"\\u{point:04x}"
    return _SHORT.get(char, escape)


def literal(value: str | int | float | bool) -> str:
    """A literal of a boolean, a string, a bigint (an int) or a number (a float)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return string(value)
    if isinstance(value, int):
        return f"{value}n"
    special = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
    text = repr(value)
    mantissa, e, exponent = special.get(text, text).partition("e")
    return mantissa.removesuffix(".0") + e + (str(int(exponent)) if e else "")
