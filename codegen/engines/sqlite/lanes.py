"""Threads that do what the tasks of an event loop can't wait for themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from typing import Any, TypeVar

from codegen.runtime.errors import Conflict

from ..commands import Plan

R = TypeVar("R")


class Abandoned(Exception):
    """Nobody waits for a call any more: it undoes what it did."""


class Call:
    """A call that a task waits for, or does not any more."""

    __slots__ = ("is_abandoned",)

    def __init__(self) -> None:
        self.is_abandoned = False

    def check(self) -> None:
        """Raises `Abandoned`, which only the call's own thread sees."""
        if self.is_abandoned:
            raise Abandoned

    def guard(self, plan: Plan[R]) -> Plan[R]:
        """A plan that goes no further once the call is abandoned, and then has no result."""
        try:
            command = next(plan)
            while True:
                self.check()
                command = plan.send((yield command))
        except StopIteration as stop:
            self.check()
            result: R = stop.value
            return result


class Lane:
    """Some threads, and the turns of tasks to have one of them.

    A thread can't be interrupted: a turn ends when its work does, also when the task that waits
    for it is cancelled.
    """

    def __init__(self, threads: int, timeout_s: float, busy: str) -> None:
        """`busy` is what a `Conflict` says when there was no turn within the time."""
        self._loop = asyncio.get_running_loop()
        self._threads = ThreadPoolExecutor(threads, "tablewright")
        self._turns = asyncio.Semaphore(threads)
        self._timeout_s = timeout_s
        self._busy = busy

    async def take(self) -> None:
        """Waits for a turn."""
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._turns.acquire()
        except TimeoutError:
            raise Conflict(self._busy) from None

    def give_back(self) -> None:
        """Ends a turn in which nothing runs."""
        self._turns.release()

    async def run(self, work: Callable[[Call], R]) -> R:
        """Does work in a turn, which goes on."""
        return await self._result(work, last=False)

    async def finish(self, work: Callable[[Call], R]) -> R:
        """Does the last work of a turn, at whose end another may begin."""
        return await self._result(work, last=True)

    def start(self, work: Callable[[], R], *, last: bool) -> Future[R]:
        """Does work, maybe the last of a turn, that nobody has to wait for."""
        # A filter finds the context variables of the task that asks.
        job = self._threads.submit(copy_context().run, work)
        if last:
            job.add_done_callback(self._end_turn)
        return job

    async def _result(self, work: Callable[[Call], R], *, last: bool) -> R:
        call = Call()
        job = self.start(lambda: work(call), last=last)
        future = asyncio.wrap_future(job)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            call.is_abandoned = True
            future.add_done_callback(_unheard)
            raise

    def _end_turn(self, _: Future[R]) -> None:
        with suppress(RuntimeError):  # an event loop that has ended has no turns
            self._loop.call_soon_threadsafe(self._turns.release)

    def close(self) -> None:
        """Ends the threads after what they do now."""
        self._threads.shutdown(wait=False)


def _unheard(future: asyncio.Future[Any]) -> None:
    """Nobody waits for the error: asyncio need not print it."""
    if not future.cancelled():
        future.exception()
