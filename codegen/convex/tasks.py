"""Exchanges performed by tasks of an event loop, on connections that they share."""

from __future__ import annotations

import asyncio
from typing import TypeVar

import httpx

from codegen.runtime.errors import Closed

from .exchange import Exchange, Lost, Pause, Reply, Request
from .http import headers_of, limits_of, lost, proxy_of, timeout_of
from .options import Options

R = TypeVar("R")


class AsyncConnection:
    """The way to one origin, in one event loop."""

    def __init__(self, origin: str, options: Options) -> None:
        self._options = options
        transport = httpx.AsyncHTTPTransport(
            proxy=proxy_of(origin), limits=limits_of(options)
        )
        self._client = httpx.AsyncClient(base_url=origin, transport=transport)

    async def perform(self, exchange: Exchange[R]) -> R:
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
                await asyncio.sleep(step.seconds)
                outcome = None
            else:
                outcome = await self._ask(step)

    async def close(self) -> None:
        """Closes all connections."""
        await self._client.aclose()

    async def _ask(self, request: Request) -> Reply | Lost:
        self._check_open()
        try:
            async with asyncio.timeout(request.within_s):
                answer = await self._client.request(
                    "GET" if request.body is None else "POST",
                    request.path,
                    content=request.body,
                    headers=headers_of(request),
                    timeout=timeout_of(request, self._options),
                )
        except TimeoutError:
            return Lost("the answer took too long", timed_out=True, sent=True)
        except httpx.DecodingError:
            return Lost("the answer is damaged", timed_out=False, sent=True)
        except httpx.TransportError as error:
            return lost(error)
        return Reply(answer.status_code, answer.headers, answer.content)

    def _check_open(self) -> None:
        if self._client.is_closed:
            raise Closed("the connection to the deployment was closed")
