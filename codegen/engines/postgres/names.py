"""Names as PostgreSQL takes them."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

_LONGEST_NAME: Final = 63
_HASH_BYTES: Final = 8


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def short(name: str) -> str:
    """A name that PostgreSQL takes as a whole: it would cut a longer one off."""
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    digest = blake2b(name.encode(), digest_size=_HASH_BYTES).hexdigest()
    return f"{name[: _LONGEST_NAME - len(digest) - 1]}_{digest}"
