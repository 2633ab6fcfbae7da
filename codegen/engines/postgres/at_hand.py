"""The connection that was given back last, for whoever wants one next.

A pool does much for each connection, which few need. So the last one stays out of it while nobody waits
for one; a minute after it left the pool it goes back there when it is given back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final, Generic, TypeVar

from psycopg.pq import TransactionStatus

from .silence import AsyncPatientConnection, PatientConnection

C = TypeVar("C", PatientConnection, AsyncPatientConnection)

_KEPT_S: Final = 60.0
_IDLE: Final = TransactionStatus.IDLE


class AtHand(Generic[C]):
    """One connection, or a few where threads give back at the same time, for there is no lock.

    Who waits says so first and looks here then, who gives back does it the other way round: so
    none stays here that somebody waits for.
    """

    __slots__ = ("_kept", "_waiting")

    def __init__(self) -> None:
        self._kept: deque[C] = deque()
        self._waiting: list[None] = []

    @property
    def wanted(self) -> bool:
        """Whether somebody waits for a connection of the pool."""
        return bool(self._waiting)

    def take(self) -> C | None:
        try:
            return self._kept.pop()
        except IndexError:
            return None

    def keep(self, connection: C) -> bool:
        """Keeps a connection, unless it should go to the pool: then it answers False.

        The pool renews old ones, and closes those that were lost or are too many.
        """
        if (
            self._kept
            or self._waiting
            or connection.heard_at - connection.taken_at > _KEPT_S
            or connection.pgconn.transaction_status != _IDLE
        ):
            return False
        self._kept.append(connection)
        return True

    @contextmanager
    def missed(self) -> Generator[None]:
        """For as long as somebody waits for a connection of the pool."""
        self._waiting.append(None)
        try:
            yield
        finally:
            self._waiting.pop()
