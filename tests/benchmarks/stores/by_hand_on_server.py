"""Tickets by psycopg alone: a JSONB document beside the columns that are indexed.

What a person who knows PostgreSQL would write for these documents and no others: one statement
for each operation, which is a serializable transaction by itself, and `COPY` for many; nothing is
validated.
"""

from __future__ import annotations

import math
import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import psycopg
from psycopg.types.json import Jsonb

from ..tickets import Values
from . import TAKEN

_TABLES: Final = """
    CREATE TABLE tickets (
        id text COLLATE "C" PRIMARY KEY,
        created double precision NOT NULL,
        status text NOT NULL,
        owner text NOT NULL,
        priority double precision NOT NULL,
        document jsonb NOT NULL
    );
    CREATE INDEX by_creation_time ON tickets (created);
    CREATE INDEX by_status ON tickets (status, created);
    CREATE INDEX by_owner ON tickets (owner, priority, created)
"""
_INSERT: Final = "INSERT INTO tickets VALUES (%s, %s, %s, %s, %s, %s)"
_COPY: Final = "COPY tickets FROM STDIN"
_GET: Final = "SELECT document FROM tickets WHERE id = %s"
_TAKE: Final = (
    "SELECT document FROM tickets WHERE owner = %s AND priority >= %s"
    f" ORDER BY priority, created LIMIT {TAKEN}"
)
_SERIALIZABLE: Final = "-c default_transaction_isolation=serializable"


class Tickets:
    def __init__(self, place: str) -> None:
        self._db = psycopg.connect(place, autocommit=True, options=_SERIALIZABLE)
        self._db.execute(_TABLES)

    def insert_all(self, many: Sequence[Values]) -> Sequence[Any]:
        rows = list(_rows(many))
        with self._db.transaction(), self._db.cursor().copy(_COPY) as copy:
            for row in rows:
                copy.write_row(row)
        return [row[0] for row in rows]

    def insert(self, values: Values) -> Any:
        (row,) = _rows([values])
        self._db.execute(_INSERT, row)
        return row[0]

    def insert_each(self, some: Sequence[Values]) -> None:
        with self._db.transaction():
            for values in some:
                self.insert(values)

    def get(self, key: Any) -> Any:
        (document,) = self._db.execute(_GET, (key,)).fetchone() or (None,)
        return document

    def take(self, owner: str, priority: float) -> Sequence[Any]:
        found = self._db.execute(_TAKE, (owner, priority))
        return [document for (document,) in found]

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
        indexed = (values["status"], values["owner"], values["priority"])
        yield id_, created, *indexed, Jsonb(document)
