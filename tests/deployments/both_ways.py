"""Clients for threads and for tasks, behind the same names."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Generator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    ExitStack,
    contextmanager,
)
from types import ModuleType
from typing import Any, Protocol

from codegen.convex import Options


class Way(AbstractContextManager["Way"], Protocol):
    def connect(self, package: ModuleType, url: str | None, options: Options) -> Any:
        """A deployment that is closed at the end of the test."""
        ...


class Threads:
    """`connect`, as it is."""

    def __init__(self) -> None:
        self._open = ExitStack()

    def __enter__(self) -> Threads:
        return self

    def __exit__(self, *failure: object) -> None:
        self._open.close()

    def connect(self, package: ModuleType, url: str | None, options: Options) -> Any:
        deployment = package.server.connect(url, options=options)
        return self._open.enter_context(deployment)


class Tasks:
    """`async_connect`: each call is run to its end in one event loop."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._opened: list[Any] = []

    def __enter__(self) -> Tasks:
        self._runner.__enter__()
        return self

    def __exit__(self, *failure: object) -> None:
        for deployment in self._opened:
            self._runner.run(deployment.close())
        self._runner.__exit__(None, None, None)

    def connect(self, package: ModuleType, url: str | None, options: Options) -> Any:
        async def opened() -> Any:
            return await package.server.async_connect(url, options=options)

        deployment = self._runner.run(opened())
        self._opened.append(deployment)
        return _Awaited(deployment, self._runner)


class _Awaited:
    """Something asynchronous, whose methods return what they give when they are awaited."""

    def __init__(self, inner: Any, runner: asyncio.Runner) -> None:
        self._inner = inner
        self._runner = runner

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found):
            return found

        def call(*given: Any, **named: Any) -> Any:
            result = self._runner.run(_called(found, *given, **named))
            if hasattr(result, "__anext__"):
                return self._each(result)
            if type(result).__module__.startswith("codegen.engines"):
                return _Awaited(result, self._runner)
            if isinstance(result, AbstractAsyncContextManager):
                return self._entered(result)
            return result

        return call

    def _each(self, results: Any) -> Any:
        end = object()
        while (one := self._runner.run(_next(results, end))) is not end:
            yield one

    @contextmanager
    def _entered(self, block: AbstractAsyncContextManager[Any]) -> Generator[Any]:
        given = self._runner.run(_called(block.__aenter__))
        try:
            yield given
        except BaseException as error:
            details = type(error), error, error.__traceback__
            if not self._runner.run(_called(block.__aexit__, *details)):
                raise
        else:
            self._runner.run(_called(block.__aexit__, None, None, None))


async def _called(method: Callable[..., Any], *given: Any, **named: Any) -> Any:
    result = method(*given, **named)
    return await result if inspect.isawaitable(result) else result


async def _next(results: Any, end: object) -> Any:
    return await anext(results, end)


ways: dict[str, Callable[[], Any]] = {"threads": Threads, "tasks": Tasks}
