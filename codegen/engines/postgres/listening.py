"""Hears what anybody commits on a server: whoever writes notifies those who listen.

Writers tell while there is a row in the table of listeners, which they see when a transaction
begins. A listener writes it in a transaction that is not serializable, so that it is in nobody's
way, and waits for the end of writers that began before it. If it dies, its row is outdated soon.
"""

from __future__ import annotations

import selectors
import socket
from collections.abc import Sequence
from contextlib import suppress
from secrets import token_hex
from time import monotonic
from typing import Final, NamedTuple

import psycopg

from codegen.runtime.errors import DatabaseError, SchemaChanged

from ..live.changes import ANYTHING, Change, changes_of
from ..sql.catalog import Catalog
from .dialect import PostgresDialect
from .faults import typed
from .statements import quoted
from .target import Connection, Target

LEASE_S: Final = 15
"""How long a listener is known, since it last said that it is there."""
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


class Names(NamedTuple):
    """Tables of ours as statements name them, and the channel of notifications."""

    schemas: str
    listeners: str
    channel: str

    @classmethod
    def of(cls, dialect: PostgresDialect) -> Names:
        schemas = dialect.name("_tablewright_schemas")
        return cls(schemas, dialect.name("_tablewright_listeners"), dialect.channel)


class PostgresEar:
    """A connection of its own, on which notifications come; another when that is lost."""

    def __init__(self, target: Target, record: int) -> None:
        """`record` is the number of the record of our schema."""
        self._target = target
        self._record = record
        self._id = token_hex(8)
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
        connection = self._connection
        if connection is not None:
            with suppress(psycopg.Error):
                sql = f"DELETE FROM {self._names.listeners} WHERE id = $1"
                connection.execute(sql.encode(), (self._id,))
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
            dialect = PostgresDialect(connection, self._target)
            self._names = Names.of(dialect)
            connection.add_notify_handler(
                lambda notify: self._heard.extend(changes_of(notify.payload))
            )
            connection.execute(_BESIDE_WRITERS)
            connection.execute(f"LISTEN {quoted(self._names.channel)}".encode())
            # Those who died are tidied away by those who come.
            connection.execute(
                f"DELETE FROM {self._names.listeners} WHERE until < now()".encode()
            )
            sql = (
                f"INSERT INTO {self._names.listeners} VALUES"
                f" ($1, now() + interval '{LEASE_S} s') ON CONFLICT (id)"
                " DO UPDATE SET until = excluded.until"
            )
            connection.execute(sql.encode(), (self._id,))
            self._renewed = monotonic()
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
        self._renewed = monotonic()
        sql = (
            f"UPDATE {self._names.listeners} SET until = now() + interval '{LEASE_S} s'"
            f" WHERE id = $1 AND until > now() + interval '{_MARGIN_S} s'"
        )
        if connection.execute(sql.encode(), (self._id,)).rowcount == 0:
            self._disconnect()

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
            (self._names.schemas,),
        )
        return {transaction for (transaction,) in rows}

    def _check_schema(self, connection: Connection) -> None:
        dialect = PostgresDialect(connection, self._target)
        Catalog(dialect).check_record(self._record)
