"""The documents of a JSON array, apart from each other."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from json import JSONDecodeError, JSONDecoder
from typing import Final

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_DECODER: Final = JSONDecoder(
    parse_int=float
)  # which takes as many digits as there are


def items_of(text: str) -> Iterator[str]:
    """The texts of the items of a JSON array, as they are: what is in them is not judged here.

    Raises a `ValueError` if the text is no array, and a `JSONDecodeError` where it is not JSON.
    """
    at = _next(text, 0)
    if text[at : at + 1] != "[":
        raise ValueError("it is no array of documents")
    at = _next(text, at + 1)
    if text[at : at + 1] != "]":
        at = yield from _items(text, at)
    at = _next(text, at + 1)
    if at != len(text):
        raise JSONDecodeError("Extra data", text, at)


def _items(text: str, at: int) -> Generator[str, None, int]:
    """The items from the first one on; the answer is where the array ends."""
    while True:
        start = at
        _, at = _DECODER.raw_decode(text, start)
        yield text[start:at]
        at = _next(text, at)
        if text[at : at + 1] == "]":
            return at
        if text[at : at + 1] != ",":
            raise JSONDecodeError("Expecting ',' delimiter", text, at)
        at = _next(text, at + 1)


def _next(text: str, at: int) -> int:
    """The place of what comes after spaces."""
    found = _SPACE.match(text, at)
    return found.end() if found else at
