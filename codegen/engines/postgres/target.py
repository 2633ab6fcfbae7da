"""Connections to a server."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

import psycopg
from psycopg.adapt import AdaptersMap
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.string import TextBinaryLoader, TextLoader

from codegen.runtime.errors import UnusableDatabase

from .faults import unreachable
from .poolers import FOUND, MARK, Shared, look_for, lost, refuses_settings
from .silence import AsyncPatientConnection, PatientConnection

Connection: TypeAlias = PatientConnection
Synchronous = Literal["full", "normal"]

_FORM: Final = "postgresql://user:password@host:5432/database"
_UNKNOWN: Final = re.compile(r'invalid URI query parameter: "(\w+)"')
_LONGEST_MS: Final = 1 << 30
# A server needs some time to answer at all, however little others are waited for.
_LEAST_MS: Final = 1_000
_LONGEST_SILENCE_S: Final = 30
_PREPARED_AFTER: Final = 5

# Documents are read as they were written.
_AS_TEXT: Final = AdaptersMap(psycopg.adapters)
_AS_TEXT.register_loader("json", TextLoader)
_AS_TEXT.register_loader("json", TextBinaryLoader)


class _Context:
    adapters = _AS_TEXT
    connection = None


@dataclass(frozen=True, slots=True)
class Target:
    """What to connect to, and how long to wait there.

    `pooled` is a server behind PgBouncer, which gives each transaction any of its connections:
    nothing can be left in one, no settings and no prepared statements.
    """

    parameters: Mapping[str, Any] = field(repr=False)
    timeout_ms: float
    synchronous: Synchronous
    pooled: bool

    @classmethod
    def of(
        cls, url: str, timeout_ms: float, synchronous: Synchronous, *, pooled: bool
    ) -> Target:
        """Raises a `ValueError` for a URL that is none; its text may hold a password."""
        try:
            parameters = conninfo_to_dict(url)
        except (psycopg.Error, ValueError) as error:
            raise ValueError(_fault_of(url, str(error))) from None
        return cls(parameters, timeout_ms, synchronous, pooled)

    @property
    def timeout_s(self) -> float:
        return self.timeout_ms / 1000

    @property
    def patience_s(self) -> float:
        """How long to wait for a connection."""
        return min(max(self.timeout_ms, _LEAST_MS), _LONGEST_MS) / 1000

    def make_ready(self, connection: Connection) -> None:
        """What is done with each new connection first; one where it fails is closed.

        Raises an `UnusableDatabase` where a PgBouncer has lost its settings.
        """
        try:
            self.make_patient(connection)
            if (look := self._look) and connection.command(look) != FOUND:
                raise lost(pooled=self.pooled)
        except BaseException:
            connection.close()
            raise

    async def make_ready_for_tasks(self, connection: AsyncPatientConnection) -> None:
        """The same."""
        try:
            self.make_patient(connection)
            if (look := self._look) and await connection.command(look) != FOUND:
                raise lost(pooled=self.pooled)
        except BaseException:
            await connection.close()
            raise

    @property
    def _look(self) -> bytes | None:
        options = str(self.parameters.get("options", ""))
        return look_for(pooled=self.pooled, options=options)

    def make_patient(self, connection: Connection | AsyncPatientConnection) -> None:
        """Has a connection wait for answers for as long as the server may take for one."""
        connection.patience_s = (self._statement_ms + _LEAST_MS) / 1000

    @property
    def _statement_ms(self) -> float:
        # Longer than for a lock: who waits for one is told so.
        return min(self.timeout_ms, _LONGEST_MS) + _LEAST_MS

    @property
    def settings(self) -> dict[str, str]:
        """What holds for all statements.

        Every query reads a stretch of an index: a plan that reads more, and sorts it, is taken
        for cheaper only by mistake, and conflicts with all who write to the table.
        """
        waiting = min(max(self.timeout_ms, 1), _LONGEST_MS)
        # The server's own setting may be a stronger one: that of a copy on another server.
        durability = {"synchronous_commit": "off"} if self.synchronous != "full" else {}
        return durability | {
            "lock_timeout": f"{waiting:.0f}",
            "statement_timeout": f"{self._statement_ms:.0f}",
            "enable_seqscan": "off",
            "enable_bitmapscan": "off",
            "jit": "off",
        }

    @property
    def options(self) -> dict[str, Any]:
        """The arguments of `psycopg.connect`."""
        seconds = math.ceil(self.patience_s)
        given = {
            "connect_timeout": seconds,
            # A server that fell silent is asked whether it is there.
            "keepalives_idle": min(seconds, _LONGEST_SILENCE_S),
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": int(self.patience_s * 1000),
            "fallback_application_name": "tablewright",
            **self.parameters,
            "client_encoding": "UTF8",
            "autocommit": True,
            "cursor_factory": psycopg.RawCursor,
            "prepare_threshold": None if self.pooled else _PREPARED_AFTER,
            "context": _Context,
        }
        if not self.pooled:
            ours = [f"-c {name}={value}" for name, value in self.settings.items()]
            theirs = str(given.get("options", ""))
            given["options"] = " ".join([MARK, *ours, theirs]).strip()
        return given

    def open(self) -> Connection:
        """A new connection; an `UnusableDatabase` where there is none to be had.

        That is a `Shared` one where `pooled` is missing.
        """
        try:
            connection = PatientConnection.connect(**self.options)
            self.make_ready(connection)
        except psycopg.Error as error:
            if not self.pooled and refuses_settings(error):
                raise Shared("refuses") from None
            raise unreachable(error, self.parameters.get("password")) from None
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            connection.close()
            raise UnusableDatabase(
                f"the database has the encoding {encoding}, which can't hold all texts:"
                " make it with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
            )
        return connection

    def beginning(self, mode: str) -> str:
        """Statements that begin a transaction."""
        statements = [f"BEGIN ISOLATION LEVEL {mode}"]
        if self.pooled:
            statements += [f"SET LOCAL {k} = {v}" for k, v in self.settings.items()]
        return "; ".join(statements)


def _fault_of(url: str, said: str) -> str:
    """Why a URL can't be read, of which libpq has said something."""
    unknown = _UNKNOWN.match(said)
    # Before an @ may be a piece of a password, which has a ? in it.
    if unknown and "@" not in url.partition("?")[2]:
        return (
            f"the URL of the database has the option `{unknown[1]}`, which libpq does not"
            " know: its options are such as `sslmode` and `options`"
        )
    return (
        f"the URL of the database can't be read: write {_FORM}, with %40 for an @ in a"
        " name or password, %2F for a /, %25 for a %"
    )
