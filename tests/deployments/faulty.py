"""A server that does, connection by connection, what servers and networks do wrong."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Fault = Callable[[socket.socket, bytes], None]
"""What a server does once it has read a request."""


@dataclass
class Faulty:
    """The server's URL, and the requests that it was sent so far."""

    url: str
    requests: list[bytes] = field(default_factory=list)
    connections: list[socket.socket] = field(default_factory=list)


@contextmanager
def serving(faults: Iterable[Fault]) -> Generator[Faulty]:
    """Serves one fault a request; the last one is for all that come later."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Faulty(f"http://127.0.0.1:{listener.getsockname()[1]}")
    left = [*faults]
    lock = threading.Lock()

    def next_fault() -> Fault:
        with lock:
            return left.pop(0) if len(left) > 1 else left[0]

    def serve(connection: socket.socket) -> None:
        with suppress(OSError):
            while request := _request(connection):
                server.requests.append(request)
                next_fault()(connection, request)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                server.connections.append(connection)
                threading.Thread(target=serve, args=[connection], daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        # A thread that waits in `accept` is woken by a shutdown, and not by a close.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
        for connection in server.connections:
            connection.close()


def _request(connection: socket.socket) -> bytes:
    """A whole request, or nothing where the client has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (part := connection.recv(65536)):
            return b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    lengths = [line[15:] for line in lines if line.startswith(b"content-length:")]
    while len(body) < int(lengths[0] if lengths else 0):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def answers(
    body: bytes | str,
    status: int = 200,
    kind: str = "application/json",
    **headers: str,
) -> Fault:
    """Answers as a server does."""
    data = body if isinstance(body, bytes) else body.encode()
    head = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(data)}"]
    if kind:
        head.append(f"Content-Type: {kind}")
    head += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]

    def fault(connection: socket.socket, _: bytes) -> None:
        connection.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + data)

    return fault


def gives(value: str) -> Fault:
    """The result of a function."""
    return answers(f'{{"status":"success","value":{value}}}')


def silent(connection: socket.socket, _: bytes) -> None:
    """Says nothing, and keeps the connection."""
    time.sleep(30)


def drips_headers(connection: socket.socket, _: bytes) -> None:
    """Sends a byte of its headers now and then: each wait is a short one."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    for _second in range(600):
        connection.sendall(b"x")
        time.sleep(0.05)


def drips_body(connection: socket.socket, _: bytes) -> None:
    """Sends a byte of its answer now and then."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n")
    for _second in range(600):
        connection.sendall(b" ")
        time.sleep(0.05)


def resets(connection: socket.socket, _: bytes) -> None:
    """Resets the connection at once."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def resets_in_the_middle(connection: socket.socket, request: bytes) -> None:
    """Resets the connection when half of the answer is sent."""
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        b'Content-Length: 999\r\n\r\n{"status":"success"'
    )
    time.sleep(0.05)
    resets(connection, request)


def cuts_a_chunk(connection: socket.socket, _: bytes) -> None:
    """Ends in good order, in the middle of a part of its answer."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    chunk = b'100\r\n{"status":"success",'
    connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk)
    connection.shutdown(socket.SHUT_RDWR)


def cuts_the_body(connection: socket.socket, _: bytes) -> None:
    """Ends in good order, before all that it has announced."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    connection.sendall(
        head + b'Content-Length: 100\r\n\r\n{"status":"success","value":'
    )
    connection.shutdown(socket.SHUT_RDWR)


def hangs_up(connection: socket.socket, _: bytes) -> None:
    """Closes the connection without a word."""
    connection.shutdown(socket.SHUT_RDWR)


def speaks_nonsense(connection: socket.socket, _: bytes) -> None:
    """Does not speak HTTP."""
    connection.sendall(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")
