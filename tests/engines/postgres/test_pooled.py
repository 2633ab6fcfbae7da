"""`pooled=True`: each transaction may get another connection of the server."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from codegen.runtime import Conflict, UnusableDatabase

SCHEMA = """
tables:
  items:
    fields: {name: str, n: float}
    indexes: {by_name: [name]}
"""
# Programs for administrators may be where the path of others does not lead.
BOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH')}:/usr/sbin")


def use(models: ModuleType, db: Any, name: str, times: int = 20) -> None:
    """All that a database does, often enough for statements to be prepared."""
    items = models.items
    for number in range(times):
        id = db.insert(models.ItemNew(name=name, n=number))
        assert db.get(id).n == number
        db.transact(lambda db, id=id: db.patch(id, models.ItemPatch(n=db.get(id).n)))
        with db.transaction():
            db.insert_many([models.ItemNew(name=name, n=-1) for _ in range(3)])
        db.delete(db.run(items.by_name(name).order("desc").first()).id)
        odd = items.by_name(name).filter(lambda item: item.n >= 0)
        assert len(db.run(odd.take(5))) == min(5, number + 1)
    assert len(db.run(items.by_name(name))) == times * 3
    assert "by_name" in db.explain(items.by_name(name))


def settings(db: Any) -> tuple[str, list[str]]:
    """What is left in a connection: a setting of ours, and prepared statements."""
    connection = db._storage._pool.take()
    try:
        (timeout,) = connection.execute("SHOW lock_timeout", prepare=False).fetchone()
        prepared = connection.execute(
            "SELECT statement FROM pg_prepared_statements", prepare=False
        ).fetchall()
        return timeout, [statement for (statement,) in prepared]
    finally:
        db._storage._pool.give_back(connection)


def test_nothing_is_left_in_a_connection(models: ModuleType, postgres_url: str) -> None:
    with models.server.connect(postgres_url, timeout_ms=1234, pooled=True) as db:
        use(models, db, "a")
        assert settings(db) == ("0", [])
    with models.server.connect(postgres_url, timeout_ms=1234) as db:
        use(models, db, "b")
        timeout, prepared = settings(db)
        assert timeout == "1234ms" and len(prepared) > 3


def test_others_are_waited_for_as_long(models: ModuleType, postgres_url: str) -> None:
    connected = models.server.connect(postgres_url, timeout_ms=100, pooled=True)
    with connected as db, psycopg.connect(postgres_url) as admin:
        id = db.insert(models.ItemNew(name="a", n=0))
        admin.execute("LOCK TABLE items")
        for call in (lambda: db.get(id), lambda: db.delete(id)):
            with pytest.raises(Conflict, match="too long"):
                call()
        admin.rollback()
        assert db.get(id).n == 0


@pytest.fixture
def bouncer(server: str) -> Iterator[str]:
    """A PgBouncer in transaction mode, with two connections for everybody."""
    assert BOUNCER is not None, "in CI nothing is left out: install pgbouncer"
    folder = Path(tempfile.mkdtemp(prefix="bouncer"))
    owner = "nobody" if os.geteuid() == 0 else None
    socket = parse_qs(urlsplit(server).query)["host"][0]
    (folder / "bouncer.ini").write_text(
        f"[databases]\n* = host={socket} user=postgres\n"
        f"[pgbouncer]\nunix_socket_dir = {folder}\nlisten_port = 6432\n"
        "auth_type = any\npool_mode = transaction\ndefault_pool_size = 2\n",
        "utf-8",
    )
    if owner:
        shutil.chown(folder, owner)
        folder.chmod(0o755)
    process = subprocess.Popen(
        [BOUNCER, "-q", folder / "bouncer.ini"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=owner,
    )
    try:
        end = time.monotonic() + 20
        while not (folder / ".s.PGSQL.6432").exists():
            assert process.poll() is None and time.monotonic() < end
            time.sleep(0.02)
        yield f"postgresql://postgres@/postgres?host={folder}&port=6432"
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder)


@pytest.mark.skipif(
    BOUNCER is None and "CI" not in os.environ, reason="needs the program pgbouncer"
)
def test_behind_a_pgbouncer(models: ModuleType, bouncer: str) -> None:
    with pytest.raises(UnusableDatabase, match="pooled=True"):
        models.server.connect(bouncer)
    with models.server.connect(bouncer, pooled=True) as db:
        before = len(db.run(models.items.full_scan()))
        with ThreadPoolExecutor(6) as pool:
            jobs = [pool.submit(use, models, db, f"{n}", 10) for n in range(6)]
            for job in jobs:
                job.result(60)
        assert len(db.run(models.items.full_scan())) == before + 6 * 30
