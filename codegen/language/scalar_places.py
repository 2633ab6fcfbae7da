"""From a character of a scalar's value back to the source that spelt it.

Folding joins lines, quotes double, escapes shrink: an index of the value says nothing about the
source until both are walked side by side.
"""

from __future__ import annotations

from typing import Final

from .text import Place, Text
from .yaml_tree import Scalar

_ESCAPE_LENGTHS: Final = {"x": 4, "u": 6, "U": 10}


def place_within(text: Text, scalar: Scalar, start: int, end: int) -> Place:
    """The place in the source of the characters `start` to `end` of the scalar's value."""
    raw = text.characters[scalar.start : scalar.end]
    quote = 1 if scalar.style in ("'", '"') else 0
    if len(raw) - 2 * quote == len(scalar.text):
        # Nothing was folded or escaped, or each line end became one space.
        return scalar.start + quote + start, scalar.start + quote + end
    places = _places(scalar, raw)
    first = places[start][0]
    last = places[end - 1][1] if end > start else first
    return scalar.start + first, scalar.start + last


def _places(scalar: Scalar, raw: str) -> list[Place]:
    """For each character of the value, and for its end, what stands for it in `raw`."""
    at = 1 if scalar.style in ("'", '"') else 0
    if scalar.style in ("|", ">"):
        at = raw.index("\n") + 1 if "\n" in raw else len(raw)
    places: list[Place] = []
    for character in scalar.text:
        if scalar.style == '"':
            at = _after_line_joints(raw, at)
        if not character.isspace():
            while raw[at : at + 1].isspace():
                at += 1
        length = 1
        if scalar.style == '"' and raw[at : at + 1] == "\\":
            length = _ESCAPE_LENGTHS.get(raw[at + 1 : at + 2], 2)
        elif scalar.style == "'" and character == "'":
            length = 2
        places.append((min(at, len(raw)), min(at + length, len(raw))))
        at += length
    places.append((min(at, len(raw)), min(at, len(raw))))
    return places


def _after_line_joints(raw: str, at: int) -> int:
    """The index after escaped line ends, which join two lines and stand for no character."""
    while raw[at : at + 2] in ("\\\n", "\\\r"):
        at += 2
        while raw[at : at + 1].isspace():
            at += 1
    return at
