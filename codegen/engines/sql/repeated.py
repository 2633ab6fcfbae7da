"""Values that several documents have where each must have its own."""

from __future__ import annotations

import sqlite3
from hashlib import blake2b
from typing import Final

_CACHE_KB: Final = 32_000
_DIGEST_BYTES: Final = 16


class Seen:
    """The keys that were seen: many of them are kept on disk, in a file that nobody else sees.

    In the place of a key is its digest, because keys may be long.
    """

    def __init__(self) -> None:
        self._keys = sqlite3.connect("", isolation_level=None)
        self._keys.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
        self._keys.execute("PRAGMA journal_mode=OFF")
        self._keys.execute("CREATE TABLE seen (digest BLOB PRIMARY KEY) WITHOUT ROWID")

    def add(self, key: bytes) -> bool:
        """Notes a key; whether it was new."""
        digest = blake2b(key, digest_size=_DIGEST_BYTES).digest()
        sql = "INSERT OR IGNORE INTO seen VALUES (?)"
        return self._keys.execute(sql, (digest,)).rowcount > 0

    def close(self) -> None:
        self._keys.close()
