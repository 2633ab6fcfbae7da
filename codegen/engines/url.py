"""The URLs of databases."""

from __future__ import annotations

import re
from pathlib import PurePath
from urllib.parse import quote, unquote, urlsplit

_FORMS = "`sqlite:///file.db` for a file, or `sqlite://` for memory"
_POSTGRES = ("postgresql://", "postgres://")


def check_text(url: object) -> None:
    """Raises a `TypeError` for what is no text, with the URL to write in the place of a path."""
    if isinstance(url, str):
        return
    forms = _FORMS
    if isinstance(url, PurePath):
        forms = f"`{sqlite_url(url.as_posix())}`"
    raise TypeError(f"a database is named by its URL, not by {url!r}: write {forms}")


def is_postgres(url: str) -> bool:
    """Whether a URL names a database of a PostgreSQL server."""
    return url.startswith(_POSTGRES)


def sqlite_path(url: str) -> str | None:
    """The path of the file that a URL names, or None for memory (`sqlite:///:memory:` too).

    Raises a `ValueError` for any other URL.
    """
    parts = urlsplit(url)
    if not url.startswith("sqlite://"):
        forms = f"{_FORMS}, or `postgresql://user@host/database`"
        if url and ":" not in url:
            forms = f"`{sqlite_url(url)}`"
        raise ValueError(
            f"{_without_password(url)!r} is not the URL of a database: write {forms}"
        )
    if parts.netloc or parts.query or parts.fragment:
        raise ValueError(
            f"{_without_password(url)!r} has a host, a query or a fragment: write {_FORMS};"
            " a file begins after three slashes, and in its name `?` is %3F and `#` is %23"
        )
    if parts.path == "/":
        # A variable that is empty makes it, and all would be lost with the program.
        raise ValueError(f"{url!r} names no file: write {_FORMS}")
    path = unquote(parts.path[1:])
    return None if path in ("", ":memory:") else path


def sqlite_url(path: str) -> str:
    """The URL of a file."""
    return f"sqlite:///{quote(path)}"


def shown(url: str) -> str:
    """A database as people are told of it: without names and passwords of users."""
    if is_postgres(url):
        parts = urlsplit(url)
        return f"postgresql://{parts.netloc.rpartition('@')[2]}{parts.path}"
    return sqlite_path(url) or url


def _without_password(url: str) -> str:
    """The URL without what is before the host, where a password may be, however it is written."""
    return re.sub("//.*@", "//…@", url, flags=re.DOTALL)
