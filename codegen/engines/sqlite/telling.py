"""Tells those who listen what transactions write, and costs nothing while nobody does."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from ..clock import now_ms
from ..live.hub import Hub
from ..live.written import Written
from ..table_rows import TableRows
from .change_log import NOBODY, append, listeners
from .executor import Executor


class Telling:
    """What the writer of a database has to know: who listens, and how they are told.

    Those of a file are told by its log, those of memory at once.
    """

    def __init__(
        self, hub: Hub, tables: Mapping[str, TableRows], *, in_memory: bool
    ) -> None:
        self._hub = hub
        self._tables = tables
        self._in_memory = in_memory
        self._listeners = NOBODY

    @property
    def is_outdated(self) -> bool:
        """Whether some of those who listened may be gone."""
        return self._listeners.any and now_ms() >= self._listeners.until_ms

    def look(self, connection: sqlite3.Connection) -> bool:
        """Looks who listens, in a transaction; False where it has changed that list."""
        self._listeners = listeners(connection)
        return not self._listeners.removed

    def begin(self) -> Written | None:
        """What a transaction writes is to be noted there; None where nobody listens."""
        listened = self._hub.is_watched if self._in_memory else self._listeners.any
        return Written(self._tables) if listened else None

    def commit(self, writer: Executor, written: Written | None) -> None:
        """Ends a transaction, and tells what it has written."""
        if written is None:
            writer.execute("COMMIT")
        elif self._in_memory:
            writer.execute("COMMIT")
            self._hub.tell(tuple(written))
        else:
            append(writer.connection, written)
            writer.execute("COMMIT")
            self._hub.wake()
