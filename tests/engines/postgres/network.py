"""A network between a program and its server, which may swallow all that is sent."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from urllib.parse import parse_qs, quote, urlsplit

_SOCKET = ".s.PGSQL.5432"


class Network:
    """Carries what both say; `url` is the server's through it."""

    def __init__(self, url: str, folder: Path) -> None:
        (server,) = parse_qs(urlsplit(url).query)["host"]
        self.url = url.replace(f"host={server}", f"host={quote(str(folder), safe='')}")
        self._server = f"{server}/{_SOCKET}"
        self._carries = Event()
        self._carries.set()
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / _SOCKET))
        self._listening.listen()
        self._ends: list[socket.socket] = [self._listening]
        Thread(target=self._accept, daemon=True).start()

    def fall_silent(self) -> None:
        """Everything seems to be sent, and nothing arrives; new connections are made."""
        self._carries.clear()

    def recover(self) -> None:
        self._carries.set()

    def close(self) -> None:
        self.recover()
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                ours, _ = self._listening.accept()
                theirs = socket.socket(socket.AF_UNIX)
                theirs.connect(self._server)
                self._ends += (ours, theirs)
                for pair in ((ours, theirs), (theirs, ours)):
                    Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while said := source.recv(1 << 16):
                self._carries.wait()
                target.sendall(said)
            target.shutdown(socket.SHUT_WR)


@contextmanager
def network(url: str) -> Generator[Network]:
    """A network to the server of a URL."""
    with tempfile.TemporaryDirectory(prefix="net") as folder:
        made = Network(url, Path(folder))
        try:
            yield made
        finally:
            made.close()
