"""The characters of a source file, and the way from an index to a line and a column."""

from __future__ import annotations

import re
from bisect import bisect_right
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from functools import cached_property
from typing import Final, TypeAlias

from codegen.diagnostics import Diagnostic, Diagnostics, Span

from .source import SourceFile

Place: TypeAlias = tuple[int, int]
"""A stretch of a text: the indexes of its first character and of the one after its last."""

_LINE_END: Final = re.compile(r"\r\n?|\n")
# YAML takes these for line ends, most editors do not: lines would be counted differently.
_STRANGE_LINE_ENDS: Final = ("\x85", "\u2028", "\u2029")


class Text:
    """The characters of the file `path`, without a byte order mark."""

    def __init__(self, path: str, characters: str) -> None:
        self.path = path
        self.characters = characters

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(end.end() for end in _LINE_END.finditer(self.characters))]

    def span(self, start: int, end: int) -> Span:
        """The span from index `start` to `end`, without blanks at its end."""
        written = self.characters[start:end]
        end = start + len(written.rstrip() or written.rstrip("\r\n"))
        line, column = self._position(start)
        return Span(self.path, line, column, *self._position(end))

    def _position(self, index: int) -> tuple[int, int]:
        line = bisect_right(self._line_starts, index)
        return line, index - self._line_starts[line - 1] + 1

    def line_of(self, index: int) -> Place:
        """The line that holds the character at `index`, without its line end."""
        line = bisect_right(self._line_starts, index)
        start = self._line_starts[line - 1]
        end = _LINE_END.search(self.characters, start)
        return start, end.start() if end else len(self.characters)


def decode(file: SourceFile, diagnostics: Diagnostics) -> Text | None:
    """The text of `file`, or None after a report that its bytes are not UTF-8 text."""
    data = file.data.removeprefix(BOM_UTF8)
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or b"\0" in data[:2]:
        message = "this file is not UTF-8 text: it looks like UTF-16"
        place = Span(file.path, 1, 1, 1, 1)
        diagnostics.add(Diagnostic("E002", message, place, "save the file as UTF-8"))
        return None
    try:
        text = Text(file.path, data.decode())
    except UnicodeDecodeError as error:
        before = Text(file.path, data[: error.start].decode())
        end = len(before.characters)
        message = f"this file is not UTF-8 text: byte 0x{data[error.start]:02x}"
        hint = "save the file as UTF-8"
        diagnostics.add(Diagnostic("E002", message, before.span(end, end), hint))
        return None
    return text if _has_plain_line_ends(text, diagnostics) else None


def _has_plain_line_ends(text: Text, diagnostics: Diagnostics) -> bool:
    found = [text.characters.find(end) for end in _STRANGE_LINE_ENDS]
    index = min((index for index in found if index >= 0), default=-1)
    if index >= 0:
        name = f"U+{ord(text.characters[index]):04X}"
        message = f"the line separator {name} is not allowed"
        hint = "end lines with a line feed; inside a double-quoted text write it as an escape"
        diagnostics.add(Diagnostic("E003", message, text.span(index, index + 1), hint))
    return index < 0
