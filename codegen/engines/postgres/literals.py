"""Values written into a statement, so that several statements can be one message.

The form does not depend on any setting of the server.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import count
from types import NoneType
from typing import Any, Final

import psycopg

_NUMBERS: Final = count(1)
_MARK: Final = re.compile(r'("(?:[^"]|"")*")|\$(\d+)')


def filled(sql: bytes, values: Sequence[Any]) -> bytes:
    """A statement with values in the places of `$1`, `$2` and so on."""
    text, places = _template(sql)
    literals = [_LITERALS.get(value.__class__, _text)(value) for value in values]
    return (text % tuple([literals[place] for place in places])).encode()


def prepared(sql: bytes) -> tuple[bytes, bytes]:
    """What prepares a statement, under a name that nobody else gives, and what executes it."""
    name = b"tablewright_%d" % next(_NUMBERS)
    _, places = _template(sql)
    marks = b", ".join(b"$%d" % (place + 1) for place in range(len({*places})))
    given = b" (%s)" % marks if marks else b""
    return b"PREPARE %s AS %s" % (name, sql), b"EXECUTE %s%s" % (name, given)


@lru_cache(maxsize=512)
def _template(sql: bytes) -> tuple[str, list[int]]:
    """A statement as a format, and which value is in each place; there are none in names."""
    places: list[int] = []

    def marked(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        places.append(int(found[2]) - 1)
        return "%s"

    text = _MARK.sub(marked, sql.decode().replace("%", "%%"))
    return text, places


def _text(value: str) -> str:
    if "\0" in value:
        # The message would end there.
        raise psycopg.DataError("PostgreSQL keeps no texts with NUL characters")
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"E'{escaped}'"


_LITERALS: Final[dict[type, Callable[[Any], str]]] = {
    NoneType: lambda _: "NULL",
    bytes: lambda value: f"E'\\\\x{value.hex()}'",
    float: lambda value: f"'{value!r}'",
    int: str,
}
"""How values are written that are no texts; ids are some, of classes of their own."""
