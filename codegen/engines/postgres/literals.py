"""Values written into a statement, so that several statements can be one message.

The form does not depend on any setting of the server.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import psycopg

_MARK: Final = re.compile(r'("(?:[^"]|"")*")|\$(\d+)')


def filled(sql: bytes, values: Sequence[Any]) -> bytes:
    """A statement with values in the places of `$1`, `$2` and so on."""
    written = [_literal(value) for value in values]
    texts, numbers = _parts(sql)
    parts = [texts[0]]
    for number, text in zip(numbers, texts[1:], strict=True):
        parts += (written[number], text)
    return "".join(parts).encode()


@lru_cache(maxsize=512)
def _parts(sql: bytes) -> tuple[list[str], list[int]]:
    """The texts between the places, and whose place each is; there are none in names."""
    texts: list[str] = []
    numbers: list[int] = []
    text = sql.decode()
    begin = 0
    for found in _MARK.finditer(text):
        if found[2]:
            texts.append(text[begin : found.start()])
            numbers.append(int(found[2]) - 1)
            begin = found.end()
    return [*texts, text[begin:]], numbers


def _literal(value: str | float | bytes | None) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"E'\\\\x{value.hex()}'"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"'{value!r}'"
    if "\0" in value:
        # The message would end there.
        raise psycopg.DataError("PostgreSQL keeps no texts with NUL characters")
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"E'{escaped}'"
