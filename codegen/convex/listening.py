"""Queries that are followed: a process hears of their results, and is told which ones."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, Final, NamedTuple

from pydantic import JsonValue

from codegen.runtime.calls import Call

from .answers import failure
from .errors import Unreachable
from .options import Options

_PROGRAM: Final = Path(__file__).with_name("listener_process.py")
_REQUEST: Final = re.compile(r"\[Request ID: \w+\] ")


class News(NamedTuple):
    """A new result, or why there is none; `over` says that no further one will come."""

    value: JsonValue = None
    error: Exception | None = None
    over: bool = False


class Followed:
    """The newest result of a query, until it is closed."""

    def __init__(
        self, function: str, wake: Callable[[], object], close: Callable[[], None]
    ) -> None:
        """`wake` is called, by another thread, whenever there is news."""
        self.function = function
        self.close = close
        self._wake = wake
        self._lock = threading.Lock()
        self._news: News | None = None

    def take(self) -> News | None:
        """The newest result, if it was not taken yet."""
        with self._lock:
            news, self._news = self._news, None
            return news

    def tell(self, news: News) -> None:
        """Puts a result in the place of one that nobody has taken."""
        with self._lock:
            self._news = news
        self._wake()


class Listener:
    """Follows queries of one deployment, all in one process, which the first one starts."""

    def __init__(self, origin: str, options: Options) -> None:
        self._origin = origin
        self._options = options
        self._lock = threading.Lock()
        self._ears: _Ears | None = None

    def follow(self, call: Call[Any], wake: Callable[[], object]) -> Followed:
        """Begins to follow a query.

        The token is asked for when a process starts: where it has expired, and the connection
        broke, the next step of a subscription starts another.
        """
        with self._lock:
            if self._ears is None or self._ears.is_over:
                self.close()
                self._ears = _Ears(self._origin, self._options)
                weakref.finalize(self, self._ears.close)
            return self._ears.follow(call, wake)

    def close(self) -> None:
        """Ends the process."""
        if self._ears is not None:
            self._ears.close()


class _Ears:
    """The process, a thread that reads what it hears, and one that tells it what to do."""

    def __init__(self, origin: str, options: Options) -> None:
        self._origin = origin
        self._ids = count(1)
        self._followed: dict[int, Followed] = {}
        self._lock = threading.Lock()
        self._asked = SimpleQueue[object]()
        self.is_over = False
        self._process = process = subprocess.Popen(
            # Without its own folder on the path, which has an `http`.
            [sys.executable, "-P", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        assert process.stdin is not None and process.stdout is not None
        token, key = options.present_token(), options.admin_key
        self._asked.put({"origin": origin, "token": token, "admin_key": key})
        self._threads = (
            threading.Thread(target=_write, args=(process.stdin, self._asked)),
            threading.Thread(target=self._read, args=(process.stdout,)),
        )
        for thread in self._threads:
            thread.daemon = True
            thread.start()

    def follow(self, call: Call[Any], wake: Callable[[], object]) -> Followed:
        id = next(self._ids)

        def close() -> None:
            if self._followed.pop(id, None) is not None:
                self._asked.put({"remove": id})

        followed = Followed(call.__function__, wake, close)
        with self._lock:
            self._followed[id] = followed
        if self.is_over:
            self._end("its process has ended")
        ask = {"add": id, "function": call.__function__}
        self._asked.put({**ask, "arguments": call.to_wire()})
        return followed

    def close(self) -> None:
        """Ends the process; those who still wait are told."""
        self._process.kill()
        self._process.wait()
        self._asked.put(None)

    def _read(self, heard: IO[str]) -> None:
        reason = "its process has ended"
        with heard, suppress(ValueError):
            for line in heard:
                said = json.loads(line)
                if "over" in said:
                    reason = said["over"]
                elif (followed := self._followed.get(int(said["of"]))) is not None:
                    followed.tell(_news(said, followed.function))
        self._end(reason)

    def _end(self, reason: str) -> None:
        error = Unreachable(f"{self._origin}: the subscription broke: {reason}")
        with self._lock:
            self.is_over = True
            left, self._followed = self._followed, {}
        for followed in left.values():
            followed.tell(News(error=error, over=True))


def _news(said: dict[str, Any], function: str) -> News:
    if "message" not in said:
        return News(said["value"])
    return News(error=failure(function, said["message"], said["data"], ()))


def _write(said: IO[str], asked: SimpleQueue[object]) -> None:
    """Tells the process what to do: in a thread, for it may not be listening just now."""
    with suppress(OSError), said:
        while (one := asked.get()) is not None:
            said.write(f"{json.dumps(one)}\n")
            said.flush()


def mark_of(error: Exception) -> bytes:
    """What two errors have in common that are the same failure of a function."""
    return f"{type(error).__name__} {_REQUEST.sub('', str(error))}".encode()


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
