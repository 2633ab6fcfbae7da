"""A PostgreSQL server of a test's own, which it may stop and start again."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.postgres import postgres_server


class Restartable:
    """A server; `url` is that of its superuser."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.data = Path(self._asked("SHOW data_directory"))
        self._programs = self._asked(
            "SELECT setting FROM pg_config WHERE name='BINDIR'"
        )

    def stop(self) -> None:
        """As in a crash: nobody is waited for."""
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        folder = self.data.parent
        options = f"-k {folder} -h '' -F"
        self._control("start", "-o", options, "-l", str(folder / "log2"))

    def ask_for_passwords(self, user: str) -> None:
        rules = self.data / "pg_hba.conf"
        rule = f"local all {user} scram-sha-256\n"
        rules.write_text(rule + rules.read_text("utf-8"), "utf-8")
        self._asked("SELECT pg_reload_conf()::text")

    def _asked(self, sql: str) -> str:
        with psycopg.connect(self.url) as connection:
            (answer,) = connection.execute(sql.encode()).fetchone() or ("",)
            return str(answer)

    def _control(self, *arguments: str) -> None:
        subprocess.run(
            [Path(self._programs) / "pg_ctl", "-D", self.data, "-w", *arguments],
            stdout=subprocess.DEVNULL,
            cwd=self.data.parent,
            user="nobody" if os.geteuid() == 0 else None,
            check=True,
        )


@contextmanager
def restartable_server() -> Generator[Restartable]:
    with postgres_server() as url:
        server = Restartable(url)
        try:
            yield server
        finally:
            server.stop()
