"""Tells the subscriptions of one database what was committed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Final, NamedTuple, Protocol
from weakref import WeakSet

from codegen.runtime.errors import Closed

from .changes import Change
from .watch import Watch

_LONGEST_END_S: Final = 5


class Ear(Protocol):
    """Hears what any program commits; a thread of its own opens it, hears and closes it."""

    def open(self) -> None:
        """What is committed after this is heard, unless it raises."""
        ...

    def hear(self) -> Sequence[Change]:
        """What was committed since; waits for a while when it is nothing.

        Raises what ends all subscriptions, such as a `SchemaChanged`.
        """
        ...

    def wake(self) -> None:
        """Ends the waiting, from any thread."""
        ...

    def before_fork(self) -> None:
        """Holds on, with nothing open that does not survive a fork, until after it."""
        ...

    def after_fork_in_parent(self) -> None: ...

    def close(self) -> None:
        """Writers need not tell any more."""
        ...


class _Listening(NamedTuple):
    """An ear at work, and when it has begun to hear."""

    ear: Ear
    begun: Future[None]


class Hub:
    """The subscriptions of a database; while there are any, a thread listens for them.

    Subscriptions are not kept alive: one that nobody has any more is gone from here.
    """

    def __init__(self, new_ear: Callable[[], Ear] | None) -> None:
        """Without an ear, whoever writes has to `tell`: nobody else does."""
        self._new_ear = new_ear
        self._start()

    def _start(self) -> None:
        self._lock = threading.Lock()
        self._watches: WeakSet[Watch] = WeakSet()
        self._listening: _Listening | None = None
        self._thread: threading.Thread | None = None
        self._held: Ear | None = None
        self._closed = False

    @property
    def is_watched(self) -> bool:
        return bool(self._watches)

    def attach(self, watch: Watch) -> Future[None]:
        """From when that is done on, the watch is told of all that is committed."""
        with self._lock:
            if self._closed:
                raise Closed("the database is closed")
            self._watches.add(watch)
            if self._new_ear is None:
                done = Future[None]()
                done.set_result(None)
                return done
            if self._listening is None:
                self._listening = self._listen(self._new_ear())
            return self._listening.begun

    def detach(self, watch: Watch) -> None:
        with self._lock:
            self._watches.discard(watch)
        self.wake()

    def tell(self, changes: Sequence[Change]) -> None:
        with self._lock:
            watches = tuple(self._watches)
        for watch in watches:
            watch.tell(changes)

    def wake(self) -> None:
        """Has the thread look at once."""
        listening = self._listening
        if listening is not None:
            listening.ear.wake()

    def close(self) -> None:
        """Ends all subscriptions with `Closed`."""
        with self._lock:
            self._closed = True
        self._end(Closed("the database is closed"))
        self.wake()

    def join(self) -> None:
        """Waits for the end of the thread, for some seconds at most."""
        if self._thread is not None:
            self._thread.join(_LONGEST_END_S)

    def before_fork(self) -> None:
        if self._listening is not None:
            self._held = self._listening.ear
            self._held.before_fork()

    def after_fork_in_parent(self) -> None:
        if self._held is not None:
            self._held.after_fork_in_parent()
            self._held = None

    def after_fork_in_child(self) -> None:
        """The thread is the parent's, and so are the subscriptions."""
        watches, closed = tuple(self._watches), self._closed
        if self._listening is not None:
            _FORGOTTEN.append(self._listening)
        self._start()
        self._closed = closed
        for watch in watches:
            watch.end_after_fork(
                Closed("the subscription is that of the process before the fork")
            )

    def _listen(self, ear: Ear) -> _Listening:
        begun = Future[None]()
        begun.set_running_or_notify_cancel()  # one of those who wait can't cancel it
        thread = threading.Thread(
            target=self._serve, args=(ear, begun), name="tablewright-live", daemon=True
        )
        thread.start()
        self._thread = thread
        return _Listening(ear, begun)

    def _serve(self, ear: Ear, begun: Future[None]) -> None:
        try:
            ear.open()
            begun.set_result(None)
            while self._goes_on(ear):
                if changes := ear.hear():
                    self.tell(changes)
        except Exception as error:
            with self._lock:
                self._listening = None
            if not begun.done():
                begun.set_exception(error)
            else:
                self._end(error)
        finally:
            ear.close()

    def _goes_on(self, ear: Ear) -> bool:
        with self._lock:
            if self._watches and not self._closed:
                return True
            self._listening = None
            return False

    def _end(self, fault: Exception) -> None:
        with self._lock:
            watches = tuple(self._watches)
            self._watches.clear()
        for watch in watches:
            watch.end(fault)


# What the parent of a fork uses must not be closed in the child.
_FORGOTTEN: list[_Listening] = []
