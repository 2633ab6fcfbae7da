"""Tickets by Peewee: a typed column per field, JSON where there is no other."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from typing import Any

from peewee import (
    BooleanField,
    CharField,
    FloatField,
    JSONField,
    Model,
    SqliteDatabase,
    TextField,
    chunked,
)

from ..tickets import Values
from . import PRAGMAS, TAKEN

# Below what SQLite takes as parameters of one statement.
_CHUNK = 1000


class Ticket(Model):
    id = CharField(primary_key=True, default=lambda: secrets.token_hex(16))
    created = FloatField(default=lambda: time.time() * 1000, index=True)
    title = TextField()
    body = TextField(null=True)
    status = CharField()
    priority = FloatField()
    votes = FloatField()
    done = BooleanField()
    owner = CharField()
    team = CharField()
    tags = JSONField()
    labels = JSONField()
    settings = JSONField()
    reviewed = FloatField(null=True)

    class Meta:
        # Creation times end the indexes, as they do ours: so the order is the same.
        indexes = (
            (("status", "created"), False),
            (("owner", "priority", "created"), False),
        )


class Tickets:
    def __init__(self, place: str) -> None:
        self._db = SqliteDatabase(place, pragmas=PRAGMAS)
        self._db.connect()
        self._db.bind([Ticket])
        self._db.create_tables([Ticket])

    def insert_all(self, many: Sequence[Values]) -> Sequence[Any]:
        # The rows of one statement all have the same columns.
        rows = [{"id": secrets.token_hex(16), "body": None, **row} for row in many]
        with self._db.atomic():
            for chunk in chunked(rows, _CHUNK):
                Ticket.insert_many(chunk).execute()
        return [row["id"] for row in rows]

    def insert(self, values: Values) -> Any:
        return Ticket.create(**values).id

    def insert_each(self, some: Sequence[Values]) -> None:
        with self._db.atomic():
            for values in some:
                Ticket.create(**values)

    def get(self, key: Any) -> Any:
        return Ticket.get_by_id(key)

    def take(self, owner: str, priority: float) -> Sequence[Any]:
        query = Ticket.select().where(
            (Ticket.owner == owner) & (Ticket.priority >= priority)
        )
        ordered = query.order_by(Ticket.priority, Ticket.created)
        return list(ordered.limit(TAKEN))

    def values(self, found: Any) -> Values:
        named = {"id", "created"}
        return {k: v for k, v in found.__data__.items() if k not in named}

    def close(self) -> None:
        self._db.close()
