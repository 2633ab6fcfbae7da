"""How large a document may be, by the server's own measure.

Sources: `crates/value/src/{lib,size,object,array}.rs`, `crates/common/src/document.rs`.
"""

from __future__ import annotations

from typing import Final

from codegen.ir.values import MAX_FIELDS, Value, decode, only_floats
from codegen.runtime.errors import LimitExceeded

from .field_keys import JsonObject

MAX_SIZE: Final = 1 << 20
"""Of a document with its system fields, in bytes: 1 MiB."""
MAX_NESTING: Final = 16
"""Of a document, which is a level itself."""

# A number takes nine bytes and at least two characters of JSON: shorter texts are small enough.
_SMALL_TEXT: Final = MAX_SIZE // 5


def check_limits(table: str, text: str, document: JsonObject) -> None:
    """Raises a `LimitExceeded` for a document, of which `text` is the JSON, over the limits."""
    length = len(text)
    if text.count("{") + text.count("[") <= MAX_NESTING and (
        # Each field takes more than two characters, and so does each item.
        length < 2 * MAX_FIELDS
        or (length < _SMALL_TEXT and text.count(",") < MAX_FIELDS)
    ):
        return
    try:
        value = decode(document)
    except ValueError as error:
        raise LimitExceeded(table, "", str(error)) from None
    size = _size(value)
    if size > MAX_SIZE:
        raise LimitExceeded(
            table, "", f"it has {size:,} bytes, of at most {MAX_SIZE:,}"
        )
    depth = _depth(value)
    if depth > MAX_NESTING:
        reason = f"it is nested {depth} levels deep, of at most {MAX_NESTING}"
        raise LimitExceeded(table, "", reason)


def _size(value: Value) -> int:
    if isinstance(value, str):
        return len(value.encode()) + 2
    if value is None or isinstance(value, bool):
        return 1
    if isinstance(value, (int, float)):
        return 9
    if isinstance(value, bytes):
        return len(value) + 2
    if isinstance(value, list):
        items = 9 * len(value) if only_floats(value) else sum(map(_size, value))
        return 2 + items
    return 2 + sum(len(name) + 1 + _size(item) for name, item in value.items())


def _depth(value: Value) -> int:
    if isinstance(value, list):
        return 1 if only_floats(value) else 1 + max(map(_depth, value))
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    return 0
