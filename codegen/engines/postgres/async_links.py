"""The connections of one database, for the tasks of an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, contextmanager
from time import monotonic
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from codegen.runtime.errors import Closed, Conflict

from ..asynchronous.tasks import to_its_end
from .at_hand import AtHand
from .links import Values
from .pipeline import IS_SUPPORTED, Said, Statement
from .pool import MOST
from .silence import AsyncPatientConnection as AsyncConnection
from .target import Target


class AsyncPool(AsyncConnectionPool[AsyncConnection]):
    """A pool whose tasks end with an event loop that is ended while connections are made."""

    @classmethod
    async def worker(cls, q: Any) -> None:
        jobs: Any = _Jobs(q)
        await super().worker(jobs)


class _Jobs:
    """The jobs of a task of the pool, until it is cancelled.

    `asyncio.wait_for` of Python 3.11 loses a cancellation that comes just when it is done.
    """

    def __init__(self, jobs: asyncio.Queue[Any]) -> None:
        self._jobs = jobs

    async def get(self) -> Any:
        task = asyncio.current_task()
        if task and task.cancelling():
            raise asyncio.CancelledError
        return await self._jobs.get()


class AsyncCopy:
    """A `COPY` for tasks; `noticing` is to be told who is cancelled meanwhile."""

    def __init__(
        self,
        copy: psycopg.AsyncCopy,
        ending: AsyncExitStack,
        noticing: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._copy = copy
        self._ending = ending
        self._noticing = noticing

    async def write(self, rows: Iterable[Values]) -> None:
        with self._noticing():
            for row in rows:
                await self._copy.write_row(row)

    async def end(self, error: BaseException | None) -> None:
        with self._noticing():
            if error is None:
                await self._ending.aclose()
            else:
                kind, traceback = type(error), error.__traceback__
                await self._ending.__aexit__(kind, error, traceback)


class AsyncLink:
    """A connection that a task waits for, while others go on.

    psycopg stops what runs on the server when the task is cancelled. It does not know then which
    statements are prepared there, so that such a connection is not used again.
    """

    __slots__ = ("_at_hand", "_connection", "_cursor", "_interrupted", "_pool")

    def __init__(
        self,
        connection: AsyncConnection,
        pool: AsyncPool,
        at_hand: AtHand[AsyncConnection],
    ) -> None:
        self._connection = connection
        self._cursor = connection.binary_cursor
        self._interrupted = False
        self._pool = pool
        self._at_hand = at_hand

    @property
    def closed(self) -> bool:
        return self._connection.closed

    @property
    def takes_batches(self) -> bool:
        return IS_SUPPORTED and self._connection.is_fresh

    async def rows(self, sql: bytes, values: Values) -> list[Any]:
        with self._noticing():
            return await (await self._cursor.execute(sql, values)).fetchall()

    async def count(self, sql: bytes, values: Values) -> int:
        with self._noticing():
            return (await self._cursor.execute(sql, values)).rowcount

    async def write(self, sql: bytes, values: Values) -> None:
        with self._noticing():
            await self._cursor.execute(sql, values)

    async def copy(self, sql: bytes, types: Sequence[str]) -> AsyncCopy:
        with self._noticing():
            ending = AsyncExitStack()
            copy = await ending.enter_async_context(self._cursor.copy(sql))
            copy.set_types(types)
        return AsyncCopy(copy, ending, self._noticing)

    async def command(self, sql: bytes) -> str | None:
        with self._noticing():
            return await self._connection.command(sql)

    async def script(self, sql: bytes) -> Said:
        with self._noticing():
            cursor = await self._connection.execute(sql, prepare=False)
            while cursor.nextset():
                pass
            rows = await cursor.fetchall() if cursor.description else []
            return Said(rows, cursor.rowcount, cursor.statusmessage)

    async def pipeline(self, statements: Sequence[Statement]) -> Said:
        connection = self._connection
        with self._noticing():
            return await connection.wait(connection.pipelined.run(statements))

    async def give_back(self) -> None:
        if not self._is_kept():
            await to_its_end(self._give_back())

    async def leave(self, command: bytes) -> None:
        await to_its_end(self._leave(command))

    @contextmanager
    def _noticing(self) -> Generator[None]:
        try:
            yield
        except asyncio.CancelledError:
            self._interrupted = True
            raise

    def _is_kept(self) -> bool:
        if self._interrupted or self._pool.closed:
            return False
        return self._at_hand.keep(self._connection)

    async def _give_back(self) -> None:
        if self._interrupted:
            await self._connection.close()
        if not self._is_kept():
            await self._pool.putconn(self._connection)

    async def _leave(self, command: bytes) -> None:
        connection = self._connection
        try:
            if not connection.closed:
                await connection.command(command)
        except psycopg.Error:
            await connection.close()  # which undoes it as well
        finally:
            await self._give_back()


class AsyncLinks:
    """A pool, opened by the event loop that it is for."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._patience_s = target.patience_s
        self._pool = AsyncPool(
            kwargs={**target.options, "cursor_factory": psycopg.AsyncRawCursor},
            connection_class=AsyncConnection,
            configure=target.make_ready_for_tasks,
            min_size=0,
            max_size=MOST,
            open=False,
            timeout=self._patience_s,
            reconnect_timeout=self._patience_s,
        )
        self._at_hand = AtHand[AsyncConnection]()

    async def open(self) -> None:
        """Makes no connections yet."""
        try:
            await self._pool.open()
        except BaseException:
            await self.close()
            raise

    async def take(self) -> AsyncLink:
        """A connection; one that comes when the task was cancelled goes back."""
        connection = self._at_hand.take() or await self._take_from_pool()
        return AsyncLink(connection, self._pool, self._at_hand)

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _take_from_pool(self) -> AsyncConnection:
        taking = asyncio.create_task(self._pool.getconn(self._patience_s))
        with self._at_hand.missed():
            try:
                connection = await asyncio.shield(taking)
            except asyncio.CancelledError:
                await to_its_end(self._decline(taking))
                raise
            except PoolClosed:
                raise Closed("the database is closed") from None
            except PoolTimeout:
                # The reason, where the server is not to be reached.
                await asyncio.to_thread(lambda: self._target.open().close())
                raise Conflict(
                    f"all {MOST} connections of this program were busy for too long"
                ) from None
        connection.taken_at = monotonic()
        return connection

    async def _decline(self, taking: asyncio.Task[AsyncConnection]) -> None:
        taking.cancel()
        try:
            connection = await taking
        except (asyncio.CancelledError, PoolClosed, PoolTimeout):
            return
        await self._pool.putconn(connection)

    async def close(self) -> None:
        await to_its_end(self._close())

    async def _close(self) -> None:
        await self._pool.close()
        while kept := self._at_hand.take():
            await self._pool.putconn(kept)
