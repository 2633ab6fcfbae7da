"""Text of a schema as text of a Mermaid diagram.

Mermaid reads Markdown, HTML, icons, formulas and directives in a text, and has one way around all of
them: `#35;`, the number of a character. Characters that may mean something are written so.
"""

from __future__ import annotations

import re
from typing import Final

_UNSAFE: Final = re.compile(
    r"""["\#<>&*~`\\%$]"""
    r"|_(?![A-Za-z0-9])|(?<![A-Za-z0-9])_"  # emphasis, but not inside of a word
    r"|:(?!\s|$)"  # an icon, an address
    r"|\](?=\()"  # a link
)
_SPACE: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ufeff]+")
_NOT_XML: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")


def quoted(text: str) -> str:
    """The text in quotes, on one line, read as nothing but text."""
    return f'"{escaped(text)}"'


def escaped(text: str) -> str:
    line = _NOT_XML.sub("\ufffd", _SPACE.sub(" ", text)).strip()
    return _UNSAFE.sub(lambda found: f"#{ord(found[0])};", line)


def first_paragraph(text: str) -> str:
    """What a description says first, on one line."""
    return _SPACE.sub(" ", re.split(r"\n\s*\n", text.strip())[0])
