"""SQL as tokens: enough to read declarations of tables, conditions and constants."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_PATTERNS: Final = {
    "comment": r"--[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)",
    "escaped": r"[eE]'(?:[^'\\]|''|\\.)*'",
    "blob": r"[xX]'[^']*'",
    "string": r"'(?:[^']|'')*'",
    "quoted": r'"(?:[^"]|"")*"|`(?:[^`]|``)*`',
    "number": r"0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?",
    "word": r"[^\W\d][\w$]*",
    "mark": r"::|<>|!=|==|<=|>=|\|\||~~\*?|!~~\*?|~\*|!~\*?|->>?|\S",
}


def _expression(patterns: dict[str, str]) -> re.Pattern[str]:
    groups = (f"(?P<{kind}>{pattern})" for kind, pattern in patterns.items())
    return re.compile("|".join(groups), re.DOTALL)


_TOKEN: Final = _expression(_PATTERNS)
_TOKEN_OF_SQLITE: Final = _expression(
    {**_PATTERNS, "quoted": _PATTERNS["quoted"] + r"|\[[^\]]*\]"}
)


@dataclass(frozen=True, slots=True)
class Token:
    """`start` and `end` are where it stands in the text.

    `kind` is word, quoted (a name), string, escaped, blob, number, comment or mark.
    """

    kind: str
    text: str
    start: int
    end: int

    def is_word(self, *words: str) -> bool:
        """Whether this is one of these words of SQL, given in capitals."""
        return self.kind == "word" and self.text.upper() in words

    @property
    def name(self) -> str | None:
        """The name that it is, without quotes; None if it is none."""
        if self.kind == "word":
            return self.text
        if self.kind != "quoted":
            return None
        inner = self.text[1:-1]
        return (
            inner
            if self.text[0] == "["
            else inner.replace(self.text[0] * 2, self.text[0])
        )


def tokens(text: str, *, brackets_quote: bool = False) -> Iterator[Token]:
    """The tokens of a text, comments included; what is no SQL comes as marks."""
    expression = _TOKEN_OF_SQLITE if brackets_quote else _TOKEN
    for found in expression.finditer(text):
        assert found.lastgroup is not None
        yield Token(found.lastgroup, found[0], found.start(), found.end())


def code(text: str, *, brackets_quote: bool = False) -> list[Token]:
    """The tokens of a text but for its comments."""
    found = tokens(text, brackets_quote=brackets_quote)
    return [token for token in found if token.kind != "comment"]


def matching(found: Sequence[Token], start: int) -> int:
    """Where the bracket closes that opens at `start`; the end if it never does."""
    depth = 0
    for i in range(start, len(found)):
        if found[i].text in ("(", "["):
            depth += 1
        elif found[i].text in (")", "]"):
            depth -= 1
            if depth == 0:
                return i
    return len(found)


def split(found: Sequence[Token], *separators: str) -> list[list[Token]]:
    """The parts between these words or marks outside of brackets.

    The AND of a BETWEEN is no separator.
    """
    parts: list[list[Token]] = [[]]
    depth = 0
    between = 0
    for token in found:
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        if depth == 0:
            if token.is_word("BETWEEN"):
                between += 1
            elif between and token.is_word("AND"):
                between -= 1
                parts[-1].append(token)
                continue
            is_name = token.kind in ("word", "mark")
            if is_name and token.text.upper() in separators:
                parts.append([])
                continue
        parts[-1].append(token)
    return parts


def without_brackets(found: Sequence[Token]) -> list[Token]:
    """The tokens without the brackets that enclose all of them."""
    inside = list(found)
    while len(inside) > 1 and inside[0].text == "(":
        if matching(inside, 0) != len(inside) - 1:
            break
        inside = inside[1:-1]
    return inside


def string_value(token: Token) -> str | None:
    """The text of a string; None if it is none, or has escapes that are not plain."""
    if token.kind == "string":
        return token.text[1:-1].replace("''", "'")
    if token.kind == "escaped":
        inner = token.text[2:-1].replace("''", "'")
        plain = inner.replace("\\\\", "\\")
        return plain if "\\" not in inner.replace("\\\\", "") else None
    return None
