"""Tickets in our engine, by the generated package."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from codegen.runtime import gte

from ..tickets import PACKAGE, Values
from . import SYNCHRONOUS, TAKEN


class Tickets:
    def __init__(self, place: str) -> None:
        table = import_module(f"{PACKAGE}.tables.tickets")
        self._new = table.TicketNew
        self._settings = table.TicketSettings
        self._queries = table.tickets
        self._db = connect(place)

    def insert_all(self, many: Sequence[Values]) -> Sequence[Any]:
        ids: Sequence[Any] = self._db.insert_many(map(self._made, many))
        return ids

    def insert(self, values: Values) -> Any:
        return self._db.insert(self._made(values))

    def insert_each(self, some: Sequence[Values]) -> None:
        with self._db.transaction():
            for values in some:
                self._db.insert(self._made(values))

    def get(self, key: Any) -> Any:
        return self._db.get(key)

    def take(self, owner: str, priority: float) -> Sequence[Any]:
        query = self._queries.by_owner(owner, gte(priority)).take(TAKEN)
        found: Sequence[Any] = self._db.run(query)
        return found

    def values(self, found: Any) -> Values:
        dumped: Values = found.model_dump(exclude={"id", "creation_time"})
        return dumped

    def close(self) -> None:
        self._db.close()

    def _made(self, values: Values) -> Any:
        settings = self._settings(**values["settings"])
        return self._new(**{**values, "settings": settings})


def connect(place: str) -> Any:
    """A database of the generated package, by the path of a file or by a URL."""
    server = import_module(f"{PACKAGE}.server")
    url = place if "://" in place else f"sqlite:///{place}"
    return server.connect(url, synchronous=SYNCHRONOUS)


def people(place: str, count: int) -> list[str]:
    """The ids of so many people, whom tickets can belong to."""
    new = import_module(f"{PACKAGE}.tables.people").PersonNew
    with connect(place) as db:
        ids = db.insert_many([new(name=f"Person {n}") for n in range(count)])
    return list(map(str, ids))
