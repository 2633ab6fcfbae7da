"""Cursors: a place in what a query finds, bound to the query that it came from."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from codegen.runtime.errors import InvalidCursor

from .commands import Scan, Search

_DIGEST: Final = 8
_PLACE: Final = 4


def cursor_after(scan: Scan | Search, fields: str, key: bytes) -> str:
    """The cursor of the place after a key of the scan, whose index has these fields."""
    return urlsafe_b64encode(_digest(scan, fields, key) + key).decode().rstrip("=")


def resume(scan: Scan | Search, fields: str, cursor: str | None) -> Scan | Search:
    """The rest of a scan: what comes after the cursor's place.

    Raises an `InvalidCursor` for one of another query, or that is none.
    """
    return scan if cursor is None else rest_of(scan, _place(scan, fields, cursor))


def until(
    scan: Scan | Search, part: Scan | Search, fields: str, cursor: str
) -> Scan | Search:
    """What of a part of a scan is not behind the cursor's place, which is in it.

    Raises an `InvalidCursor`, as `resume` does.
    """
    key = _place(scan, fields, cursor)
    if isinstance(part, Search):
        return part._replace(limit=max(_number(key) - part.offset, 0))
    if part.descending:
        return part._replace(lower=max(part.lower, key))
    return part._replace(upper=min(part.upper, _behind(key)))


def rest_of(scan: Scan | Search, key: bytes) -> Scan | Search:
    """The rest of a scan after a key that it gave, or of a search after a place."""
    if isinstance(scan, Search):
        return scan._replace(offset=_number(key))
    return rest_of_scan(scan, key)


def rest_of_scan(scan: Scan, key: bytes) -> Scan:
    if scan.descending:
        return scan._replace(upper=key)
    return scan._replace(lower=_behind(key))


def place_after(count: int) -> bytes:
    """The place in a search after so many documents."""
    return count.to_bytes(_PLACE, "big")


def _number(place: bytes) -> int:
    return int.from_bytes(place[:_PLACE], "big")


def _behind(key: bytes) -> bytes:
    """What is before all keys after one."""
    return key + b"\x00"


def _place(scan: Scan | Search, fields: str, cursor: str) -> bytes:
    """The key of a cursor of a scan."""
    try:
        data = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except (ValueError, UnicodeEncodeError):
        raise InvalidCursor("the cursor is damaged, or it never was one") from None
    key = data[_DIGEST:]
    # The last letter may have bits that say nothing: of all texts for a place one is a cursor.
    if cursor != cursor_after(scan, fields, key):
        raise InvalidCursor(
            "the cursor is damaged or from a different query: start again without one"
        )
    return key


def _digest(scan: Scan | Search, fields: str, key: bytes) -> bytes:
    """Of the place, and of what makes a query the same query: filters in Python do not."""
    parts = (
        scan.table.encode(),
        scan.index_name.encode(),
        fields.encode(),
        *_way(scan),
        key,
    )
    digest = blake2b(digest_size=_DIGEST)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def _way(scan: Scan | Search) -> Sequence[bytes]:
    if isinstance(scan, Search):
        return b"search", *(
            " ".join(part).encode() for part in (scan.terms, scan.marks)
        )
    return b"desc" if scan.descending else b"asc", scan.lower, scan.upper
