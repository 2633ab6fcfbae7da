"""Tickets by TinyDB: one JSON file, read and written as a whole, with ids that count up.

There are no indexes and no transactions, and a write is left to the operating system.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tinydb import TinyDB, where

from ..tickets import Values
from . import TAKEN


class Tickets:
    def __init__(self, place: str) -> None:
        self._db = TinyDB(place)

    def insert_all(self, many: Sequence[Values]) -> Sequence[Any]:
        ids: list[int] = self._db.insert_multiple(many)
        return ids

    def insert(self, values: Values) -> Any:
        return self._db.insert(values)

    def insert_each(self, some: Sequence[Values]) -> None:
        self._db.insert_multiple(some)

    def get(self, key: Any) -> Any:
        return self._db.get(doc_id=key)

    def take(self, owner: str, priority: float) -> Sequence[Any]:
        found = self._db.search(
            (where("owner") == owner) & (where("priority") >= priority)
        )
        return sorted(found, key=lambda ticket: float(ticket["priority"]))[:TAKEN]

    def values(self, found: Any) -> Values:
        return dict(found)

    def close(self) -> None:
        self._db.close()
