"""Texts in YAML: plain where it takes them as they are, else quoted, or as a block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

WIDTH: Final = 88

_FORBIDDEN: Final = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_NOT_PLAIN: Final = re.compile(
    r"""\A(?:[,\[\]{}#&*!|>'"%@`\s]|[-?:](?:\s|\Z)|\Z)|:(?:\s|\Z)|\s#|[\t\n]|\s\Z"""
)
_NOT_PLAIN_INSIDE: Final = re.compile(r"[,\[\]{}:]|\A[-?]")
_NO_TEXT: Final = re.compile(
    r"~|null|Null|NULL|true|True|TRUE|false|False|FALSE|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
"""What an editor takes for a value of another kind, as YAML 1.2 does; our reader does not."""
_FOLD: Final = re.compile(r"(?<=\S) (?=\S)")
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def scalar(text: str, *, inside: bool = False) -> str:
    """A text on one line, quoted if it has to be; `inside` of brackets or braces more is."""
    if _is_plain(text) and not (inside and _NOT_PLAIN_INSIDE.search(text)):
        return text
    if "\n" in text or "\t" in text or _FORBIDDEN.search(text):
        return double_quoted(text)
    if "'" in text and not ('"' in text or "\\" in text):
        return f'"{text}"'
    return _single_quoted(text)


def double_quoted(text: str) -> str:
    """A text in double quotes, whatever characters it has."""
    return '"' + re.sub(r'[\\"\n\t\r]|[^\x20-\x7e]', _escaped, text) + '"'


def folded_scalar(lines: Sequence[str]) -> list[str]:
    """The lines of a text whose line ends are spaces, quoted if it has to be."""
    if not _is_plain(" ".join(lines)):
        return _single_quoted("\n".join(lines)).split("\n")
    return [*lines]


def comment(text: str) -> str | None:
    """A text as the comment behind a value; None if it has several lines, or can't be one."""
    if not text:
        return ""
    return None if "\n" in text or _FORBIDDEN.search(text) else f"  # {text}"


def described(key: str, text: str, indent: int) -> list[str]:
    """The lines of a key with a text for people, of any length."""
    margin = " " * indent
    line = f"{margin}{key}: {scalar(text)}"
    if _FORBIDDEN.search(text) or ("\n" not in text and len(line) <= WIDTH):
        return [line]
    sign, lines = "|", text.split("\n")
    if len(lines) == 1:
        sign, lines = ">", _wrapped(text, indent + 2)
    below = (f"{margin}  {one}" if one else "" for one in lines)
    return [f"{margin}{key}: {sign}", *below]


def _is_plain(text: str) -> bool:
    is_odd = _NOT_PLAIN.search(text) or _NO_TEXT.fullmatch(text)
    return not (is_odd or _FORBIDDEN.search(text))


def _wrapped(text: str, indent: int) -> list[str]:
    """The text in lines; a folded block gives back a space for each line end."""
    lines: list[str] = []
    for word in _FOLD.split(text):
        if lines and indent + len(lines[-1]) + 1 + len(word) <= WIDTH:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines


def _single_quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return f"\\u{code:04x}" if code > 0xFF else f"\\x{code:02x}"
