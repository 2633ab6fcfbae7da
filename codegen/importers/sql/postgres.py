"""Reads the catalogue of a PostgreSQL database; the only module that imports psycopg.

It asks in one transaction that can only read, and gives up after a time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from codegen.diagnostics import Diagnostic, Diagnostics, closest
from codegen.language.source import Loaded

from . import postgres_queries as queries
from .catalogue import Catalogue
from .postgres_catalogue import read_catalogue
from .schema import to_schema

if TYPE_CHECKING:
    import psycopg

_UNREACHABLE: Final = "E821"
_NO_SUCH: Final = "E822"
_NOT_INSTALLED: Final = "E503"
_CONNECT_SECONDS: Final = 10
_STATEMENT_MILLISECONDS: Final = 30_000


def read_postgres(
    url: str,
    tables: Sequence[str],
    diagnostics: Diagnostics,
    notes: list[str],
    sql_schema: str | None = None,
    integers: str = "int",
) -> Loaded | None:
    """The tables of one schema of the database, or those of the given names.

    Without `sql_schema` it is the first one of the user's search path that exists. `integers` is
    `int` or `float`: what whole numbers become. `notes` are said besides what is lost. None, after a report that holds no password, if the database
    can't be read or has no such schema or tables.
    """
    try:
        import psycopg
    except ImportError as error:  # also where it finds no libpq
        message = f"PostgreSQL can't be reached: {error}".splitlines()[0]
        hint = 'install the driver: pip install "tablewright[postgres]"'
        diagnostics.add(Diagnostic(_NOT_INSTALLED, message, hint=hint))
        return None
    try:
        with _connected(url) as connection:
            catalogue = _catalogue(connection, sql_schema, diagnostics)
    except psycopg.Error as error:
        diagnostics.add(_fault(url, error))
        return None
    except UnicodeError:
        message = "the URL or what the server says is no text"
        diagnostics.add(Diagnostic(_UNREACHABLE, message))
        return None
    if catalogue is None:
        return None
    return to_schema(catalogue, tables, diagnostics, notes, integers)


def _connected(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    seconds = conninfo_to_dict(url).get("connect_timeout", _CONNECT_SECONDS)
    connection = psycopg.connect(make_conninfo(url, connect_timeout=seconds))
    connection.read_only = True
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    return connection


def _catalogue(
    connection: psycopg.Connection[tuple[Any, ...]],
    sql_schema: str | None,
    diagnostics: Diagnostics,
) -> Catalogue | None:
    def ask(query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        return connection.execute(query.encode(), values or None).fetchall()

    connection.execute(
        f"SET LOCAL statement_timeout = {_STATEMENT_MILLISECONDS}".encode()
    )
    connection.execute(b"SET LOCAL quote_all_identifiers = off")
    ((current, database),) = ask(queries.CURRENT_SCHEMA, ())
    schema = sql_schema or current
    known = [name for (name,) in ask(queries.SCHEMAS, ())]
    if schema not in known:
        what = f"schema {schema}" if schema else "schema in the search path"
        hint = closest(schema or "", known) or "--sql-schema names one"
        diagnostics.add(
            Diagnostic(_NO_SUCH, f"{database}: there is no {what}", hint=hint)
        )
        return None
    return read_catalogue(ask, schema, database)


def _fault(url: str, error: Exception) -> Diagnostic:
    """What the driver says, without the password."""
    told = " ".join(str(error).split()) or type(error).__name__
    for secret in _secrets(url):
        told = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "***", told)
    hint = ""
    if re.search("password|authentication|role ", told):
        hint = "the URL, PGPASSWORD or ~/.pgpass tell who you are"
    elif re.search("refused|timeout|translate|No such file|unreachable", told):
        hint = "is the server running, and does the URL lead to it?"
    message = f"the database can't be read: {told}"
    return Diagnostic(_UNREACHABLE, message, hint=hint)


def _secrets(url: str) -> list[str]:
    """What no message may hold, longest first."""
    found = {url}
    try:
        parts = urlsplit(url)
        found |= {parts.password or "", unquote(parts.password or "")}
        for name, value in parse_qsl(parts.query):
            if "password" in name:
                found.add(value)
        found |= set(re.findall(r"password=([^&\s]*)", parts.query))
    except ValueError:
        pass
    user_info = url.partition("://")[2].rpartition("@")[0]
    found.add(user_info.partition(":")[2])
    return sorted((one for one in found if one), key=len, reverse=True)
