"""Whether a connection is one's own, or a PgBouncer gives each transaction another one.

What is left in a connection there, others get: where two programs have prepared statements, one runs
those of the other. Such a PgBouncer refuses the settings that are sent with a new connection, or,
where its `ignore_startup_parameters` has `options`, loses them: so one of them is looked for.
"""

from __future__ import annotations

import re
from typing import Final

import psycopg

from codegen.runtime.errors import UnusableDatabase

MARK: Final = "-c tablewright.connection=own"
"""The setting, which no other program has."""
_FOR_MARK: Final = (
    b"SELECT WHERE pg_catalog.current_setting('tablewright.connection', true) = 'own'"
)
# The server folds names that are not quoted, and writes a path that it was given its own way.
_NAME: Final = r'"((?:[^"]|"")*)"|([^\s,"][^\s,]*)'
FOUND: Final = "SELECT 1"
"""What the server says of a look at a setting that holds."""
_SEARCH_PATH: Final = re.compile(
    r"(?:-c\s*|--)search[_-]path=((?:\\.|[^\s\\])*)", re.IGNORECASE
)


class Shared(UnusableDatabase):
    """The connection is not one's own: it can only be used as a `pooled` one."""

    def __init__(self, does: str) -> None:
        super().__init__(
            f"there is a PgBouncer before the server, which {does} the settings of"
            " connections: connect(…, pooled=True)"
        )


def look_for(*, pooled: bool, options: str) -> bytes | None:
    """How a new connection is looked at, with the `options` of its URL.

    One that is `pooled` needs no settings, but without the search path it is another database.
    """
    if not pooled:
        return _FOR_MARK
    paths: list[str] = _SEARCH_PATH.findall(options)
    if not paths:
        return None
    found = _names("pg_catalog.current_setting('search_path')")
    wanted = _names(_literal(re.sub(r"\\(.)", r"\1", paths[-1])))
    return f"SELECT WHERE {found} = {wanted}".encode()


def _names(path: str) -> str:
    return (
        'ARRAY(SELECT coalesce(name[1], pg_catalog.lower(name[2] COLLATE "C"))'
        f" FROM pg_catalog.regexp_matches({path}, {_literal(_NAME)}, 'g') name)"
    )


def _literal(text: str) -> str:
    """In a form that does not depend on any setting of the server."""
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"E'{escaped}'"


def lost(*, pooled: bool) -> UnusableDatabase:
    """The error for a connection in which there is not what is looked for."""
    if not pooled:
        return Shared("loses")
    return UnusableDatabase(
        "the PgBouncer before the server loses the search path of the URL: set it there,"
        " with ALTER ROLE … SET search_path = …"
    )


def refuses_settings(error: psycopg.Error) -> bool:
    """Whether a PgBouncer has refused the settings of a connection."""
    return "unsupported startup parameter" in str(error)
