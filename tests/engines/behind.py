"""An `AsyncDatabase` behind the names of `Database`, so that the same tests are for both.

An event loop runs on a thread of its own. Each thread of a test has one task there, which does its
calls one after the other: what belongs to a thread belongs to its task then.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import SimpleQueue
from types import ModuleType
from typing import Any

from codegen.engines import AsyncDatabase
from codegen.engines.asynchronous.connecting import Connecting

_LONGEST_S = 60


@dataclass
class _Outcome:
    """What a call gave, or raised."""

    value: Any = None
    error: BaseException | None = None

    def result(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.value


async def _awaited(work: Callable[[], Awaitable[Any]]) -> _Outcome:
    try:
        return _Outcome(await work())
    except BaseException as error:
        return _Outcome(error=error)


def _called(function: Callable[..., Any], *given: object) -> _Outcome:
    try:
        return _Outcome(function(*given))
    except BaseException as error:
        return _Outcome(error=error)


class _Task:
    """The task of one thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._asked = asyncio.Queue[Any]()
        self._said = SimpleQueue[_Outcome | None]()
        self._running = asyncio.run_coroutine_threadsafe(self._serve(), loop)

    async def _serve(self) -> Any:
        """Does calls until an outcome comes instead of one, which it returns."""
        while not isinstance(asked := await self._asked.get(), _Outcome):
            self._said.put(await _awaited(asked))
        return asked.result()

    def _ask(self, asked: Callable[[], Awaitable[Any]] | _Outcome) -> None:
        self._loop.call_soon_threadsafe(self._asked.put_nowait, asked)

    def call(
        self, work: Callable[[], Awaitable[Any]], inside: Callable[[], Any] = int
    ) -> Any:
        """What the task gets; `inside` runs here whenever the work awaits `hand_over`."""
        self._ask(work)
        while (said := self._said.get(timeout=_LONGEST_S)) is None:
            self._ask(_called(inside))
        return said.result()

    async def hand_over(self) -> Any:
        self._said.put(None)
        return await self._serve()

    def end(self) -> None:
        self._ask(_Outcome())
        self._running.result(_LONGEST_S)


class Followed:
    """An `AsyncSubscription` behind the names of `Subscription`."""

    def __init__(self, task: _Task, subscription: Any) -> None:
        self._task = task
        self._subscription = subscription

    def __iter__(self) -> Followed:
        return self

    def __next__(self) -> Any:
        try:
            return self._task.call(self._subscription.__anext__)
        except StopAsyncIteration:
            raise StopIteration from None

    def __enter__(self) -> Followed:
        return self

    def __exit__(self, *failure: object) -> None:
        self._task.call(lambda: self._subscription.__aexit__(*failure))

    def close(self) -> None:
        self._task.call(self._subscription.aclose)


@contextmanager
def behind(models: ModuleType, url: str, **options: Any) -> Generator[Behind]:
    """Opens a database, and closes it at the end."""
    opened = Behind(lambda: models.server.async_connect(url, **options))
    try:
        yield opened
    finally:
        opened.end()


class Behind:
    """The names of `Database`; what they do, an `AsyncDatabase` does."""

    def __init__(self, connecting: Callable[[], Connecting[Any]]) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._own = threading.local()
        self._tasks: list[_Task] = []
        self._db: AsyncDatabase = self._task.call(lambda: connecting().__aenter__())

    @property
    def _task(self) -> _Task:
        if not hasattr(self._own, "task"):
            self._own.task = _Task(self._loop)
            self._tasks.append(self._own.task)
        task: _Task = self._own.task
        return task

    def end(self) -> None:
        """Closes the database and the loop; tasks that it left behind are an error."""
        self.close()
        for task in self._tasks:
            task.end()
        left = asyncio.run_coroutine_threadsafe(_others(), self._loop)
        assert left.result(_LONGEST_S) == []
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_LONGEST_S)
        self._loop.close()

    def close(self) -> None:
        self._task.call(self._db.close)

    def get(self, id: Any, /) -> Any:
        return self._task.call(lambda: self._db.get(id))

    def run(self, operation: Any, /) -> Any:
        return self._task.call(lambda: self._db.run(operation))

    def stream(self, query: Any, /) -> Iterator[Any]:
        return self._each(self._db.stream(query))

    def _each(self, found: Any) -> Iterator[Any]:
        end = object()
        while (one := self._task.call(lambda: anext(found, end))) is not end:
            yield one

    def subscribe(self, read: Any, /, *, timeout_ms: float | None = None) -> Followed:
        async def subscribe() -> Any:
            return self._db.subscribe(read, timeout_ms=timeout_ms)

        return Followed(self._task, self._task.call(subscribe))

    def insert(self, new: Any, /) -> Any:
        return self._task.call(lambda: self._db.insert(new))

    def insert_many(self, new: Iterable[Any], /) -> Any:
        news = list(new)
        return self._task.call(lambda: self._db.insert_many(news))

    def patch(self, id: Any, patch: Any, /) -> None:
        self._task.call(lambda: self._db.patch(id, patch))

    def replace(self, id: Any, new: Any, /) -> None:
        self._task.call(lambda: self._db.replace(id, new))

    def delete(self, id: Any, /) -> None:
        self._task.call(lambda: self._db.delete(id))

    def explain(self, read: Any, /) -> Any:
        return self._task.call(lambda: self._db.explain(read))

    def transact(self, function: Callable[[Any], Any], /) -> Any:
        task = self._task

        async def work(db: AsyncDatabase) -> Any:
            assert db is self._db
            return await task.hand_over()

        return task.call(lambda: self._db.transact(work), lambda: function(self))

    @contextmanager
    def transaction(self) -> Generator[Behind]:
        transaction = self._db.transaction()
        assert self._task.call(transaction.__aenter__) is self._db
        task = self._task
        try:
            yield self
        except BaseException as error:
            failure = (type(error), error, error.__traceback__)
            if not task.call(lambda: transaction.__aexit__(*failure)):
                raise
        else:
            self._task.call(lambda: transaction.__aexit__(None, None, None))


async def _others() -> list[asyncio.Task[Any]]:
    await asyncio.sleep(0.01)  # threads say their last words
    return [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
