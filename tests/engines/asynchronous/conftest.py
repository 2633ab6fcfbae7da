"""Databases for `async` code, and programs that use them."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture(params=["memory", "file", "postgres"])
def where(request: pytest.FixtureRequest, url: str) -> str:
    """The URL of an empty database: in memory, in a file and on a server."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return "sqlite://" if request.param == "memory" else url


@pytest.fixture
def run(models: ModuleType, where: str) -> Callable[..., Any]:
    """Runs a program with an open database.

    Tasks that it leaves behind are an error, and so is what only the event loop is told of.
    """
    told: list[dict[str, Any]] = []

    def run(program: Callable[[Any], Awaitable[Any]], **options: Any) -> Any:
        async def main() -> Any:
            asyncio.get_running_loop().set_exception_handler(
                lambda _, context: told.append(context)
            )
            options.setdefault("timeout_ms", 5000)
            async with asyncio.timeout(60):
                async with models.server.async_connect(where, **options) as db:
                    result = await program(db)
            await asyncio.sleep(0.01)  # threads and connections say their last words
            assert asyncio.all_tasks() == {asyncio.current_task()}
            gc.collect()
            assert told == []
            return result

        return asyncio.run(main())

    return run
