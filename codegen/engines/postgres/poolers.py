"""Whether a connection is one's own, or a PgBouncer gives each transaction another one.

What is left in a connection there, others get: where two programs have prepared statements, one runs
those of the other. Such a PgBouncer refuses the settings that are sent with a new connection, or,
where its `ignore_startup_parameters` has `options`, loses them: so one of them is looked for.
"""

from __future__ import annotations

from typing import Final

import psycopg

from codegen.runtime.errors import UnusableDatabase

MARK: Final = "-c tablewright.connection=own"
"""The setting, which no other program has."""
LOOK: Final = (
    b"SELECT WHERE pg_catalog.current_setting('tablewright.connection', true) = 'own'"
)
FOUND: Final = "SELECT 1"
"""What the server says of the look where the setting holds."""


class Shared(UnusableDatabase):
    """The connection is not one's own: it can only be used as a `pooled` one."""

    def __init__(self, does: str) -> None:
        super().__init__(
            f"there is a PgBouncer before the server, which {does} the settings of"
            " connections: connect(…, pooled=True)"
        )


def refuses_settings(error: psycopg.Error) -> bool:
    """Whether a PgBouncer has refused the settings of a connection."""
    return "unsupported startup parameter" in str(error)
