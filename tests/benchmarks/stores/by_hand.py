"""Tickets by `sqlite3` and `json` alone, with the columns and the indexes that ours has.

What a person who knows SQLite would write for these documents and no others: statements and keys
are spelt out, nothing is validated.
"""

from __future__ import annotations

import json
import math
import secrets
import sqlite3
import struct
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from ..tickets import Values
from . import PRAGMAS, TAKEN

_TABLES: Final = """
    CREATE TABLE tickets (
        id TEXT PRIMARY KEY NOT NULL,
        creation_time REAL NOT NULL,
        document TEXT NOT NULL,
        by_creation_time BLOB,
        by_status BLOB,
        by_owner BLOB
    );
    CREATE INDEX by_creation_time ON tickets (by_creation_time);
    CREATE INDEX by_status ON tickets (by_status);
    CREATE INDEX by_owner ON tickets (by_owner);
"""
_INSERT: Final = "INSERT INTO tickets VALUES (?, ?, ?, ?, ?, ?)"
_GET: Final = "SELECT document FROM tickets WHERE id = ?"
_TAKE: Final = (
    "SELECT document FROM tickets WHERE by_owner >= ? AND by_owner < ?"
    f" ORDER BY by_owner LIMIT {TAKEN}"
)
_encode: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
_double: Final = struct.Struct(">d")
_unsigned: Final = struct.Struct(">Q")
_SIGN: Final = 1 << 63
_ALL: Final = (1 << 64) - 1


class Tickets:
    def __init__(self, place: str) -> None:
        self._db = sqlite3.connect(place, isolation_level=None)
        for name, value in PRAGMAS.items():
            self._db.execute(f"PRAGMA {name} = {value}")
        self._db.executescript(_TABLES)

    def insert_all(self, many: Sequence[Values]) -> Sequence[Any]:
        rows = list(_rows(many))
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany(_INSERT, rows)
        self._db.execute("COMMIT")
        return [row[0] for row in rows]

    def insert(self, values: Values) -> Any:
        (row,) = _rows([values])
        self._db.execute(_INSERT, row)
        return row[0]

    def insert_each(self, some: Sequence[Values]) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        for values in some:
            self.insert(values)
        self._db.execute("COMMIT")

    def get(self, key: Any) -> Any:
        (text,) = self._db.execute(_GET, (key,)).fetchone()
        return json.loads(text)

    def take(self, owner: str, priority: float) -> Sequence[Any]:
        prefix = _text_key(owner)
        bounds = prefix + _number_key(priority), prefix + b"\xff"
        return [json.loads(text) for (text,) in self._db.execute(_TAKE, bounds)]

    def values(self, found: Any) -> Values:
        return {k: v for k, v in found.items() if not k.startswith("_")}

    def close(self) -> None:
        self._db.close()


def _rows(many: Iterable[Values]) -> Iterator[tuple[object, ...]]:
    created = time.time() * 1000
    for values in many:
        id_ = secrets.token_hex(16)
        created = math.nextafter(created, math.inf)
        document = {"_id": id_, "_creationTime": created, **values}
        end = _number_key(created) + _text_key(id_)
        yield (
            id_,
            created,
            _encode(document),
            end,
            _text_key(values["status"]) + end,
            _text_key(values["owner"]) + _number_key(values["priority"]) + end,
        )


def _text_key(value: str) -> bytes:
    return b"\x10%b\x00" % value.encode().replace(b"\x00", b"\x00\xff")


def _number_key(value: float) -> bytes:
    (bits,) = _unsigned.unpack(_double.pack(value))
    return b"\x0d" + _unsigned.pack(bits ^ _ALL if bits & _SIGN else bits | _SIGN)
