"""Queries that are followed: a process hears of their results, and is told which ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic, time
from typing import IO, Any, Final

from pydantic import JsonValue

from codegen.runtime.errors import Closed

from .answers import failure
from .errors import Unreachable
from .followed import Followed, News
from .options import Options
from .secret import Secret
from .tokens import expiry_of

_PROGRAM: Final = Path(__file__).with_name("listener_process.py")
# What a process ends with that has waited for too long.
_NO_ANSWER: Final = 1
# How long before its token expires a process is ended: clocks differ.
_EARLY_S: Final = 10.0
_SHORTEST_S: Final = 1.0


class Listener:
    """Follows queries of one deployment, all in one process, which the first one starts."""

    def __init__(self, origin: str, options: Options) -> None:
        self._origin = origin
        self._options = options
        self._lock = threading.Lock()
        self._ears: _Ears | None = None
        self._end: weakref.finalize[..., Listener] | None = None
        self._is_closed = False

    def follow(
        self, function: str, arguments: JsonValue, wake: Callable[[], object]
    ) -> Followed:
        """Begins to follow a query function, with arguments in the encoded form.

        Raises `Closed` once this was closed.
        """
        with self._lock:
            if self._is_closed:
                raise Closed("the connection to the deployment was closed")
            if self._ears is None or self._ears.is_over:
                self._end_process()
                self._ears = _Ears(self._origin, self._options)
                self._end = weakref.finalize(self, self._ears.close)
            return self._ears.follow(function, arguments, wake)

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            self._is_closed = True
            self._end_process()

    def _end_process(self) -> None:
        if self._end is not None:
            self._end()


class _Ears:
    """The process, a thread that reads what it hears, and one that tells it what to do.

    Convex's client would send a token that has expired again and again, so the process is ended
    before that: the next one has a token that is asked for anew.
    """

    def __init__(self, origin: str, options: Options) -> None:
        self._origin = origin
        self._ids = count(1)
        self._followed: dict[int, Followed] = {}
        self._lock = threading.Lock()
        self._asked = SimpleQueue[object]()
        self._is_over = False
        self._forked_from = os.getpid()
        self._limit_ms = options.timeout_ms
        token = options.present_token()
        self._ends = _end_of(token)
        self._process = process = subprocess.Popen(
            # Without its own folder on the path, which has an `http`.
            [sys.executable, "-P", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            # Ctrl-C is for the program, which may go on all the same.
            start_new_session=True,
        )
        assert process.stdin is not None and process.stdout is not None
        place = {"origin": origin, "admin_key": options.admin_key}
        place["token"] = None if token is None else token.reveal()
        self._asked.put({**place, "limit_s": self._limit_ms / 1000})
        threads = (
            threading.Thread(target=self._write, args=(process.stdin,)),
            threading.Thread(target=self._read, args=(process.stdout,)),
        )
        for thread in threads:
            thread.daemon = True
            thread.start()

    @property
    def is_over(self) -> bool:
        """Whether it hears of nothing any more, or belongs to a parent of this process."""
        return self._is_over or self._forked_from != os.getpid()

    def follow(
        self, function: str, arguments: JsonValue, wake: Callable[[], object]
    ) -> Followed:
        id = next(self._ids)

        def close() -> None:
            if self._followed.pop(id, None) is not None:
                self._asked.put({"remove": id})

        followed = Followed(function, wake, close)
        with self._lock:
            self._followed[id] = followed
        if self._is_over:
            self._end("its process has ended")
        self._asked.put({"add": id, "function": function, "arguments": arguments})
        return followed

    def close(self) -> None:
        """Ends the process; those who still wait are told."""
        if self._forked_from == os.getpid():
            self._process.kill()
            self._process.wait()
            self._asked.put(None)

    def _write(self, said: IO[str]) -> None:
        """Tells the process what to do: in a thread, for it may not be listening just now."""
        with suppress(OSError), said:
            while (one := self._next()) is not None:
                said.write(f"{json.dumps(one)}\n")
                said.flush()

    def _next(self) -> object:
        """What to say next, or None where nothing is to be said any more."""
        if self._ends is None:
            return self._asked.get()
        try:
            return self._asked.get(timeout=max(0, self._ends - monotonic()))
        except Empty:
            self._process.kill()
            return None

    def _read(self, heard: IO[str]) -> None:
        reason = None
        with heard, suppress(ValueError):
            for line in heard:
                said = json.loads(line)
                if "over" in said:
                    reason = said["over"]
                elif (followed := self._followed.get(int(said["of"]))) is not None:
                    followed.tell(_news(said, followed.function))
        self._end(reason or self._reason())

    def _reason(self) -> str:
        """Why a process has ended that did not say it."""
        if self._process.wait() == _NO_ANSWER:
            return f"no connection within {self._limit_ms:g} ms"
        return "its process has ended"

    def _end(self, reason: str) -> None:
        is_expired = self._ends is not None and monotonic() >= self._ends
        told = f"{self._origin}: the subscription broke: {reason}"
        error = None if is_expired else Unreachable(told)
        with self._lock:
            self._is_over = True
            left, self._followed = self._followed, {}
        for followed in left.values():
            followed.tell(News(error=error, over=True))


def _news(said: dict[str, Any], function: str) -> News:
    if "message" not in said:
        return News(said["value"])
    return News(error=failure(function, said["message"], said["data"], ()))


def _end_of(token: Secret | None) -> float | None:
    """When a process has to end that was given a token, by the monotonic clock."""
    expiry = None if token is None else expiry_of(token.reveal())
    if expiry is None:
        return None
    left = expiry - time()
    return monotonic() + max(left - _EARLY_S, _SHORTEST_S)


def check_live_installed() -> None:
    """Raises a `ModuleNotFoundError` that says what to install."""
    found = find_spec("convex")
    # The folder of a project's functions is found, too, where nothing else is.
    if found is None or found.origin is None:
        raise ModuleNotFoundError(
            "to follow a deployment takes Convex's client:"
            ' pip install "tablewright[convex-live]"',
            name="convex",
        )
