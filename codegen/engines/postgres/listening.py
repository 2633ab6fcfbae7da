"""Hears what anybody commits on a server: whoever writes notifies those who listen.

Beside the schema is written until when somebody listens, which writers see when a transaction
begins. A listener writes it in a transaction that is not serializable, so that it is in nobody's
way, waits for the end of writers that began before it, and renews it again and again.
"""

from __future__ import annotations

import selectors
import socket
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic
from typing import Final

import psycopg

from codegen.runtime.errors import DatabaseError, SchemaChanged

from ..live.changes import ANYTHING, Change, changes_of
from ..sql.catalog import Catalog
from .dialect import PostgresDialect
from .faults import typed
from .names import quoted
from .prepared import Prepared
from .target import Connection, Target

LEASE_S: Final = 15
"""How long writers tell after a listener has said that it is there."""
_RENEWS_EVERY_S: Final = LEASE_S / 5
_MARGIN_S: Final = 2
"""A listener that renews so late may have been forgotten already."""
_LOOKS_EVERY_S: Final = 0.05
"""How often to look whether writers that began earlier have ended."""
_BESIDE_WRITERS: Final = (
    b"SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED"
)
_LONGEST_PAUSE_S: Final = 2.0
_SHORTEST_PAUSE_S: Final = 0.02


class PostgresEar:
    """A connection of its own, on which notifications come; another when that is lost."""

    def __init__(self, target: Target, prepared: Prepared) -> None:
        self._target = target
        self._prepared = prepared
        self._connection: Connection | None = None
        self._heard: list[Change] = []
        self._earlier: set[str] = set()
        self._renewed = self._looked = 0.0
        self._pause_s = _SHORTEST_PAUSE_S
        self._waking, self._woken = socket.socketpair()
        self._waking.setblocking(False)
        self._woken.setblocking(False)

    def open(self) -> None:
        try:
            self._connect()
        except psycopg.Error as error:
            raise typed(error) from error

    def hear(self) -> Sequence[Change]:
        connection = self._connection
        if connection is None:
            return self._connect_again()
        try:
            self._wait(connection)
            if monotonic() - self._renewed > _RENEWS_EVERY_S:
                self._renew(connection)
            if self._earlier and monotonic() - self._looked > _LOOKS_EVERY_S:
                self._look_for_earlier(connection)
            self._read(connection)
            if any(not change.table for change in self._heard):
                self._check_schema(connection)
        except (psycopg.Error, OSError):
            self._disconnect()
        heard, self._heard = self._heard, []
        return heard

    def wake(self) -> None:
        with suppress(OSError):  # it is awake, or closed
            self._waking.send(b"\x00")

    def close(self) -> None:
        self._disconnect()
        self._waking.close()
        self._woken.close()

    def before_fork(self) -> None:
        """The child does not touch the connection."""

    def after_fork_in_parent(self) -> None:
        pass

    def _connect(self) -> None:
        connection = self._target.open()
        self._connection = connection
        try:
            connection.add_notify_handler(
                lambda notify: self._heard.extend(changes_of(notify.payload))
            )
            connection.execute(_BESIDE_WRITERS)
            connection.execute(f"LISTEN {quoted(self._prepared.channel)}".encode())
            self._renewed = monotonic()
            connection.execute(self._listens(""))
            self._earlier = self._writers(connection)
            self._check_schema(connection)
        except BaseException:
            self._disconnect()
            raise

    def _connect_again(self) -> Sequence[Change]:
        """After that, anything may have happened."""
        try:
            self._connect()
        except SchemaChanged:
            raise
        except (psycopg.Error, DatabaseError):
            self._rest(self._pause_s)
            self._pause_s = min(_LONGEST_PAUSE_S, 2 * self._pause_s)
            return []
        self._pause_s = _SHORTEST_PAUSE_S
        return [ANYTHING]

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _wait(self, connection: Connection) -> None:
        """Waits until something comes, or something is to be done."""
        due = self._renewed + _RENEWS_EVERY_S
        if self._earlier:
            due = min(due, self._looked + _LOOKS_EVERY_S)
        self._rest(max(0, due - monotonic()), connection)

    def _rest(self, longest_s: float, connection: Connection | None = None) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._woken, selectors.EVENT_READ)
            if connection is not None:
                selector.register(connection.fileno(), selectors.EVENT_READ)
            selector.select(longest_s)
        with suppress(BlockingIOError):
            self._woken.recv(4096)

    def _read(self, connection: Connection) -> None:
        """What has come, also with the answers to our own statements."""
        pgconn = connection.pgconn
        pgconn.consume_input()
        while notify := pgconn.notifies():
            self._heard += changes_of(notify.extra.decode("utf-8", "replace"))

    def _renew(self, connection: Connection) -> None:
        before, self._renewed = self._renewed, monotonic()
        in_time = f" AND listened_until > now() + interval '{_MARGIN_S} s'"
        renewed = connection.execute(self._listens(in_time)).rowcount > 0
        # It may have waited since the server looked at its clock.
        if not renewed or monotonic() - before > LEASE_S - _MARGIN_S:
            self._disconnect()

    def _listens(self, condition: str) -> bytes:
        # `clock_timestamp()` may be in no UPDATE of a table of Citus. While this one waits since
        # `now()`, another listener may have said more.
        until = f"greatest(listened_until, now() + interval '{LEASE_S} s')"
        return (
            f"UPDATE {self._prepared.schemas} SET listened_until = {until}"
            f" WHERE id = {self._prepared.record}{condition}"
        ).encode()

    def _look_for_earlier(self, connection: Connection) -> None:
        """Writers that did not know us: when they have ended, anything may have happened."""
        remaining = self._earlier & self._writers(connection)
        if remaining != self._earlier:
            self._heard.append(ANYTHING)
        self._earlier = remaining

    def _writers(self, connection: Connection) -> set[str]:
        """The transactions that write: each has looked at the schema first, and holds it."""
        self._looked = monotonic()
        rows = connection.execute(
            b"SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND"
            b" database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            b" AND relation = $1::regclass AND mode = 'AccessShareLock'"
            b" AND pid <> pg_backend_pid()",
            (self._prepared.schemas,),
        )
        return {transaction for (transaction,) in rows}

    def _check_schema(self, connection: Connection) -> None:
        dialect = PostgresDialect(connection, self._target)
        Catalog(dialect).check_record(self._prepared.record)
