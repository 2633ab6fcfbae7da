"""The comment beside a key: its description."""

from __future__ import annotations

import re
from typing import Final

from .text import Text
from .yaml_tree import Entry, Scalar

_AFTER_KEY: Final = re.compile(r"[ \t]*:[ \t]+#+[ \t]?(.*)")
_AFTER_VALUE: Final = re.compile(r"[ \t]*,?[ \t]+#+[ \t]?(.*)")


def comment_beside(text: Text, entry: Entry) -> str:
    """The comment after the key, else the one on the line where the value ends, or nothing."""
    key, value = entry
    found = _AFTER_KEY.match(text.characters, key.end)
    if not found and (isinstance(value, Scalar) or _is_flow(text, value.start)):
        found = _AFTER_VALUE.match(text.characters, value.end)
    return found[1].strip() if found else ""


def _is_flow(text: Text, start: int) -> bool:
    return text.characters[start] in "[{"
