"""The connections of one database, for all threads of this process."""

from __future__ import annotations

import logging
import threading
from time import monotonic
from typing import Final

from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from codegen.runtime.errors import Closed, Conflict

from .at_hand import AtHand
from .silence import PatientConnection
from .target import Connection, Target

MOST: Final = 16
"""How many connections there are at most; servers have a hundred for all."""


# What it warns of, as of each connection that is replaced, is for those who keep logs. Without a
# handler Python would print it.
logging.getLogger("psycopg").addHandler(logging.NullHandler())


class Pool:
    """Gives connections to threads, and takes them back; it is opened on first use."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self.start()

    def start(self) -> None:
        """With no connections: those of before a fork are the parent's."""
        self._lock = threading.Lock()
        self._pool: ConnectionPool[Connection] | None = None
        self._at_hand = AtHand[Connection]()
        self._closed = False

    def take(self) -> Connection:
        """A connection that nobody else has; it may have been lost since it was last used."""
        return self._at_hand.take() or self._take_from_pool()

    def give_back(self, connection: Connection) -> None:
        if not self._at_hand.keep(connection):
            self._give_back_to_pool(connection)
        elif self._closed or self._at_hand.wanted:
            self._give_up_kept()

    def close(self) -> None:
        """Closes all connections; those that another thread has, when it gives them back."""
        with self._lock:
            self._closed = True
            if self._pool is not None:
                self._pool.close()
                self._give_up_kept()

    def _take_from_pool(self) -> Connection:
        pool = self._opened()
        patience = self._target.patience_s
        with self._at_hand.missed():
            try:
                # Who gave one back before we were seen to wait has left it here.
                if kept := self._at_hand.take():
                    return kept
                connection = pool.getconn(patience)
            except PoolClosed:
                raise Closed("the database is closed") from None
            except PoolTimeout:
                # The reason, where the server is not to be reached.
                self._target.open().close()
                raise Conflict(
                    f"all {MOST} connections of this program were busy for too long"
                ) from None
        connection.taken_at = monotonic()
        return connection

    def _give_up_kept(self) -> None:
        while kept := self._at_hand.take():
            self._give_back_to_pool(kept)

    def _give_back_to_pool(self, connection: Connection) -> None:
        pool = self._pool
        if pool is None:
            connection.close()
        else:
            pool.putconn(connection)

    def forget(self, *, closed: bool) -> None:
        """In the child of a fork: to close the parent's connections would end them there."""
        _FORGOTTEN.append((self._pool, self._at_hand))
        self.start()
        self._closed = closed

    @property
    def is_closed(self) -> bool:
        return self._closed

    def _opened(self) -> ConnectionPool[Connection]:
        pool = self._pool
        if pool is not None:
            return pool
        with self._lock:
            if self._closed:
                raise Closed("the database is closed")
            if self._pool is None:
                self._pool = ConnectionPool(
                    kwargs=self._target.options,
                    connection_class=PatientConnection,
                    configure=self._target.make_ready,
                    min_size=0,
                    max_size=MOST,
                    open=True,
                    timeout=self._target.patience_s,
                    reconnect_timeout=self._target.patience_s,
                )
            return self._pool


_FORGOTTEN: list[object] = []
