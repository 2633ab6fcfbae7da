"""The types that tables of SQLite declare, which may be any words."""

from __future__ import annotations

import re
from typing import Final

from .catalogue import ColumnType

_WORDS: Final = (
    ("bool", r"BOOL|^BIT(\(1\))?$"),
    ("json", r"JSON"),
    ("uuid", r"^(UUID|GUID|UNIQUEIDENTIFIER)"),
    ("date", r"DATE|TIMESTAMP"),
    ("time", r"^TIME"),
    ("decimal", r"DEC|NUMERIC|MONEY"),
    ("text", r"CHAR|CLOB|TEXT"),
    ("bytes", r"BLOB|BINARY|BYTEA|IMAGE"),
    ("float", r"REAL|FLOA|DOUB"),
    # SQLite itself looks for INT alone, and finds it in POINT and INTERVAL.
    (
        "int",
        r"^((UN)?SIGNED |BIG |MEDIUM |SMALL |TINY |LONG )*"
        r"((BIG|MEDIUM|SMALL|TINY|LONG|U)?INT(EGER)?\d*|SERIAL)\b",
    ),
    ("anything", r"^(ANY)?$"),
)
"""What is none of these is unknown: SQLite makes numbers of some texts in a `STRING`."""


def column_type(declared: str) -> ColumnType:
    """The type for what stands behind the name of a column.

    Times are kept as the text that they are: SQLite has no type for them.
    """
    written = declared.strip()
    upper = " ".join(written.upper().split())
    length = re.search(r"\((\d{1,9})\)", upper)
    for kind, pattern in _WORDS:
        if re.search(pattern, upper):
            most = int(length[1]) if length and kind == "text" else None
            if kind == "decimal" and _is_whole(upper):
                kind = "whole"
            return ColumnType(kind, written, most)
    return ColumnType("unknown", written)


def _is_whole(upper: str) -> bool:
    """Whether a decimal has no digits behind the point, and fits in 64 bits."""
    found = re.search(r"\((\d{1,3})(?:\s*,\s*(\d{1,3}))?\)", upper)
    return bool(found and int(found[1]) <= 18 and int(found[2] or "0") == 0)
