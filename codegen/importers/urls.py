"""URLs as sources, of which no message may tell a password."""

from __future__ import annotations

import re
from typing import Final

KNOWN: Final = (
    "databases that can be read: `postgresql://user@host/database`, `sqlite:///file.db`, "
    "or the path of a file of SQLite"
)
_URL: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*(?::[A-Za-z0-9+.-]+)*):/+")
_DATABASE: Final = re.compile(
    r"(postgresql|postgres|sqlite)(?:\+\w+)?(://.*)", re.IGNORECASE | re.DOTALL
)


def is_url(source: str) -> bool:
    found = _URL.match(source)
    return found is not None and found[0].endswith("//")


def database_url(source: str) -> str | None:
    """The URL of a database without a driver, as in `postgresql+psycopg://`; None if it is none."""
    found = _DATABASE.fullmatch(source)
    return None if found is None else found[1].lower() + found[2]


def without_password(source: str) -> str:
    """A source for a message: of a URL without what is before the host, and without its query.

    A URL that was taken for a path, and has lost one of its slashes, is known, too.
    """
    found = _URL.search(source)
    if found is None:
        return source
    shown = re.sub("^.*@", "…@", source[found.end() :], flags=re.DOTALL)
    return source[: found.end()] + re.sub(r"[?;].*", "?…", shown, flags=re.DOTALL)
