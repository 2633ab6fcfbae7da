"""PostgreSQL's arrays as texts: `{1,2}`, `{"a, b",c}`."""

from __future__ import annotations

import re
from typing import Final

from .constant_values import Constant

_ITEM: Final = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"{},\\][^"{},\\]*))\s*')


def array_items(text: str) -> list[Constant]:
    """The elements of an array of one dimension.

    Raises ValueError for another one, for one that holds NULL, and for what is none.
    """
    inner = text.strip()
    if not (inner.startswith("{") and inner.endswith("}")):
        raise ValueError("it is no array")
    inner = inner[1:-1]
    items: list[Constant] = []
    at = 0
    while inner.strip():
        found = _ITEM.match(inner, at)
        if found is None:
            raise ValueError("it is an array in an array, or none")
        quoted, plain = found.groups()
        if quoted is None and plain.strip().upper() == "NULL":
            raise ValueError("it holds NULL")
        value = plain.strip() if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        items.append(Constant("string", value))
        at = found.end()
        if at == len(inner):
            break
        if inner[at] != ",":
            raise ValueError("it is no array")
        at += 1
    return items
