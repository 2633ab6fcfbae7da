"""A network between a program and a deployment, which loses what it is told to lose."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Literal
from urllib.parse import urlsplit

from tests.deployments.faulty import Fault, resets
from tests.deployments.mock_deployment import Place

Fate = Literal["arrives", "request is lost", "answer is lost"]


def wire(place: Place, fate: Callable[[bytes], Fate]) -> Fault:
    """What carries requests to a deployment and answers back, as their fates are."""

    def carry(connection: socket.socket, request: bytes) -> None:
        decided = fate(request)
        answer = b"" if decided == "request is lost" else _answer(place, request)
        if decided == "arrives":
            connection.sendall(answer)
        else:
            resets(connection, request)

    return carry


def _answer(place: Place, request: bytes) -> bytes:
    """All that the deployment says, which closes the connection then."""
    url = urlsplit(place.url)
    head, _, body = request.partition(b"\r\n\r\n")
    lines = [
        line
        for line in head.split(b"\r\n")
        if not line.lower().startswith(b"connection:")
    ]
    answer = b""
    with socket.create_connection((url.hostname or "", url.port or 80)) as server:
        server.sendall(b"\r\n".join([*lines, b"Connection: close", b"", body]))
        while part := server.recv(1 << 16):
            answer += part
    return answer.replace(b"Connection: close\r\n", b"", 1)
