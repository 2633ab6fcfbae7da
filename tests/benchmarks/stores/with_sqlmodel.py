"""Tickets by SQLModel: a typed column per field, JSON where there is no other, a session each."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Index, event
from sqlmodel import Field, Session, SQLModel, col, create_engine, select

from ..tickets import Values
from . import PRAGMAS, TAKEN


class Status(StrEnum):
    draft = "draft"
    open = "open"
    held = "held"
    closed = "closed"


class Ticket(SQLModel, table=True):
    # Creation times end the indexes, as they do ours: so the order is the same.
    __table_args__ = (
        Index("by_creation_time", "created"),
        Index("by_status", "status", "created"),
        Index("by_owner", "owner", "priority", "created"),
    )

    id: str = Field(default_factory=lambda: secrets.token_hex(16), primary_key=True)
    created: float = Field(default_factory=lambda: time.time() * 1000)
    title: str
    body: str | None = None
    status: Status
    priority: float
    votes: float
    done: bool
    owner: str
    team: str
    tags: list[str] = Field(sa_column=Column(JSON, nullable=False))
    labels: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    settings: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    reviewed: float | None = None


class Tickets:
    def __init__(self, place: str) -> None:
        if "://" in place:
            url = place.replace("postgresql:", "postgresql+psycopg:")
            self._engine = create_engine(url)
        else:
            self._engine = create_engine(f"sqlite:///{place}")
            event.listen(self._engine, "connect", _prepare)
        SQLModel.metadata.create_all(self._engine)

    def insert_all(self, many: Sequence[Values]) -> Sequence[Any]:
        tickets = [Ticket(**values) for values in many]
        ids = [ticket.id for ticket in tickets]
        with Session(self._engine) as session:
            session.add_all(tickets)
            session.commit()
        return ids

    def insert(self, values: Values) -> Any:
        ticket = Ticket(**values)
        id_ = ticket.id
        with Session(self._engine) as session:
            session.add(ticket)
            session.commit()
        return id_

    def insert_each(self, some: Sequence[Values]) -> None:
        with Session(self._engine) as session:
            for values in some:
                session.add(Ticket(**values))
            session.commit()

    def get(self, key: Any) -> Any:
        with Session(self._engine) as session:
            return session.get(Ticket, key)

    def take(self, owner: str, priority: float) -> Sequence[Any]:
        statement = (
            select(Ticket)
            .where(Ticket.owner == owner, Ticket.priority >= priority)
            .order_by(col(Ticket.priority), col(Ticket.created))
            .limit(TAKEN)
        )
        with Session(self._engine) as session:
            return session.exec(statement).all()

    def values(self, found: Any) -> Values:
        dumped: Values = found.model_dump(exclude={"id", "created"})
        return dumped

    def close(self) -> None:
        self._engine.dispose()


def _prepare(connection: Any, record: object) -> None:
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {value}")
