"""A time by which all that a thread reads and writes must be done.

The timeouts of httpx are for single steps: a server that sends a byte now and then keeps to all
of them, for ever. This transport lets no step go beyond the deadline of the whole.
"""

from __future__ import annotations

import ssl
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from threading import local
from time import monotonic
from typing import Any

import httpcore
import httpx


class _Deadline(local):
    """The one of this thread."""

    ends = float("inf")


_deadline = _Deadline()


@contextmanager
def deadline(within_s: float) -> Generator[None]:
    """What is read and written inside is done within some seconds, or fails."""
    _deadline.ends = monotonic() + within_s
    try:
        yield
    finally:
        del _deadline.ends


class Transport(httpx.HTTPTransport):
    """Connections that keep to the deadline of the thread that uses them."""

    def __init__(self, limits: httpx.Limits) -> None:
        super().__init__(limits=limits)
        # httpx has no other way to say how its pool connects.
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=limits.max_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=_Network(),
        )


def _left(timeout: float | None, late: type[Exception]) -> float:
    """The seconds that are left for a step."""
    left = min(timeout or float("inf"), _deadline.ends - monotonic())
    if left <= 0:
        raise late()
    return left


class _Network(httpcore.NetworkBackend):
    def __init__(self) -> None:
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(
            self._network.connect_tcp(host, port, left, local_address, socket_options)
        )


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
