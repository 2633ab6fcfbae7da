"""Opens a database for a package in `async` code."""

from __future__ import annotations

import asyncio

from ..package import Package
from ..tables import Tables
from .async_storage import AsyncSqliteStorage
from .connection import Target
from .opening import open_storage
from .storage import SqliteStorage


async def open_async_storage(
    package: Package, target: Target, *, older_schema: bool
) -> tuple[AsyncSqliteStorage, Tables]:
    """The same as `open_storage`, on a thread."""
    opening = asyncio.create_task(
        asyncio.to_thread(open_storage, package, target, older_schema=older_schema)
    )
    try:
        storage, tables = await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_close_opened)
        raise
    return AsyncSqliteStorage(storage, target), tables


def _close_opened(opening: asyncio.Task[tuple[SqliteStorage, Tables]]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result()[0].close()
