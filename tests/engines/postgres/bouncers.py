"""A PgBouncer in transaction mode before a server: the program of that name."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

# Programs for administrators may be where the path of others does not lead.
PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH')}:/usr/sbin")

needs_pgbouncer = pytest.mark.skipif(
    PROGRAM is None and "CI" not in os.environ, reason="needs the program pgbouncer"
)


@contextmanager
def pgbouncer(server: str, *, ignored: str = "") -> Generator[str]:
    """A PgBouncer with two connections for everybody, which ignores some startup parameters.

    Gives the URL of the database `postgres` behind it; its socket has the server's name.
    """
    assert PROGRAM is not None, "in CI nothing is left out: install pgbouncer"
    folder = Path(tempfile.mkdtemp(prefix="bouncer"))
    owner = "nobody" if os.geteuid() == 0 else None
    socket = folder_of(server)
    (folder / "bouncer.ini").write_text(
        f"[databases]\n* = host={socket} user=postgres\n"
        f"[pgbouncer]\nunix_socket_dir = {folder}\nlisten_port = 5432\n"
        "auth_type = any\npool_mode = transaction\ndefault_pool_size = 2\n"
        f"ignore_startup_parameters = {ignored}\n",
        "utf-8",
    )
    if owner:
        shutil.chown(folder, owner)
        folder.chmod(0o755)
    process = subprocess.Popen(
        [PROGRAM, "-q", folder / "bouncer.ini"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=owner,
    )
    try:
        end = time.monotonic() + 20
        while not (folder / ".s.PGSQL.5432").exists():
            assert process.poll() is None and time.monotonic() < end
            time.sleep(0.02)
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder)


def folder_of(url: str) -> str:
    """The folder with the socket that a URL leads to."""
    return parse_qs(urlsplit(url).query)["host"][0]
