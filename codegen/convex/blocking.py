"""Exchanges performed by threads, on connections that they share."""

from __future__ import annotations

import os
from time import sleep
from typing import TypeVar

import httpx

from codegen.runtime.errors import Closed

from .deadlines import Transport, deadline
from .exchange import Exchange, Lost, Pause, Reply, Request
from .http import headers_of, limits_of, lost, proxy_of, timeout_of
from .options import Options

R = TypeVar("R")


class Connection:
    """The way to one origin."""

    def __init__(self, origin: str, options: Options) -> None:
        self._origin = origin
        self._options = options
        self._process = os.getpid()
        self._client = _client(origin, options)

    def perform(self, exchange: Exchange[R]) -> R:
        """What an exchange comes to; a `Closed` after the end."""
        self._check_open()
        outcome: Reply | Lost | None = None
        while True:
            try:
                step = exchange.send(outcome)
            except StopIteration as end:
                result: R = end.value
                return result
            if isinstance(step, Pause):
                sleep(step.seconds)
                outcome = None
            else:
                outcome = self._ask(step)

    def close(self) -> None:
        """Closes all connections."""
        self._client.close()

    def _ask(self, request: Request) -> Reply | Lost:
        self._check_open()
        if self._process != os.getpid():
            # The connections are those of the process that has forked.
            self._client = _client(self._origin, self._options)
            self._process = os.getpid()
        try:
            with deadline(request.within_s):
                answer = self._client.request(
                    "GET" if request.body is None else "POST",
                    request.path,
                    content=request.body,
                    headers=headers_of(request),
                    timeout=timeout_of(request, self._options),
                )
        except httpx.DecodingError:
            return Lost("the answer is damaged", timed_out=False, sent=True)
        except httpx.TransportError as error:
            return lost(error)
        return Reply(answer.status_code, answer.headers, answer.content)

    def _check_open(self) -> None:
        if self._client.is_closed:
            raise Closed("the connection to the deployment was closed")


def _client(origin: str, options: Options) -> httpx.Client:
    limits, proxy = limits_of(options), proxy_of(origin)
    transport = (
        httpx.HTTPTransport(proxy=proxy, limits=limits) if proxy else Transport(limits)
    )
    return httpx.Client(base_url=origin, transport=transport)
