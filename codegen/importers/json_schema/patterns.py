"""Regular expressions: ECMA-262's, as Python would read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_PART: Final = re.compile(
    r"\\u\{[0-9A-Fa-f]+\}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\c[A-Za-z]|\\k<[^>]*>"
    r"|\\[pP]\{[^}]*\}|\\.|\(\?<[A-Za-z_]\w*>|\(\?[^:=!<]|\{[0-9]+(?:,[0-9]*)?\}|.",
    re.DOTALL,
)
_EMPTY: Final = ("]", "^]")
_ALIKE: Final = frozenset("fnrtv\\/^$.*+?()[]{}|-") | frozenset("123456789")
_WIDER: Final = frozenset("dDwWsSbB")


@dataclass(frozen=True, slots=True)
class Pattern:
    """What Python searches for; `is_wider` where it finds a little more than ECMA-262's."""

    text: str
    is_wider: bool

    def matches(self, value: str) -> bool:
        return re.search(self.text, value) is not None


def python_pattern(pattern: str) -> Pattern | str:
    """The pattern for `re.search`; or why there is none, as the end of a sentence."""
    parts: list[str] = []
    is_wider = in_class = False
    last = ""
    for found in _PART.finditer(pattern):
        part = found[0]
        if part == "[" and not in_class and pattern[found.end() :].startswith(_EMPTY):
            return "`[]` and `[^]` take no and every character, and Python refuses them"
        if part.startswith("\\"):
            made = _escape(part, in_class)
            if made is None:
                return f"`{part}` means something else to Python, or nothing"
            is_wider = is_wider or (part[1:] in _WIDER)
            part = made
        elif in_class:
            # Python warns of set operations that it may have one day.
            if part == "[" or (part == last and part in "-&|~"):
                part = f"\\{part}"
            elif part == "-" and last[1:] in _WIDER and last[0] == "\\":
                part = "\\-"
            elif part == "]":
                in_class = False
        elif part == "[":
            in_class = True
        elif part.startswith("(?<") and part.endswith(">"):
            part = f"(?P<{part[3:]}"
        elif part.startswith("(?"):
            return f"`{part}` is not in ECMA-262, or Python reads it in another way"
        elif part in "$.":
            is_wider = True
        elif part == "{":
            part = "\\{"  # which Python may take for a quantifier: `{,3}`
        elif part == "+" and (last in ("*", "+", "?") or last[:1] == "{"):
            return "a quantifier behind another one is an error there"
        parts.append(part)
        last = part
    made_text = "".join(parts)
    try:
        re.compile(made_text)
    except (re.error, OverflowError, RecursionError) as error:
        return f"Python refuses it: {error}"
    return Pattern(made_text, is_wider)


def _escape(part: str, in_class: bool) -> str | None:
    """An escape for Python; None where it has no such thing."""
    kind = part[1]
    if part.startswith("\\u{"):
        code = int(part[3:-1], 16)
        return f"\\U{code:08x}" if code <= 0x10FFFF else None
    if len(part) > 2 and kind in "ux":
        code = int(part[2:], 16)
        # Halves of surrogate pairs are no characters of Python's texts.
        return None if 0xD800 <= code < 0xE000 else part
    if part.startswith("\\c"):
        return f"\\x{ord(part[2]) % 32:02x}" if len(part) == 3 else None
    if part.startswith("\\k<"):
        return f"(?P={part[3:-1]})"
    if kind in "pP" and len(part) > 2:
        return None
    if kind in "bB" and in_class:
        return "\\x08" if kind == "b" else None
    if kind in _WIDER or kind in _ALIKE:
        return part
    if kind == "0":
        return "\\x00"
    if kind.isalnum() and kind.isascii():
        return None
    return re.escape(kind) if not (in_class and kind in "-^]\\") else part
