"""Conflicts that a server only warns of.

A coordinator of Citus, which has the transaction committed on another server, passes on as a warning why that
refused it, and ends with an error of its own, which does not say so.
"""

from __future__ import annotations

from collections.abc import Callable

import psycopg
from psycopg import pq


class ConflictWarnings:
    """What a connection was warned of while it ran a command."""

    def __init__(
        self,
        add_handler: Callable[[Callable[[psycopg.errors.Diagnostic], None]], None],
    ) -> None:
        self._conflict: str | None = None
        add_handler(self._hear)

    def forget(self) -> None:
        """Before a command: those of earlier ones say nothing about it."""
        self._conflict = None

    def error(self, failed: pq.abc.PGresult) -> psycopg.Error:
        """Why a command failed."""
        if self._conflict is not None:
            return psycopg.errors.SerializationFailure(self._conflict)
        return psycopg.errors.error_from_result(failed)

    def _hear(self, warning: psycopg.errors.Diagnostic) -> None:
        if warning.sqlstate == psycopg.errors.SerializationFailure.sqlstate:
            self._conflict = warning.message_primary
